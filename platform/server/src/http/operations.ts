// Health and metrics: is the process alive, can it serve, how is it doing. The answers come from telemetry, and
// which port has which of them is compose's.

import Router from '@koa/router';
import { BelfryError } from '@belfry/protocol';
import type { Health } from '../telemetry/health.ts';
import type { MetricsText } from '../telemetry/metrics.ts';
import type { HttpState, Middleware } from './context.ts';
import { routed } from './routed.ts';
import { isSameSecret } from './same-secret.ts';

export interface OperationsDeps {
  health: Pick<Health, 'ready'>;
  metrics: Pick<MetricsText, 'text' | 'contentType'>;
  /** When set, `/metrics` wants it as Bearer. */
  metricsToken?: string | undefined;
  /** Of the server, for `/healthz`. */
  version: string;
}

/** For whoever starts, restarts and balances the process. */
export function createHealthRoutes({ health, version }: Pick<OperationsDeps, 'health' | 'version'>): Middleware {
  const router = new Router<HttpState>();

  router.get('/healthz', (ctx) => {
    ctx.state.route = '/healthz';
    ctx.body = { status: 'ok', version };
  });
  router.get('/readyz', (ctx) => {
    ctx.state.route = '/readyz';
    const { ok, body } = health.ready();
    ctx.status = ok ? 200 : 503;
    ctx.set('Cache-Control', 'no-store');
    ctx.body = body;
  });
  return routed(router);
}

export function createMetricsRoute({
  metrics,
  metricsToken,
}: Pick<OperationsDeps, 'metrics' | 'metricsToken'>): Middleware {
  const router = new Router<HttpState>();

  router.get('/metrics', async (ctx) => {
    ctx.state.route = '/metrics';
    if (metricsToken !== undefined && !isSameSecret(ctx.get('Authorization'), `Bearer ${metricsToken}`)) {
      throw new BelfryError('unauthorized', {
        message: 'The metrics want `Authorization: Bearer` with METRICS_TOKEN.',
      });
    }
    ctx.set('Content-Type', metrics.contentType);
    ctx.body = await metrics.text();
  });
  return routed(router);
}
