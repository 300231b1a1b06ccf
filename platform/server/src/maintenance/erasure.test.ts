// Persons who are erased, over stores that fail, or whose process is killed, at whatever point. Over a whole
// server: test/erasure.

import { BelfryError, type ErasedMessages } from '@belfry/protocol';
import { describe, expect, test } from 'vitest';
import { createMemoryQueue } from '../drivers/queue/memory/create-memory-queue.ts';
import { createMemoryStores, type MemoryStores } from '../drivers/stores/memory/create-memory-stores.ts';
import type { AppId } from '../ports/app-id.ts';
import { silentLog } from '../ports/log.ts';
import type { Job } from '../ports/queue.ts';
import { Erasures, tokensEndAfterMs } from '../tenancy/erasures.ts';
import {
  newApp,
  sampleConversation,
  sampleDevice,
  sampleHookDelivery,
  sampleWebhookEvent,
  sampleMessage,
  sampleMessages,
} from '../../test/support/samples.ts';
import { createVirtualClock } from '../../test/support/virtual-clock.ts';
import { ErasureWorker } from './erasure.ts';
import { sampleDeliveryRecord } from '../../test/contracts/stores/deliveries.contract.ts';

const startMs = Date.UTC(2026, 0, 1);

async function setUp(messages: ErasedMessages = 'anonymise') {
  const clock = createVirtualClock(startMs);
  const stores = createMemoryStores();
  const app = newApp();
  const blobs = new Set(['u1', 'u2']);
  await seed(stores, app);
  const queued: { app: AppId; id: string; payload: unknown }[] = [];
  const erasures = new Erasures({
    ...{ store: stores.erasures, clock },
    signOut: {
      async signOut(of, userId) {
        await stores.users.merge(of, [{ userId, signedOutAt: clock.now() }]);
        return clock.now();
      },
    },
    queue: { add: async (_queue, jobs) => void queued.push(...jobs.map(({ id, payload }) => ({ app, id, payload }))) },
  });
  /** As another process has it. */
  const createWorker = (): ErasureWorker =>
    new ErasureWorker({
      ...{ stores, surroundings: { clock, log: silentLog }, queue: createMemoryQueue({ clock }) },
      blobs: {
        remove: async (_app, id) => {
          // Behind the store, so that a call that fails there leaves it.
          await stores.installation.get('blob');
          return blobs.delete(id);
        },
      },
      devices: {
        list: async (of, userId) =>
          ((await stores.devices.ofUsers(of, [userId])).get(userId) ?? []).map(({ id }) => ({ deviceId: id })),
        remove: async (of, id) => {
          if (!(await stores.devices.remove(of, id))) throw new BelfryError('not_found');
        },
      },
      forgetPreferences: (of, userId) => stores.preferences.remove(of, userId),
      removeParticipant: async (of, id, userId) => {
        if (!(await stores.conversations.removeParticipant(of, id, userId))) throw new BelfryError('not_found');
      },
      deleteMessage: async (of, id) => {
        const [message] = await stores.messages.byId(of, id);
        if (message === undefined) throw new BelfryError('not_found');
        if (!(await stores.messages.remove(of, message, { data: {}, deletedAt: clock.now() })))
          throw new BelfryError('message_deleted');
      },
      factsKept: async () => undefined,
      eraseMessages: (of, request) => stores.messages.erase(of, request),
    });
  await erasures.begin(app, 'alice', { messages });
  const jobOf = (): Job => {
    const job = queued.at(-1);
    if (job === undefined) throw new Error('nothing was queued');
    return { ...job, attempt: 1, addedAt: 0 };
  };
  return { clock, stores, app, blobs, queued, erasures, createWorker, jobOf };
}

async function seed(stores: MemoryStores, app: AppId): Promise<void> {
  const people = ['alice', 'bob'].map((userId) => ({ userId, role: 'member', joinedAt: 1 }));
  for (const id of ['c1', 'c2']) await stores.conversations.create(app, sampleConversation({ id }), people);
  await stores.messages.append(app, [sampleMessage({ seq: 1, id: 'm1', conversationId: 'c1' })]);
  await stores.messages.append(app, [sampleMessage({ seq: 2, id: 'm2', senderId: 'bob', targets: ['alice'] })]);
  await stores.messages.append(app, sampleMessages(1, 3, { stream: 'i:alice', senderId: 'bob' }));
  await stores.messages.append(app, [sampleMessage({ seq: 1, id: 'm3', stream: 'i:bob' })]);
  await stores.cursors.advance(app, [{ userId: 'alice', stream: 'c:c1', read: 1 }]);
  await stores.users.merge(app, [{ userId: 'alice', name: 'Alice', lastSeenAt: startMs }]);
  await stores.devices.register(app, sampleDevice({ id: 'd1' }));
  await stores.preferences.put(app, { userId: 'alice', version: 1, preferences: { level: 'none', conversations: {} } });
  await stores.journeys.append(app, [{ messageId: 'm1', type: 'plan', at: 5, body: '{"senderId":"alice"}' }]);
  const sums = { seen: 0, pushed: 0, withheld: 0, failed: 0 };
  const indexed = { kind: 'message', senderId: 'alice', recipients: 1, counts: { sent: 1 }, facts: 1, sums } as const;
  await stores.journeyIndex.put(app, [{ ...indexed, messageId: 'm1', at: 5 }]);
  await stores.deadLetters.put(app, [
    { id: 'l1', payload: { recipients: [{ userId: 'alice' }] }, error: 'no', diedAt: 5 },
  ]);
  await stores.deliveries.put(app, [sampleDeliveryRecord()]);
  await stores.hookDeliveries.put(app, sampleHookDelivery({ id: 'w1', payload: '{"user":"alice"}' }));
  await stores.webhookEvents.add(app, [sampleWebhookEvent({ id: 'e1', payload: '{"data":{"userId":"alice"}}' })]);
  const begin = { bodyHash: 'h', token: 't', nowMs: startMs, leaseMs: 100, keepMs: 1_000_000 };
  await stores.idempotency.begin(app, { ...begin, key: 'http:user:alice:POST /x:k' });
  const arrived = {
    userId: 'alice',
    name: 'a.png',
    type: 'image/png',
    bytes: 10,
    digest: 'd',
    quotaBytes: 100,
    unusedPerUser: 100,
  };
  for (const id of ['u1', 'u2']) {
    await stores.uploads.begin(app, { id, createdAt: 1 });
    await stores.uploads.complete(app, id, arrived);
  }
  await stores.uploads.setUses(app, 'm1', { uploadIds: ['u1'], streams: ['c:c1'], at: 1 });
}

type Setting = Awaited<ReturnType<typeof setUp>>;

/** All that the stores hold of anybody, with the name of nobody as one text. */
async function everything({ stores, app, blobs }: Setting): Promise<string> {
  const streams = ['c:c1', 'c:c2', 'i:alice', 'i:bob'];
  const seen = [
    ...(await Promise.all(streams.map((stream) => stores.messages.read(app, stream, { limit: 10 })))),
    await stores.conversations.participants(app, 'c1'),
    await stores.conversations.participants(app, 'c2'),
    [...(await stores.cursors.ofUser(app, 'alice', ['c:c1'])).values()].map(({ read }) => read),
    [...(await stores.users.get(app, ['alice'])).values()],
    [...(await stores.devices.ofUsers(app, ['alice'])).values()],
    [...(await stores.preferences.ofUsers(app, ['alice'])).values()],
    await stores.journeys.read(app, { messageId: 'm1', at: [] }),
    await stores.journeyIndex.list(app, { limit: 5, scan: 5 }),
    await stores.deadLetters.list(app, { limit: 10 }),
    await stores.deliveries.find(app, { ids: ['d1'] }),
    await stores.hookDeliveries.get(app, 'lab', 'w1'),
    (await stores.webhookEvents.get(app, 'crm', 'e1')) ?? null,
    await stores.idempotency.begin(app, {
      ...{ key: 'http:user:alice:POST /x:k', bodyHash: 'other', token: 'u', nowMs: startMs, leaseMs: 1, keepMs: 1 },
    }),
    [await stores.uploads.get(app, 'u1'), await stores.uploads.get(app, 'u2'), await stores.uploads.usage(app)],
    [...blobs],
  ];
  return JSON.stringify(seen)
    .replaceAll(/erased:[\w-]+/g, 'nobody')
    .replaceAll(/"deletedAt":\d+/g, '"deletedAt":0');
}

/** Where the walk can be cut off. */
const calls = [
  ...['devices.ofUsers', 'devices.remove', 'preferences.remove', 'messages.ofSender', 'messages.remove'],
  ...['conversations.ofUser', 'conversations.removeParticipant', 'messages.erase', 'uploads.erase', 'installation.get'],
  ...['uploads.forget', 'cursors.erase', 'idempotency.erase', 'hookDeliveries.erase', 'deadLetters.erase'],
  ...['webhookEvents.erase', 'deliveries.erase', 'journeys.erase', 'journeyIndex.erase'],
  ...['users.remove', 'erasures.get', 'erasures.put'],
];

describe.each(['anonymise', 'remove'] as const)('with messages=%s', (messages) => {
  const onlyRemoving = ['messages.ofSender', 'messages.remove'];
  const cuts = calls
    .filter((call) => messages === 'remove' || !onlyRemoving.includes(call))
    .flatMap((call) => (['before', 'after'] as const).map((when) => ({ call, when })));

  test.each(cuts)('a kill $when $call costs nothing: the next process ends what this one began', async (cut) => {
    const whole = await setUp(messages);
    await whole.createWorker().run(whole.jobOf());
    const wanted = await everything(whole);
    expect(wanted).not.toMatch(/Alice|"i:alice"|"senderId":"alice"/);

    const setting = await setUp(messages);
    const { stores, createWorker, jobOf, erasures, app } = setting;
    stores.fail(cut.call, cut.when);
    await expect(createWorker().run(jobOf())).rejects.toMatchObject({ code: 'unavailable' });
    stores.fail(undefined);
    await createWorker().run(jobOf());
    expect(await everything(setting)).toBe(wanted);
    expect(await erasures.report(app, 'alice')).toMatchObject({ state: 'erased', erasedAt: expect.any(String) });
  });
});

test('the time of the sign-out goes a day later, with what came meanwhile, and the report names nobody', async () => {
  const { stores, app, clock, createWorker, jobOf, erasures } = await setUp();
  expect(await createWorker().run(jobOf())).toEqual({ again: { delayMs: tokensEndAfterMs } });
  expect((await stores.users.get(app, ['alice'])).get('alice')).toEqual({ userId: 'alice', signedOutAt: startMs });
  // As a connection that was slow to close would.
  await stores.cursors.advance(app, [{ userId: 'alice', stream: 'c:c1', read: 2 }]);
  await stores.users.merge(app, [{ userId: 'alice', name: 'Alice', lastSeenAt: startMs + 1000 }]);
  await clock.advance(tokensEndAfterMs);
  expect(await createWorker().run(jobOf())).toEqual({ done: true });
  expect(await stores.users.get(app, ['alice'])).toEqual(new Map());
  expect((await stores.cursors.ofUser(app, 'alice', ['c:c1'])).get('c:c1')?.read).toBe(0);
  const { counts, ...report } = await erasures.report(app, 'alice');
  expect(report).toEqual({
    ...{ userId: 'alice', messages: 'anonymise', state: 'finished' },
    startedAt: '2026-01-01T00:00:00.000Z',
    erasedAt: '2026-01-01T00:00:00.000Z',
    finishedAt: new Date(clock.now()).toISOString(),
  });
  expect(counts).toEqual({
    ...{ devices: 1, preferences: 1, conversations: 2, messages: 6, uploads: 2, cursors: 2 },
    ...{
      idempotency: 1,
      hookDeliveries: 1,
      deadLetters: 1,
      webhookEvents: 1,
      deliveries: 1,
      journeys: 1,
      journeyIndex: 1,
    },
  });
});

test('a worker that is stopped ends after the part it is at, and the next goes on there', async () => {
  const { stores, app, createWorker, jobOf, erasures } = await setUp();
  const worker = createWorker();
  await worker.stop();
  expect(await worker.run(jobOf())).toEqual({ again: { delayMs: 0 } });
  expect((await stores.devices.ofUsers(app, ['alice'])).size).toBe(1);
  expect(await erasures.report(app, 'alice')).toMatchObject({ state: 'running' });
  expect(await createWorker().run(jobOf())).toEqual({ again: { delayMs: tokensEndAfterMs } });
});

describe('asked for again', () => {
  test('while it runs, it is the same; otherwise with messages, it is a conflict', async () => {
    const { app, erasures, queued } = await setUp();
    await erasures.begin(app, 'alice', { messages: 'anonymise' });
    expect(new Set(queued.map(({ id }) => id)).size).toBe(1);
    await expect(erasures.begin(app, 'alice', { messages: 'remove' })).rejects.toMatchObject({
      ...{ code: 'conflict', path: ['messages'] },
    });
  });

  test('when it is done, it is another, and the job of the first does nothing any more', async () => {
    const { app, erasures, queued, createWorker, jobOf } = await setUp();
    const first = jobOf();
    await createWorker().run(first);
    await erasures.begin(app, 'alice', { messages: 'remove' });
    expect(new Set(queued.map(({ id }) => id)).size).toBe(2);
    expect(await createWorker().run(first)).toEqual({ done: true });
    expect(await erasures.report(app, 'alice')).toMatchObject({ state: 'running', messages: 'remove' });
    await createWorker().run(jobOf());
    expect(await erasures.report(app, 'alice')).toMatchObject({ state: 'erased', messages: 'remove' });
  });

  test('of somebody who was never erased there is no report', async () => {
    const { app, erasures } = await setUp();
    await expect(erasures.report(app, 'bob')).rejects.toMatchObject({ code: 'not_found' });
  });
});
