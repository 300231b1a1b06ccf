// Which web pages may call the API: those of the app's allowed origins. Native clients and back ends send no
// Origin and are not concerned.

import { BelfryError, isAllowedOrigin, isOwnOrigin } from '@belfry/protocol';
import cors from '@koa/cors';
import type { HttpContext, Middleware } from '../context.ts';

const exposed = ['ETag', 'Retry-After', 'Idempotent-Replayed', 'X-Request-Id', 'Content-Disposition', 'Content-Range'];
const preflightSeconds = 600;

/**
 * Answers preflights, and lets every page read an answer until the app is known: a preflight carries no
 * credentials, so nothing says whose it is, and an error about missing ones holds nothing secret. From there
 * on `checkOrigin` decides. No cookies are accepted (`credentials` stays off). What is for pages of this
 * server alone, where cookies count, says nothing about other origins.
 */
export function crossOrigin({ isOwnOnly }: { isOwnOnly: (ctx: HttpContext) => boolean }): Middleware {
  const allow = cors({
    origin: (ctx) => ctx.get('Origin'),
    exposeHeaders: exposed,
    maxAge: preflightSeconds,
  });
  return async (ctx, next) => {
    await (isOwnOnly(ctx) ? next() : allow(ctx, next));
  };
}

/** Throws `forbidden` for a page that the app does not allow, and does not let it read that. */
export function checkOrigin(ctx: HttpContext, allowedOrigins: readonly string[]): void {
  const origin = ctx.get('Origin');
  if (origin === '' || isAllowedOrigin(allowedOrigins, origin)) return;
  // Our own pages: the API docs, the console.
  if (isOwnOrigin(origin, ctx.host)) return;
  ctx.remove('Access-Control-Allow-Origin');
  throw new BelfryError('forbidden', { message: 'This origin is not on the list of the app.' });
}
