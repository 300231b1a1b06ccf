// Inbound webhooks over stores in memory and a real mapper, with broadcasts that are counted instead of sent.
// Not the HTTP edge: test/scenarios.

import type { BroadcastRequest } from '@belfry/protocol';
import { hashOf, Idempotent } from '../../broadcasting/idempotent.ts';
import { createSystemClock } from '../../drivers/clock.ts';
import { createMemoryStores } from '../../drivers/stores/memory/create-memory-stores.ts';
import type { AppId } from '../../ports/app-id.ts';
import type { AppRecord } from '../../ports/stores/index.ts';
import { createVault } from '../../tenancy/vault.ts';
import { RecordedFacts } from '../../../test/support/recorded-facts.ts';
import { newApp } from '../../../test/support/samples.ts';
import { signWebhook } from '../../../test/support/sign-webhook.ts';
import { createVirtualClock } from '../../../test/support/virtual-clock.ts';
import { createDeliveries } from '../deliveries.ts';
import { HookRecords } from '../hook-records.ts';
import { Inbound } from '../inbound.ts';
import { createVerifyWebhook, type VerifiedWebhook } from '../intake.ts';
import { createManagedHooks } from '../managed-hooks.ts';
import { silentMetrics } from '../../../test/support/silent-metrics.ts';
import { createMapPayload } from '../map-payload.ts';
import { Mapper } from '../mapping/mapper.ts';

export const day = 24 * 60 * 60_000;

/** As in docs/operations.md. */
export const labMapping =
  "{ 'kind': 'system_notification', 'audience': { 'users': [patient] }, 'data': { 'title': 'Result', 'body': text } }";

/** Started once for a file: it is a process of its own. */
export function createTestMapper(): Mapper {
  return new Mapper({
    clock: createSystemClock(),
    log: { warn: () => undefined },
    metrics: silentMetrics,
    limits: { hookMappingMs: 1000, mappingsAtOnce: 2, mappingsWaiting: 200 },
  });
}

export function createHooksUnderTest(mapper: Mapper) {
  const clock = createVirtualClock();
  const stores = createMemoryStores();
  const app = newApp();
  const disabled = new Set<AppId>();
  const broadcasts: { id: string; request: BroadcastRequest; via: string }[] = [];
  const counts: Record<string, number> = {};
  const facts = new RecordedFacts();
  const idempotent = new Idempotent({ store: stores.idempotency, clock, keepMs: 8 * day });
  let fate: { before?: Error; after?: Error } = {};

  const kept = { stores, vault: createVault('secret'), mapper, clock };
  const records = new HookRecords({ ...kept, perApp: 500 });
  const inbound = new Inbound({
    deliveries: stores.hookDeliveries,
    idempotent,
    broadcasting: {
      async broadcast(to, request, origin) {
        const asked = { key: `broadcast:${request.idempotencyKey}`, bodyHash: hashOf(request), path: [] };
        const { answer, isRepeated } = await idempotent.once(to, asked, async (id) => {
          if (fate.before !== undefined) throw fate.before;
          // As the log does under one cid: what a cut-off try stored is found, not stored again.
          if (!broadcasts.some((done) => done.id === id)) broadcasts.push({ id, request, via: origin.via });
          if (fate.after !== undefined) throw fate.after;
          return { id, duplicate: false, recipients: 1, connections: 1, decisions: {} };
        });
        return { ...answer, duplicate: isRepeated };
      },
      explain: async () => ({ recipients: [], counts: { sent: 1 } }),
    },
    mapPayload: createMapPayload({ mapper, limits: { jsonDepth: 32 }, jsonErrorPosition: () => 7 }),
    clock,
    log: { debug: () => undefined, warn: () => undefined },
    metrics: { count: (_name, [outcome = ''] = []) => void (counts[outcome] = (counts[outcome] ?? 0) + 1) },
    facts,
  });
  const apps = { find: async (key: string) => ({ app: key, disabled: disabled.has(key as AppId) }) as AppRecord };

  return {
    clock,
    stores,
    app,
    disabled,
    broadcasts,
    counts,
    facts,
    records,
    managed: createManagedHooks(kept),
    deliveries: createDeliveries(stores.hookDeliveries),
    inbound,
    verify: createVerifyWebhook({ records, apps, clock }),
    /** The fate of broadcasts from now on: an error before or after it is done. */
    setFate: (next: typeof fate) => void (fate = next),
    /** A verified webhook, as the intake gives it. */
    async webhook(id: string, body: unknown, hookId = 'lab'): Promise<VerifiedWebhook> {
      const text = typeof body === 'string' ? body : JSON.stringify(body);
      const hook = await records.record(app, hookId);
      return { app, hook, webhookId: id, body: Buffer.from(text), record: await apps.find(app) };
    },
    /** A request as it comes in, signed with this secret. */
    request(id: string, body: string, { secret, hookId = 'lab' }: { secret: string; hookId?: string }) {
      const timestamp = Math.floor(clock.now() / 1000);
      const headers = signWebhook({ id, secret, body, timestamp });
      const signatures = headers['webhook-signature'] ?? '';
      return { hookId, signed: { id, timestamp: String(timestamp), signatures }, body: Buffer.from(body) };
    },
    rows: async (hookId = 'lab') => (await stores.hookDeliveries.list(app, hookId, { limit: 100 })).toReversed(),
  };
}

export type HooksUnderTest = ReturnType<typeof createHooksUnderTest>;
