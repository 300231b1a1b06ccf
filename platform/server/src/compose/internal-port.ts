// The second port of a node (INTERNAL_PORT): health and metrics, and nothing else. It is there before the engine is, so
// that a start that takes long, as it migrates what is stored, can be watched and is not taken for a dead process.

import type { Config } from '../config/config.ts';
import { version } from '../config/version.ts';
import { createSystemClock } from '../drivers/clock.ts';
import { createHttp } from '../http/http.ts';
import { createHealthRoutes, createMetricsRoute } from '../http/operations.ts';
import { httpServerOptions } from '../http/server-options.ts';
import type { Log } from '../ports/log.ts';
import type { Health } from '../telemetry/health.ts';
import type { MetricsText } from '../telemetry/metrics.ts';
import { Listener } from './listener.ts';

interface InternalPortDeps {
  config: Config;
  log: Log;
  metrics: MetricsText;
  health: Health;
}

/** Does not listen yet; undefined where the configuration has no such port. */
export function createInternalPort({ config, log, metrics, health }: InternalPortDeps): Listener | undefined {
  const { host, internalPort, publicUrl, limits, metricsToken, httpKeepAliveMs: keepAliveMs } = config;
  if (internalPort === undefined) return undefined;
  const surroundings = { clock: createSystemClock(), log, metrics };
  return new Listener({
    ...{ config: { host, port: internalPort }, variable: 'INTERNAL_PORT', clock: surroundings.clock },
    server: { ...httpServerOptions({ ...limits, keepAliveMs }), shouldUpgradeCallback: () => false },
    answer: createHttp({
      ...{ surroundings, publicUrl, limits },
      parts: [createHealthRoutes({ health, version }), createMetricsRoute({ metrics, metricsToken })],
    }),
  });
}
