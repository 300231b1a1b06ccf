// Whether a client has this version already. What becomes of the answer then is its route's business.

import type { HttpContext } from './context.ts';

/**
 * Whether the request's `If-None-Match` names this ETag. Koa's own `fresh` gives way to a `Cache-Control:
 * no-cache` of the request, and `fetch` adds that to every request with an `If-None-Match` of its caller's.
 */
export function isNamed(etag: string, ctx: Pick<HttpContext, 'get'>): boolean {
  const named = ctx
    .get('If-None-Match')
    .split(',')
    .map((tag) => tag.trim().replace(/^W\//, ''));
  return named.includes(etag) || named.includes('*');
}
