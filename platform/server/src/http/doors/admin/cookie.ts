// The cookie that carries a session of the console: its name, its attributes, and reading it.

import type { HttpContext } from '../../context.ts';

/** `__Host-`: browsers take it over https alone, for this host alone. */
const secureName = '__Host-belfry_session';
const plainName = 'belfry_session';

export function sessionCookie(token: string, { isSecure, maxAgeMs }: { isSecure: boolean; maxAgeMs: number }): string {
  const name = isSecure ? `${secureName}=${token}; Secure` : `${plainName}=${token}`;
  return `${name}; HttpOnly; SameSite=Strict; Path=/; Max-Age=${Math.floor(maxAgeMs / 1000)}`;
}

export function noSessionCookie(isSecure: boolean): string {
  return sessionCookie('', { isSecure, maxAgeMs: 0 });
}

/** A cookie that was set over http counts for nothing where https is used. */
export function sessionTokenOf(ctx: Pick<HttpContext, 'get'>, isSecure: boolean): string | undefined {
  const wanted = isSecure ? secureName : plainName;
  for (const part of ctx.get('Cookie').split(';')) {
    const [name = '', value = ''] = part.trim().split('=', 2);
    if (name === wanted && /^[\w-]{20,128}$/.test(value)) return value;
  }
  return undefined;
}
