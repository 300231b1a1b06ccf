// Puts inbound webhooks together: what the provision file needs of them before anybody is let in, and what
// serves them after.

import { Idempotent } from '../broadcasting/idempotent.ts';
import type { Config } from '../config/config.ts';
import { createDeliveries, type Deliveries } from '../hooks/deliveries.ts';
import { HookRecords } from '../hooks/hook-records.ts';
import { Inbound } from '../hooks/inbound.ts';
import { createVerifyWebhook } from '../hooks/intake.ts';
import { createManagedHooks, type ManagedHooks } from '../hooks/managed-hooks.ts';
import { createMapPayload } from '../hooks/map-payload.ts';
import { Mapper } from '../hooks/mapping/mapper.ts';
import type { ClientAddress } from '../http/client-address.ts';
import type { Middleware } from '../http/context.ts';
import { createHookDoor } from '../http/doors/hooks/hook-door.ts';
import { jsonErrorPosition } from '../http/json-position.ts';
import type { Facts } from '../ports/facts.ts';
import type { Surroundings } from '../ports/surroundings.ts';
import type { Apps } from '../tenancy/apps.ts';
import type { Vault } from '../tenancy/vault.ts';
import type { Engine } from './engine.ts';
import type { Messaging } from './messaging.ts';

export interface ServedHooks {
  records: HookRecords;
  deliveries: Deliveries;
  inbound: Inbound;
  /** Takes the webhooks themselves. */
  door: Middleware;
}

export interface HookParts {
  mapper: Mapper;
  managed: ManagedHooks;
  /** Makes the parts that serve them, once there is something to broadcast with. */
  serve(deps: { apps: Apps; messaging: Pick<Messaging, 'broadcasting'>; clientAddress: ClientAddress }): ServedHooks;
}

export function composeHooks(base: {
  engine: Engine;
  config: Config;
  vault: Vault;
  surroundings: Surroundings;
  facts: Pick<Facts, 'record'>;
}): HookParts {
  const { engine, config, vault, surroundings, facts } = base;
  const { stores } = engine;
  const { limits } = config;
  const { clock, log, metrics } = surroundings;
  const mapper = new Mapper({ clock, log, metrics, limits });
  const kept = { stores, vault, mapper, clock };

  return {
    mapper,
    managed: createManagedHooks(kept),
    serve({ apps, messaging, clientAddress }) {
      const records = new HookRecords({ ...kept, perApp: limits.hooksPerApp });
      const inbound = new Inbound({
        deliveries: stores.hookDeliveries,
        idempotent: new Idempotent({ store: stores.idempotency, clock, keepMs: limits.idempotencyKeepMs }),
        broadcasting: messaging.broadcasting,
        mapPayload: createMapPayload({ mapper, limits, jsonErrorPosition }),
        clock,
        log,
        metrics,
        facts,
      });
      const verify = createVerifyWebhook({ records, apps, clock });
      const door = createHookDoor({ verify, inbound, rates: engine.rates, clientAddress, metrics, limits });
      return { records, deliveries: createDeliveries(stores.hookDeliveries), inbound, door };
    },
  };
}
