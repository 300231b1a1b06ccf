// Where a caller reaches this server: for links in answers. Whom a request comes from is client-address.ts.

import type { HttpContext } from './context.ts';

/** Without a slash at the end. `publicUrl` is what the operator says; else it is what the request says. */
export function addressOf(ctx: HttpContext, publicUrl: string | undefined): string {
  return (publicUrl ?? `${ctx.protocol}://${ctx.host}`).replace(/\/$/, '');
}
