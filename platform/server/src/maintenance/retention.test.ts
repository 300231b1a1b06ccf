// The times at which rows are deleted, by the settings of the app.

import { expect, test } from 'vitest';
import { MemoryLeases } from '../drivers/leases/memory/memory-leases.ts';
import { createMemoryQueue } from '../drivers/queue/memory/create-memory-queue.ts';
import { createMemoryStores } from '../drivers/stores/memory/create-memory-stores.ts';
import {
  newApp,
  sampleApp,
  sampleHookDelivery,
  sampleMessage,
  sampleWebhookEvent,
} from '../../test/support/samples.ts';
import { createVirtualClock } from '../../test/support/virtual-clock.ts';
import { silentLog } from '../ports/log.ts';
import { createRetention } from './retention.ts';
import { sampleDeliveryRecord } from '../../test/contracts/stores/deliveries.contract.ts';
import { sampleFigures } from '../../test/contracts/stores/figures.contract.ts';

const hourMs = 3_600_000;
function setUp(settings: { retentionMs: number; journeyRetentionMs: number }) {
  const clock = createVirtualClock(100 * hourMs);
  const stores = createMemoryStores();
  const app = newApp();
  const record = { ...sampleApp({ app, settings: { waitMs: 0, deliveredMeans: 'any', ...settings } }), version: 1 };
  const retention = createRetention({
    ...{ stores, apps: { list: async () => [record] } },
    limits: { deadLettersPerApp: 2, hookDeliveriesPerApp: 3, webhookEventsPerApp: 2, deliveriesPerApp: 2 },
    ...{
      queue: createMemoryQueue({ clock }),
      leases: new MemoryLeases(clock),
      surroundings: { clock, log: silentLog },
    },
  });
  return { clock, stores, app, retention };
}

test('deletes messages, journeys and kept answers once they are older than the app keeps them', async () => {
  const { clock, stores, app, retention } = setUp({ retentionMs: 2 * hourMs, journeyRetentionMs: 3 * hourMs });
  const now = clock.now();
  const messages = [1, 2, 3].map((seq) => sampleMessage({ stream: 'c:c1', seq, cid: `k${seq}`, storedAt: now + seq }));
  await stores.messages.append(app, messages);
  await stores.journeys.append(app, [{ messageId: 'm1', type: 'plan', at: now, body: '{}' }]);
  const sums = { seen: 0, pushed: 0, withheld: 0, failed: 0 };
  const indexed = { kind: 'message', recipients: 1, counts: { sent: 1 }, facts: 1, sums } as const;
  await stores.journeyIndex.put(app, [{ ...indexed, messageId: 'm1', at: now }]);
  const listed = async () => (await stores.journeyIndex.list(app, { limit: 5, scan: 5 })).items;
  const request = { key: 'k', bodyHash: 'h', token: 't', nowMs: now, leaseMs: 1000, keepMs: hourMs / 2 };
  await stores.idempotency.begin(app, request);
  await stores.idempotency.finish(app, 'k', { done: true });
  await retention.start();

  await clock.advance(2 * hourMs);
  expect(await stores.messages.read(app, 'c:c1', { limit: 10 })).toHaveLength(3);
  expect(await stores.idempotency.begin(app, { ...request, nowMs: clock.now() })).toMatchObject({ state: 'mine' });

  await clock.advance(hourMs);
  const left = await stores.messages.read(app, 'c:c1', { limit: 10 });
  expect(left.map(({ seq }) => seq)).toEqual([3]);
  expect(await stores.journeys.read(app, { messageId: 'm1', at: [] })).toHaveLength(1);
  expect(await listed()).toHaveLength(1);

  await clock.advance(hourMs);
  expect(await stores.journeys.read(app, { messageId: 'm1', at: [] })).toEqual([]);
  expect(await listed()).toEqual([]);
  await retention.stop();
});

test('figures of charts are kept for seven days, whatever the app keeps', async () => {
  const { clock, stores, app, retention } = setUp({ retentionMs: 0, journeyRetentionMs: hourMs });
  const begun = clock.now();
  await stores.figures.put(app, [sampleFigures({ at: begun }), sampleFigures({ at: begun + 2 * hourMs })]);
  await retention.start();
  const whole = { fromMs: 0, toMs: begun + 99 * hourMs, stepMs: 60_000, mostReasons: 1 };
  await clock.advance(7 * 24 * hourMs);
  expect((await stores.figures.read(app, whole)).steps).toHaveLength(2);
  await clock.advance(hourMs);
  expect(await stores.figures.read(app, whole)).toMatchObject({ sinceMs: begun + 2 * hourMs });
  await retention.stop();
});

test('messages of an app that keeps them for ever stay', async () => {
  const { clock, stores, app, retention } = setUp({ retentionMs: 0, journeyRetentionMs: hourMs });
  const messages = [1, 2].map((seq) => sampleMessage({ stream: 'c:c1', seq, cid: `k${seq}`, storedAt: clock.now() }));
  await stores.messages.append(app, messages);
  await retention.start();
  await clock.advance(24 * hourMs);
  expect(await stores.messages.read(app, 'c:c1', { limit: 10 })).toHaveLength(2);
  await retention.stop();
});

test('a store that is away is asked again in the next round', async () => {
  const { clock, stores, app, retention } = setUp({ retentionMs: 0, journeyRetentionMs: hourMs });
  await stores.journeys.append(app, [{ messageId: 'm1', type: 'plan', at: clock.now(), body: '{}' }]);
  await retention.start();
  stores.fail('*');
  await clock.advance(3 * hourMs);
  stores.fail(undefined);
  await clock.advance(hourMs);
  expect(await stores.journeys.read(app, { messageId: 'm1', at: [] })).toEqual([]);
  await retention.stop();
});

test('deletes webhooks that came in as long ago as the journeys that it deletes', async () => {
  const { clock, stores, app, retention } = setUp({ retentionMs: 0, journeyRetentionMs: 3 * hourMs });
  const put = (id: string, receivedAt: number) =>
    stores.hookDeliveries.put(app, sampleHookDelivery({ id, receivedAt }));
  await put('old', clock.now());
  await put('new', clock.now() + 2 * hourMs);
  await retention.start();
  await clock.advance(4 * hourMs);
  expect(await stores.hookDeliveries.list(app, 'lab', { limit: 10 })).toMatchObject([{ id: 'new' }]);
  await retention.stop();
});

test('forgets the oldest dead letters, webhooks and deliveries above as many as an app may keep', async () => {
  const { clock, stores, app, retention } = setUp({ retentionMs: 0, journeyRetentionMs: 99 * hourMs });
  const now = clock.now();
  const letters = [1, 2, 3, 4].map((n) => ({ id: `l${n}`, diedAt: now + n, payload: null, error: 'no' }));
  await stores.deadLetters.put(app, letters);
  for (const n of [1, 2, 3, 4]) {
    await stores.hookDeliveries.put(app, sampleHookDelivery({ id: `w${n}`, receivedAt: now + n }));
  }
  const ids = ['d1', 'd2', 'd3', 'd4'];
  await stores.deliveries.put(
    app,
    ids.map((id, n) => sampleDeliveryRecord({ id, acceptedAt: now + n })),
  );
  await retention.start();
  await clock.advance(hourMs);
  expect((await stores.deadLetters.list(app, { limit: 9 })).items).toMatchObject([{ id: 'l4' }, { id: 'l3' }]);
  expect((await stores.deliveries.find(app, { ids })).map(({ id }) => id).toSorted()).toEqual(['d3', 'd4']);
  const kept = await stores.hookDeliveries.list(app, 'lab', { limit: 9 });
  expect(kept.map(({ id }) => id)).toEqual(['w4', 'w3', 'w2']);
  await clock.advance(8 * 24 * hourMs);
  expect(await stores.deliveries.find(app, { ids })).toEqual([]);
  await retention.stop();
});

test('forgets events of webhooks as it does journeys, but not while they are sent, nor more than may be kept', async () => {
  const { clock, stores, app, retention } = setUp({ retentionMs: 0, journeyRetentionMs: hourMs });
  const begunAt = clock.now();
  const add = (id: string, createdAt: number) =>
    stores.webhookEvents.add(app, [sampleWebhookEvent({ id, place: id, createdAt })]);
  const kept = async () => (await stores.webhookEvents.list(app, 'crm', { limit: 9 })).map(({ id }) => id);
  await add('e1', begunAt);
  await retention.start();
  await clock.advance(4 * 24 * hourMs);
  expect(await kept()).toEqual(['e1']);
  await clock.advance(hourMs);
  expect(await kept()).toEqual([]);
  for (const n of [1, 2, 3]) await add(`e${n}`, clock.now() + n);
  await clock.advance(hourMs);
  expect(await kept()).toEqual(['e3', 'e2']);
  await retention.stop();
});

test('forgets dead letters after 30 days', async () => {
  const { clock, stores, app, retention } = setUp({ retentionMs: 0, journeyRetentionMs: hourMs });
  const letter = (id: string, diedAt: number) => ({ id, diedAt, payload: null, error: 'no' });
  await stores.deadLetters.put(app, [letter('old', clock.now()), letter('new', clock.now() + 2 * hourMs)]);
  await retention.start();
  await clock.advance(30 * 24 * hourMs);
  expect(await stores.deadLetters.count(app)).toBe(2);
  await clock.advance(hourMs);
  expect((await stores.deadLetters.list(app, { limit: 9 })).items).toMatchObject([{ id: 'new' }]);
  await retention.stop();
});
