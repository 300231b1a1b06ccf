// The one place where errors become responses: RFC 9457 problem details. Which errors there are:
// @belfry/protocol.

import { BelfryError, isBelfryError, notFound, type Problem } from '@belfry/protocol';
import type { Surroundings } from '../../ports/surroundings.ts';
import { addressOf } from '../address.ts';
import type { HttpContext, Middleware } from '../context.ts';

interface ErrorsDeps extends Pick<Surroundings, 'log' | 'metrics'> {
  publicUrl?: string | undefined;
}

export function errors({ log, metrics, publicUrl }: ErrorsDeps): Middleware {
  return async (ctx, next) => {
    try {
      await next();
      refuseUnrouted(ctx);
    } catch (cause) {
      const error = isBelfryError(cause) ? cause : new BelfryError('internal', { cause });
      const { requestId } = ctx.state;
      // Expected refusals are counted, not logged: a client that sends a thousand bad requests fills no log.
      if (error.code === 'internal') log.error('request failed', { requestId, route: ctx.state.route, err: cause });
      else if (log.isDebug()) log.debug('request refused', { requestId, code: error.code, err: error });
      metrics.count('refused_total', [error.code]);
      answer(ctx, error.toProblem(ctx.state.requestId, addressOf(ctx, publicUrl)));
    }
  };
}

/**
 * A router leaves a path that it does not know without a body, and answers 405 to a method that a path does
 * not have, 501 to one it never heard of.
 */
function refuseUnrouted(ctx: HttpContext): void {
  if (ctx.status === 404 && (ctx.body ?? undefined) === undefined) throw notFound('path');
  if (ctx.status === 405 || ctx.status === 501) throw new BelfryError('method_not_allowed');
}

function answer(ctx: HttpContext, problem: Problem): void {
  ctx.status = problem.status;
  ctx.body = JSON.stringify(problem);
  ctx.type = 'application/problem+json';
  ctx.set('Cache-Control', 'no-store');
  ctx.remove('ETag');
  if (problem.afterMs !== undefined) ctx.set('Retry-After', String(Math.ceil(problem.afterMs / 1000)));
  if (problem.status === 401) ctx.set('WWW-Authenticate', 'Bearer');
  // The rest of the body is still on its way and nobody will read it.
  if (problem.code === 'too_large') ctx.set('Connection', 'close');
}
