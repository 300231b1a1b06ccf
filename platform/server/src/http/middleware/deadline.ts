// How long a request's body may take to arrive; uploads have longer. The head is Node's own affair:
// server-options.ts.

import type { Clock } from '../../ports/clock.ts';
import type { HttpContext, Middleware } from '../context.ts';

/**
 * Node can bound the body too, but of all requests alike: it would cut a large upload off, or wait as long
 * for every other body.
 */
export function deadline(deps: {
  clock: Clock;
  limits: { requestDeadlineMs: number; uploadDeadlineMs: number };
  isUpload: (ctx: HttpContext) => boolean;
}): Middleware {
  const { clock, limits, isUpload } = deps;
  return async (ctx, next) => {
    if (ctx.req.complete) {
      await next();
      return;
    }
    const timer = clock.after(isUpload(ctx) ? limits.uploadDeadlineMs : limits.requestDeadlineMs, () => giveUp(ctx));
    try {
      await next();
    } finally {
      timer.cancel();
    }
  };
}

/** As Node answers a head that does not come. Whoever reads the body sees it break off. */
function giveUp({ req, res }: HttpContext): void {
  if (req.complete) return;
  if (!res.headersSent) req.socket.write('HTTP/1.1 408 Request Timeout\r\nConnection: close\r\n\r\n');
  req.socket.destroySoon();
}
