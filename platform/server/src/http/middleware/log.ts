// Counts and times every request. Errors are logged where they are answered: errors.ts.

import type { Surroundings } from '../../ports/surroundings.ts';
import type { Middleware } from '../context.ts';

export function log(surroundings: Surroundings): Middleware {
  const { clock, metrics } = surroundings;
  return async (ctx, next) => {
    const begun = clock.monotonic();
    try {
      await next();
    } finally {
      const ms = clock.monotonic() - begun;
      // By pattern, never by path: a label must not hold ids that users make.
      const route = ctx.state.route ?? 'none';
      metrics.count('http_requests_total', [route, ctx.method, String(ctx.status)]);
      metrics.observe('http_request_duration_seconds', [route, ctx.method], ms / 1000);
      if (surroundings.log.isDebug()) {
        const { requestId } = ctx.state;
        surroundings.log.debug('request', { requestId, method: ctx.method, route, status: ctx.status, ms });
      }
    }
  };
}
