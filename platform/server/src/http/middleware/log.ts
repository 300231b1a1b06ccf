// Counts and times every request. Errors are logged where they are answered: errors.ts.

import type { Clock } from '../../ports/clock.ts';
import type { Log } from '../../ports/log.ts';
import type { Metrics } from '../../ports/metrics.ts';
import type { Middleware } from '../context.ts';

export function log(deps: { log: Log; metrics: Metrics; clock: Clock }): Middleware {
  return async (ctx, next) => {
    const begun = deps.clock.monotonic();
    try {
      await next();
    } finally {
      const ms = deps.clock.monotonic() - begun;
      // By pattern, never by path: a label must not hold ids that users make.
      const route = ctx.state.route ?? 'none';
      deps.metrics.count('http_requests_total', [route, ctx.method, String(ctx.status)]);
      deps.metrics.observe('http_request_duration_seconds', [route, ctx.method], ms / 1000);
      if (deps.log.isDebug()) {
        const { requestId } = ctx.state;
        deps.log.debug('request', { requestId, method: ctx.method, route, status: ctx.status, ms });
      }
    }
  };
}
