// Whether a request comes from the playground's own page. What the page may then ask for: calls.ts.

import { isLoopback } from '../../../config/addresses.ts';
import type { HttpContext } from '../../context.ts';

/** `local`: whoever sits at this machine. `open`: whoever reaches the server, because the operator said so. */
export type PlaygroundReach = 'local' | 'open';

/** What proxies add. Behind one, `Host` no longer says where somebody sits. */
const proxyHeaders = ['forwarded', 'x-forwarded-for', 'x-forwarded-host', 'x-real-ip', 'via'];

/**
 * The page's own requests are POSTs, and with those every browser says which page they come from. That alone would not do: a page of somebody else's whose
 * name has been made to point to 127.0.0.1 is of the same origin as the `Host` it asks for. So on a local playground the `Host` has to be a loopback one.
 */
export function isOwnPage(
  ctx: HttpContext,
  { reach, publicUrl }: { reach: PlaygroundReach; publicUrl?: string | undefined },
): boolean {
  if (!isSameOrigin(ctx.get('Origin'), ctx.host, publicUrl)) return false;
  if (reach === 'open') return true;
  return isLoopback(ctx.hostname.replace(/^\[|\]$/g, '')) && proxyHeaders.every((name) => ctx.get(name) === '');
}

function isSameOrigin(origin: string, host: string, publicUrl: string | undefined): boolean {
  if (!URL.canParse(origin)) return false;
  const from = new URL(origin);
  return from.host === host || (publicUrl !== undefined && from.origin === new URL(publicUrl).origin);
}
