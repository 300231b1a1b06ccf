// Puts inbound webhooks together: what the provision file needs of them before anybody is let in, and what serves them after.

import type { Config } from '../config/config.ts';
import { createDeliveries } from '../hooks/deliveries.ts';
import { createHookRecords } from '../hooks/hook-records.ts';
import { createInbound } from '../hooks/inbound.ts';
import { createVerifyWebhook } from '../hooks/intake.ts';
import { createManagedHooks, type ManagedHooks } from '../hooks/managed-hooks.ts';
import { createMapPayload } from '../hooks/map-payload.ts';
import { createMapper, type Mapper } from '../hooks/mapping/mapper.ts';
import { createClientAddress } from '../http/client-address.ts';
import type { Middleware } from '../http/context.ts';
import { createHookIntake } from '../http/doors/hooks/hook-intake.ts';
import { jsonErrorPosition } from '../http/json-position.ts';
import type { HookService } from '../http/services.ts';
import type { Log } from '../ports/log.ts';
import type { Metrics } from '../ports/metrics.ts';
import type { Apps } from '../tenancy/apps.ts';
import type { Vault } from '../tenancy/vault.ts';
import type { Engine } from './engine.ts';
import type { Messaging } from './messaging.ts';

export interface HookParts {
  mapper: Mapper;
  managed: ManagedHooks;
  /** What serves them, once there is something to broadcast with. */
  serve(deps: { apps: Apps; messaging: Messaging }): { service: HookService; intake: Middleware };
}

export function composeHooks(base: {
  engine: Engine;
  config: Config;
  vault: Vault;
  log: Log;
  metrics: Metrics;
}): HookParts {
  const { engine, config, vault, log, metrics } = base;
  const { stores, clock } = engine;
  const { limits } = config;
  const mapper = createMapper({ clock, log, metrics, runMs: limits.hookMappingMs });
  const kept = { stores, vault, mapper, clock };

  return {
    mapper,
    managed: createManagedHooks(kept),
    serve({ apps, messaging }) {
      const records = createHookRecords(kept);
      const inbound = createInbound({
        deliveries: stores.hookDeliveries,
        idempotency: stores.idempotency,
        chatActions: messaging.chatActions,
        mapPayload: createMapPayload({ mapper, limits, jsonErrorPosition }),
        clock,
        log,
        metrics,
        keepMs: limits.idempotencyKeepMs,
      });
      const intake = createHookIntake({
        verify: createVerifyWebhook({ records, apps, clock }),
        inbound,
        clientAddress: createClientAddress(config.trustProxy),
        metrics,
        limits,
      });
      return { service: { records, deliveries: createDeliveries(stores.hookDeliveries), inbound }, intake };
    },
  };
}
