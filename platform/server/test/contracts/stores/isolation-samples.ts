// The calls of the isolation contract: one set of arguments for each method of each app-scoped store, and the
// data they meet. Not the check.

import { expect, vi } from 'vitest';
import type { AppId } from '../../../src/ports/app-id.ts';
import type { ErasureRecord, Stores } from '../../../src/ports/stores/index.ts';
import {
  sampleConversation,
  sampleDevice,
  sampleHook,
  sampleHookDelivery,
  sampleMessage,
  sampleMessages,
  samplePage,
  sampleWebhook,
  sampleWebhookEvent,
} from '../../support/samples.ts';
import { sampleDeliveryRecord, sampleReservation } from './deliveries.contract.ts';
import { sampleFigures } from './figures.contract.ts';

export type ScopedStore = Exclude<
  keyof Stores,
  | 'installation'
  | 'tenancy'
  | 'outbox'
  | 'deadLetterTotal'
  | 'hookDirectory'
  | 'webhookRelay'
  // Of accounts and tenants, not of apps: accounts.contract.ts and audit.contract.ts.
  | 'accounts'
  | 'consoleSessions'
  | 'teams'
  | 'accountLinks'
  | 'audit'
  | 'state'
  | 'close'
>;

export interface Sample {
  mode: 'read' | 'write';
  /** The arguments after the app; the same whenever asked. */
  args(): unknown[];
}

const read = (...args: unknown[]): Sample => ({ mode: 'read', args: () => structuredClone(args) });
const write = (...args: unknown[]): Sample => ({ mode: 'write', args: () => structuredClone(args) });

const at = { stream: 'c:c1', seq: 1 };
const kind = { kind: 'lab', action: 'lab', audience: 'conversation', durable: false, policy: {} } as const;
const provider = { id: 'hook', plugin: 'webhook', config: {}, enabled: true, managed: false, updatedAt: 1 };
const arrived = {
  userId: 'alice',
  name: 'a.png',
  type: 'image/png',
  bytes: 10,
  digest: 'd',
  quotaBytes: 100,
  unusedPerUser: 100,
};
const begin = { key: 'begun', bodyHash: 'h', token: 't', nowMs: 1000, leaseMs: 100, keepMs: 1000 };
const letter = { id: 'l1', payload: { recipients: [{ userId: 'alice' }] }, error: 'no', diedAt: 5 };

const person = { userId: 'alice', as: 'erased:1', limit: 10 };
const erasure = {
  ...{ key: 'k1', id: 'e1', messages: 'remove', state: 'finished', startedAt: 1, finishedAt: 2, counts: {} },
} satisfies ErasureRecord;

const journeyEntry = {
  ...{ messageId: 'm1', at: 5, kind: 'message', senderId: 'alice', recipients: 1, users: ['bob'], facts: 1 },
  ...{ counts: { sent: 1 }, sums: { seen: 0, pushed: 0, withheld: 0, failed: 0 } },
} as const;

const wishes = { level: 'mentions', conversations: {} } as const;
const day = '2026-01-01';

/** The data of one app that every sample has something to find, change or take away in. */
export async function seed(stores: Stores, app: AppId): Promise<void> {
  const alice = { userId: 'alice', role: 'member', joinedAt: 1 };
  const carol = { ...alice, userId: 'carol' };
  await stores.conversations.create(app, sampleConversation(), [alice, carol]);
  await stores.messages.append(app, [sampleMessage({ seq: 1, id: 'm1', outbox: { dueAt: 9_000_000_000_000 } })]);
  await stores.messages.append(
    app,
    sampleMessages(2, 3).map((message) => ({ ...message, id: `m${message.seq}` })),
  );
  // The activity of a conversation may follow its messages by a second, and would be taken for a change.
  await vi.waitFor(async () => {
    const [listed] = await stores.conversations.list(app, { limit: 1 });
    expect(listed?.activeAt).toBe(1003);
  });
  await stores.messages.edit(app, { stream: 'c:c1', seq: 2 }, { data: { text: 'edited' }, editedAt: 2000 });
  await stores.cursors.advance(app, [{ userId: 'alice', stream: 'c:c1', delivered: 1 }]);
  await stores.deadLetters.put(app, [letter]);
  await stores.deliveries.put(app, [sampleDeliveryRecord({ providerMessageId: 'x' })]);
  await stores.deliveries.reserve(app, sampleReservation());
  await stores.users.merge(app, [{ userId: 'alice', name: 'Alice' }]);
  await stores.devices.register(app, sampleDevice({ id: 'd1' }));
  await stores.preferences.put(app, { userId: 'alice', version: 1, preferences: wishes });
  await stores.usage.add(app, [{ day, name: 'push', count: 1 }], day);
  await stores.figures.put(app, [
    sampleFigures({ at: 60_000, messages: 1, users: 2, mayPush: 1, pushEnds: [{ name: 'muted', count: 1 }] }),
  ]);
  await stores.pages.put(app, samplePage('/chat', 1));
  await stores.kinds.put(app, kind, 0);
  await stores.providers.put(app, provider, 0);
  await stores.journeys.append(app, [{ messageId: 'm1', type: 'accepted', at: 5, body: '{"senderId":"alice"}' }]);
  await stores.journeyIndex.put(app, [journeyEntry]);
  for (const id of ['u1', 'u2', 'u3']) {
    await stores.uploads.begin(app, { id, createdAt: 1000 });
  }
  for (const id of ['u1', 'u2']) await stores.uploads.complete(app, id, arrived);
  await stores.uploads.setUses(app, 'm1', { uploadIds: ['u1'], streams: ['c:c1'], at: 1000 });
  await stores.hooks.put(app, sampleHook());
  const payload = '{"user":"alice"}';
  await stores.hookDeliveries.put(app, sampleHookDelivery({ id: 'w1', receivedAt: 5, payload }));
  await stores.webhooks.put(app, sampleWebhook());
  await stores.webhooks.putHealth(app, 'crm', { failingSince: 5 });
  await stores.webhookEvents.add(app, [
    sampleWebhookEvent({ id: 'e1', batch: 'r1', lane: 'c1', createdAt: 5, payload }),
    sampleWebhookEvent({ id: 'e2', state: 'failed' }),
    sampleWebhookEvent({ id: 'e3' }),
  ]);
  await stores.erasures.begin(app, { ...erasure, state: 'running' });
  await stores.erasures.put(app, erasure);
  const { finishedAt: _, ...unfinished } = { ...erasure, key: 'k2', id: 'e9', state: 'running' } as const;
  await stores.erasures.begin(app, unfinished);
  await stores.idempotency.begin(app, begin);
  await stores.idempotency.begin(app, { ...begin, key: 'answered' });
  await stores.idempotency.finish(app, 'answered', { userId: 'alice' });
}

/**
 * Shows what no read method does: the state of the seed's keys, which a `begin` of a key that is there does
 * not change.
 */
export async function peek(stores: Stores, app: AppId): Promise<unknown> {
  return [
    await stores.idempotency.begin(app, { ...begin, key: 'answered' }),
    await stores.idempotency.begin(app, begin),
    // Of an upload that arrives: more than any quota, so it stays as it is.
    await stores.uploads.complete(app, 'u4', { ...arrived, quotaBytes: -1 }),
  ];
}

export const samples: { [S in ScopedStore]: { [M in keyof Stores[S]]: Sample } } = {
  pages: {
    list: read(),
    history: read('/chat', { limit: 5 }),
    historyOfAll: read({ limit: 5 }),
    put: write(samplePage('/chat', 2)),
    putAll: write([samplePage('/chat', 2)]),
  },
  kinds: { list: read(), put: write({ ...kind, action: 'other' }, 1), remove: write('lab') },
  providers: {
    list: read(),
    get: read('hook'),
    put: write({ ...provider, enabled: false }, 1),
    remove: write('hook'),
  },
  conversations: {
    create: write(sampleConversation({ id: 'c2' }), [{ userId: 'alice', role: 'member', joinedAt: 2 }]),
    get: read('c1'),
    update: write('c1', { title: 'changed' }),
    participants: read('c1'),
    putParticipant: write('c1', { userId: 'bob', role: 'member', joinedAt: 3 }),
    removeParticipant: write('c1', 'alice'),
    ofUser: read('alice', { limit: 5 }),
    sharing: read('alice', ['carol']),
    list: read({ limit: 5 }),
    search: read({ q: '', limit: 5 }),
    remove: write('c1'),
  },
  messages: {
    append: write([sampleMessage({ seq: 4, id: 'm4' })]),
    appendMany: write([[sampleMessage({ seq: 4, id: 'm4' })], [sampleMessage({ seq: 1, id: 'm4', stream: 'i:bob' })]]),
    heads: read(['c:c1']),
    read: read('c:c1', { limit: 10 }),
    newest: read('bob', ['c:c1']),
    countUnread: read('bob', [{ stream: 'c:c1', afterSeq: 0 }]),
    byId: read('m1'),
    byCid: read('c:c1', { senderId: 'alice', cid: 'cid-1' }),
    search: read({ terms: ['text'], limit: 10 }),
    edit: write(at, { data: { text: 'changed' }, editedAt: 5 }),
    remove: write(at, { data: {}, deletedAt: 5 }),
    annotate: write(at, { type: 'pin', isOn: true, atMs: 5 }),
    changed: read('c:c1', { after: { changedAt: 0, seq: 0 }, upToSeq: 10, limit: 10 }),
    clearOutbox: write([at]),
    prune: write(5000, 10),
    ofSender: read('alice', { limit: 10 }),
    erase: write(person),
  },
  cursors: {
    get: read('c:c1', ['alice', 'bob']),
    ofUser: read('alice', ['c:c1']),
    advance: write([{ userId: 'alice', stream: 'c:c1', read: 3 }]),
    claim: write({ stream: 'c:c1', seq: 2, through: 3, userIds: ['alice'], claimId: 'x', heldBackBy: 'seen' }),
    // A user without a cursor: the seed's has one, which a start leaves alone.
    start: write('c:c1', { userIds: ['bob'], seq: 7 }),
    erase: write(person),
  },
  deadLetters: {
    put: write([{ ...letter, id: 'l2' }]),
    get: read('l1'),
    list: read({ limit: 5 }),
    remove: write('l1'),
    count: read(),
    prune: write(100, 10),
    trim: write(0, 10),
    erase: write(person),
  },
  deliveries: {
    put: write([sampleDeliveryRecord({ id: 'd2' })]),
    find: read({ ids: ['d1'] }),
    addEvent: write('d1', 'opened'),
    accepted: read('sms', { from: 0, before: 9, limit: 5 }),
    reserve: write(sampleReservation({ owner: 'two' })),
    prune: write(100, 10),
    trim: write(0, 10),
    erase: write(person),
  },
  users: {
    get: read(['alice']),
    merge: write([{ userId: 'alice', name: 'Changed' }]),
    putDetails: write('alice', { details: { name: 'Set' }, ifVersion: 0 }),
    list: read({ q: 'ali', limit: 5 }),
    count: read({ q: 'ali', most: 5 }),
    remove: write('alice', { keepSignOut: false }),
  },
  devices: {
    register: write(sampleDevice({ id: 'd2', userId: 'bob' })),
    retarget: write('d1', { target: { token: 'new' }, targetHash: 'hash-new', updatedAt: 2000 }),
    remember: write('d1', { collapseKey: 'c1', messageId: 'm1' }),
    get: read('d1'),
    ofUsers: read(['alice', 'bob']),
    remove: write('d1'),
  },
  preferences: {
    ofUsers: read(['alice', 'bob']),
    put: write({ userId: 'alice', version: 2, preferences: { ...wishes, level: 'none' } }),
    remove: write('alice'),
  },
  figures: {
    put: write([sampleFigures({ at: 60_000, messages: 2 })]),
    read: read({ fromMs: 0, toMs: 120_000, stepMs: 60_000, mostReasons: 5 }),
    prune: write(120_000, 10),
  },
  usage: { read: read(day), add: write([{ day, name: 'push', count: 2 }], day) },
  journeys: {
    append: write([{ messageId: 'm1', type: 'resolved', at: 6, body: '{}' }]),
    read: read({ messageId: 'm1', at: [] }),
    prune: write(100, 10),
    erase: write(person),
  },
  journeyIndex: {
    put: write([{ ...journeyEntry, counts: { acked: 1 }, facts: 2 }]),
    list: read({ limit: 5, scan: 5 }),
    count: read({ scan: 5 }),
    prune: write(100, 10),
    erase: write(person),
  },
  hooks: {
    list: read(),
    get: read('lab'),
    put: write(sampleHook({ version: 2 })),
    remove: write('lab'),
  },
  hookDeliveries: {
    put: write(sampleHookDelivery({ id: 'w2' })),
    get: read('lab', 'w1'),
    list: read('lab', { limit: 5 }),
    removeOf: write('lab', 10),
    prune: write(100, 10),
    trim: write(0, 10),
    erase: write(person),
  },
  webhooks: {
    list: read(),
    get: read('crm'),
    put: write(sampleWebhook({ version: 2 })),
    remove: write('crm'),
    health: read(),
    putHealth: write('crm', { failingSince: 6 }),
  },
  webhookEvents: {
    add: write([sampleWebhookEvent({ id: 'e4' })]),
    get: read('crm', 'e1'),
    list: read('crm', { limit: 5 }),
    gather: write('crm', { batch: 'r2', limit: 5 }),
    take: write('crm', { batch: 'r1', nowMs: 2000, untilMs: 3000 }),
    finish: write('crm', { batch: 'r1', state: 'delivered', endedAt: 5 }),
    first: read('crm', 'c1'),
    reopen: write('crm', { ids: ['e2'], nowMs: 5 }),
    wake: write('crm', { nowMs: 5, limit: 5 }),
    giveUp: write('crm', { nowMs: 5, limit: 5 }),
    counts: read('crm'),
    removeOf: write('crm', 10),
    prune: write(100, 10),
    trim: write(0, 10),
    erase: write(person),
  },
  idempotency: {
    begin: write({ ...begin, key: 'answered', token: 'asked' }),
    finish: write('answered', 'changed'),
    abandon: write('begun'),
    prune: write(1_000_000),
    erase: write(person),
  },
  uploads: {
    begin: write({ id: 'u4', createdAt: 1000 }),
    complete: write('u3', arrived),
    get: read('u1'),
    usage: read(),
    streams: read('u1', 'bob'),
    setUses: write('m2', { uploadIds: ['u2'], streams: ['c:c2'], at: 2000 }),
    dropUses: write({ beforeMs: 1500, nowMs: 2000, limit: 10 }),
    claim: write('u1', { evenIfUsed: true }),
    claimIdle: write({ arrivingBeforeMs: 1500, unusedBeforeMs: 1500, limit: 10 }),
    forget: write(['u2']),
    erase: write({ ...person, keepUsed: true }),
  },
  erasures: {
    begin: write({ ...erasure, id: 'e2' }),
    get: read('k1'),
    put: write({ ...erasure, counts: { devices: 1 } }),
    unfinished: read({ limit: 10 }),
    prune: write(100, 10),
  },
};
