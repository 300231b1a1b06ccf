// Each request as the first span of a trace, or as a part of the caller's: `traceparent`. Only where traces are on.

import type { Tracing } from '../../ports/tracing.ts';
import type { Middleware } from '../context.ts';

/** Asked by programs every few seconds: traces of them would hide all others. */
const untraced: ReadonlySet<string> = new Set(['/healthz', '/readyz', '/metrics']);

export function trace(tracing: Tracing): Middleware {
  return (ctx, next) => {
    if (untraced.has(ctx.path)) return next();
    const options = { kind: 'server', parent: ctx.get('traceparent') } as const;
    return tracing.span(ctx.method, options, async (span) => {
      try {
        await next();
      } finally {
        // By pattern, as in metrics: a path holds ids of users.
        const route = ctx.state.route ?? 'none';
        span.name(`${ctx.method} ${route}`);
        span.set({
          'http.request.method': ctx.method,
          'http.route': route,
          'http.response.status_code': ctx.status,
          'belfry.request_id': ctx.state.requestId,
        });
      }
    });
  };
}
