// The contract of erasing a person, store by store, and of the records about it: each driver must keep it.

import { describe, expect, test } from 'vitest';
import type { AppId } from '../../../src/ports/app-id.ts';
import type { Erased, EraseRequest, ErasureRecord, Stores } from '../../../src/ports/stores/index.ts';
import { newApp, sampleHookDelivery, sampleMessage, sampleWebhookEvent } from '../../support/samples.ts';

/** An id that is spelled otherwise in JSON, in a path and in a key. */
const userId = 'auth0|"ann" é+1@example.com';
const as = 'erased:1';
const inbox = `i:${userId}`;

export function erasingContract(stores: () => Stores): void {
  /** All parts, one after the other; a small `limit` makes several of it. */
  async function eraseAll(erase: (request: EraseRequest) => Promise<Erased>, limit = 2): Promise<number> {
    let erased = 0;
    let after: string | undefined;
    do {
      const step = await erase({ userId, as, after, limit });
      erased += step.erased;
      after = step.next;
    } while (after !== undefined);
    return erased;
  }

  describe('erasing', () => {
    test('cursors of the user go, and all of their inbox; those of others stay', async () => {
      const app = newApp();
      const streams = ['c:1', 'c:2', 'c:3', inbox];
      const cursors = [userId, 'bob'].flatMap((user) =>
        streams.map((stream) => ({ userId: user, stream, read: 1, delivered: 1 })),
      );
      await stores().cursors.advance(app, cursors);
      expect(await eraseAll((request) => stores().cursors.erase(app, request))).toBe(5);
      const readBy = async (user: string) =>
        [...(await stores().cursors.ofUser(app, user, streams)).values()].map(({ read }) => read);
      expect([await readBy(userId), await readBy('bob')]).toEqual([
        [0, 0, 0, 0],
        [1, 1, 1, 0],
      ]);
      expect(await eraseAll((request) => stores().cursors.erase(app, request))).toBe(0);
    });

    test('messages are kept under another name, with nothing of the sender but what they wrote', async () => {
      const app = newApp();
      await seedMessages(app);
      const changed = new Set<string>();
      const erase = async (request: EraseRequest) => {
        const step = await stores().messages.erase(app, request);
        for (const stream of step.streams) changed.add(stream);
        return step;
      };
      expect(await eraseAll(erase)).toBe(6);
      expect(changed).toEqual(new Set(['c:c1', 'i:bob', inbox]));
      const kept = await stores().messages.read(app, 'c:c1', { limit: 10 });
      expect(JSON.stringify(kept)).not.toContain(JSON.stringify(userId).slice(1, -1));
      expect(kept[0]).toMatchObject({
        ...{ seq: 1, senderId: as, cid: kept[0]?.id, bodyHash: '', outbox: { dueAt: 9_000_000_000_000 } },
        data: { type: 'text', content: { text: 'one' } },
      });
      expect(kept[1]?.data['mentions']).toEqual([as, 'carol']);
      expect([kept[2]?.targets, kept[2]?.exclude, kept[2]?.senderId]).toEqual([['carol', as], undefined, 'bob']);
      expect(kept[3]?.data).toEqual({ type: 'text', content: { text: 'nothing of them' } });
      expect(await stores().messages.read(app, inbox, { limit: 10 })).toEqual([]);
      expect(await stores().messages.read(app, 'i:bob', { limit: 10 })).toMatchObject([{ senderId: as }]);
      expect((await stores().messages.heads(app, ['c:c1'])).get('c:c1')?.seq).toBe(5);
      expect(await eraseAll(erase)).toBe(0);
      const found = async (q: string) => (await stores().messages.search(app, { terms: [q], limit: 10 })).items;
      expect((await found('one')).map(({ senderId }) => senderId)).toEqual([as]);
    });

    test('messages are emptied where that is asked for, and owe no push any more', async () => {
      const app = newApp();
      await seedMessages(app);
      await eraseAll((request) => stores().messages.erase(app, { ...request, removedAtMs: 77 }), 100);
      const kept = await stores().messages.read(app, 'c:c1', { limit: 10 });
      expect(kept[0]).toMatchObject({ senderId: as, data: {}, deletedAt: 77 });
      expect(kept[0]).not.toHaveProperty('outbox');
      // As it was deleted before.
      expect(kept[4]).toMatchObject({ senderId: as, data: {}, deletedAt: 5 });
      expect(kept[3]?.deletedAt).toBeUndefined();
      expect((await stores().messages.search(app, { terms: ['one'], limit: 10 })).items).toEqual([]);
    });

    test('what a user sent and did not delete is listed a part at a time', async () => {
      const app = newApp();
      await seedMessages(app);
      const found: string[] = [];
      let after: string | undefined;
      do {
        const { items, next } = await stores().messages.ofSender(app, userId, { after, limit: 2 });
        found.push(...items.map(({ stream, seq }) => `${stream} ${seq}`));
        after = next;
      } while (after !== undefined);
      expect(found.toSorted()).toEqual(['c:c1 1', 'i:bob 1']);
    });

    test('journeys tell of nobody where they told of the user, and of others as before', async () => {
      const app = newApp();
      const plan = (first: string) => ({
        ...{ kind: 'message', senderId: first, counts: { alice: 1 } },
        recipients: [
          [first, [['connection', 'desktop', `/profile/${encodeURIComponent(first)}`]], null, [], null, `i:${first}`],
          ['bob', [], 'offline'],
        ],
      });
      await stores().journeys.append(app, [
        { messageId: 'm1', type: 'plan', at: 1, body: JSON.stringify(plan(userId)) },
        { messageId: 'm1', type: 'plan', at: 2, body: JSON.stringify(plan('carol')) },
        { range: { stream: inbox, from: 1, to: 9 }, type: 'acks', at: 3, body: '{}' },
      ]);
      expect(await eraseAll((request) => stores().journeys.erase(app, request))).toBe(2);
      const rows = await stores().journeys.read(app, { messageId: 'm1', at: [{ stream: `i:${as}`, seq: 3 }] });
      expect(rows.map(({ body }) => JSON.parse(body) as unknown)).toEqual([plan(as), plan('carol'), {}]);
      expect(await stores().journeys.read(app, { messageId: 'none', at: [{ stream: inbox, seq: 3 }] })).toEqual([]);
    });

    test('the journey index names nobody where it named the user, and others as before', async () => {
      const app = newApp();
      const sums = { seen: 0, pushed: 0, withheld: 0, failed: 0 };
      const entry = { kind: 'message', recipients: 1, counts: { sent: 1 }, facts: 1, sums } as const;
      await stores().journeyIndex.put(app, [
        { ...entry, messageId: 'm1', at: 1, senderId: userId, users: ['bob'] },
        { ...entry, messageId: 'm2', at: 2, senderId: 'bob', users: ['carol', userId] },
        { ...entry, messageId: 'm3', at: 3, users: [userId], stream: inbox, seq: 1 },
        { ...entry, messageId: 'm4', at: 4, senderId: 'carol', users: ['bob'] },
      ]);
      expect(await eraseAll((request) => stores().journeyIndex.erase(app, request))).toBe(3);
      const listing = { limit: 10, scan: 10 };
      const { items } = await stores().journeyIndex.list(app, listing);
      expect(items.map(({ senderId, users, stream }) => [senderId, users, stream])).toEqual([
        ['carol', ['bob'], undefined],
        [undefined, [as], `i:${as}`],
        ['bob', ['carol', as], undefined],
        [as, ['bob'], undefined],
      ]);
      expect((await stores().journeyIndex.list(app, { ...listing, userId })).items).toEqual([]);
      expect((await stores().journeyIndex.list(app, { ...listing, userId: as })).items).toHaveLength(3);
    });

    test('answers under idempotency keys go where the key or the answer names the user', async () => {
      const app = newApp();
      const path = `/api/v1/users/${encodeURIComponent(userId)}`;
      const keys: [key: string, answer: unknown][] = [
        [`http:user:auth0%7C%22ann%22%20%C3%A9%2B1@example.com:POST /x:k`, 1],
        [`http:key:backend:PATCH ${path}:k`, 1],
        [`http:key:backend:PUT /api/v1/conversations/c1/participants/${encodeURIComponent(userId)}:k`, 1],
        [`http:key:backend:PUT /api/v1/messages/m1/pin?x=1&userId=${encodeURIComponent(userId)}:k`, 1],
        [`http:key:backend:DELETE /api/v1/messages/m1/pin?${new URLSearchParams({ userId }).toString()}:k`, 1],
        ['http:key:backend:PUT /api/v1/conversations/c1:k', { participants: [{ userId }] }],
        [`http:key:backend:PUT ${path}1:k`, 1],
        ['broadcast:k', { id: 'b1', recipients: 3 }],
        ['http:key:backend:PUT /api/v1/conversations/c2:k', { participants: [{ userId: 'bob' }] }],
      ];
      const begin = { bodyHash: 'h', token: 't', nowMs: 1, leaseMs: 10, keepMs: 1000 };
      for (const [key, answer] of keys) {
        await stores().idempotency.begin(app, { ...begin, key });
        await stores().idempotency.finish(app, key, answer);
      }
      expect(await eraseAll((request) => stores().idempotency.erase(app, request))).toBe(6);
      const states = await Promise.all(keys.map(([key]) => stores().idempotency.begin(app, { ...begin, key })));
      expect(states.map(({ state }) => state)).toEqual([
        ...Array.from({ length: 6 }, () => 'mine'),
        ...['done', 'done', 'done'],
      ]);
    });

    test('webhooks that name the user keep that they came, and nothing of what they said', async () => {
      const app = newApp();
      const escaped = JSON.stringify({ a: [{ user: userId }] }).replace('é', String.raw`\u00e9`);
      const about = { app: 'none' };
      const deliveries = [
        sampleHookDelivery({ id: 'd1', payload: escaped, request: about }),
        sampleHookDelivery({ id: 'd2', payload: '{}', request: { audience: { users: [userId] } } }),
        sampleHookDelivery({ id: 'd3', payload: 'x', reason: { code: 'no', detail: `no ${userId}`, path: [userId] } }),
        sampleHookDelivery({ id: 'd4', payload: '{"user":"bob"}', request: about }),
      ];
      for (const delivery of deliveries) await stores().hookDeliveries.put(app, delivery);
      expect(await eraseAll((request) => stores().hookDeliveries.erase(app, request))).toBe(3);
      const get = (id: string) => stores().hookDeliveries.get(app, 'lab', id);
      for (const id of ['d1', 'd2']) {
        expect(Object.keys((await get(id)) ?? {}).toSorted()).toEqual([
          'hookId',
          'id',
          'outcome',
          'payloadBytes',
          'receivedAt',
          'webhookId',
        ]);
      }
      expect((await get('d3'))?.reason).toEqual({ code: 'no', detail: '' });
      expect(await get('d4')).toEqual(deliveries[3]);
    });

    test('events of webhooks that name the user go, also where an answer does', async () => {
      const app = newApp();
      const answered = (answer: string) => [{ number: 1, at: 1, ms: 1, answer }];
      await stores().webhookEvents.add(app, [
        sampleWebhookEvent({ id: 'e1', payload: JSON.stringify({ data: { userId } }) }),
        sampleWebhookEvent({ id: 'e2', attempts: answered(JSON.stringify({ user: userId })) }),
        sampleWebhookEvent({ id: 'e3', attempts: answered(`no ${userId}`) }),
        sampleWebhookEvent({ id: 'e4', payload: '{"userId":"bob"}', attempts: answered('fine') }),
      ]);
      expect(await eraseAll((request) => stores().webhookEvents.erase(app, request))).toBe(3);
      const left = await stores().webhookEvents.list(app, 'crm', { limit: 9 });
      expect(left.map(({ id }) => id)).toEqual(['e4']);
    });

    test('dead letters lose the user, and go where they are for nobody else', async () => {
      const app = newApp();
      const of = (userIds: readonly string[], stream = 'c:c1') => ({
        stream,
        recipients: userIds.map((each) => ({ userId: each, from: 0, through: 1 })),
        deliveries: userIds.map((each) => ({ userId: each, deviceId: `d of ${each.length}` })),
      });
      const letter = (id: string, payload: unknown, error = 'no') => ({ id, payload, error, diedAt: 5 });
      await stores().deadLetters.put(app, [
        letter('l1', of([userId])),
        letter('l2', of([userId, 'bob'])),
        letter('l3', of(['bob'])),
        letter('l4', of([userId], inbox)),
        letter('l5', of(['bob']), `refused ${userId}`),
        letter('l6', { other: 'shape' }),
      ]);
      expect(await eraseAll((request) => stores().deadLetters.erase(app, request))).toBe(4);
      const { items } = await stores().deadLetters.list(app, { limit: 10 });
      expect(Object.fromEntries(items.map(({ id, payload, error }) => [id, [payload, error]]))).toEqual({
        l2: [of(['bob']), 'no'],
        l3: [of(['bob']), 'no'],
        l5: [of(['bob']), ''],
        l6: [{ other: 'shape' }, 'no'],
      });
    });

    test('preferences are taken away, and begin anew', async () => {
      const app = newApp();
      const record = { userId, version: 1, preferences: { level: 'none', conversations: {} } } as const;
      await stores().preferences.put(app, record);
      expect(await stores().preferences.remove(app, userId)).toBe(true);
      expect(await stores().preferences.remove(app, userId)).toBe(false);
      expect(await stores().preferences.ofUsers(app, [userId])).toEqual(new Map());
      expect(await stores().preferences.put(app, record)).toBe(true);
    });

    test('an upload that is theirs and is used by messages to them counts as one', async () => {
      const app = newApp();
      await seedUploads(app);
      const uses = { uploadIds: ['u2', 'u3'], streams: [inbox, 'c:c1'], at: 1 };
      for (const messageId of ['m3', 'm4', 'm5']) await stores().uploads.setUses(app, messageId, uses);
      expect(await eraseAll((request) => stores().uploads.erase(app, { ...request, keepUsed: true }))).toBe(3);
      expect(await stores().uploads.streams(app, 'u2', userId)).toEqual(['c:c1']);
      expect(new Set(await stores().uploads.streams(app, 'u2', as))).toEqual(new Set(['c:c1', `i:${as}`]));
    });

    test('uploads are claimed, but for those that messages use where these are kept', async () => {
      const app = newApp();
      await seedUploads(app);
      const claimed: string[] = [];
      const erase = (keepUsed: boolean) => async (request: EraseRequest) => {
        const step = await stores().uploads.erase(app, { ...request, keepUsed });
        claimed.push(...step.claimed);
        return step;
      };
      expect(await eraseAll(erase(true))).toBe(3);
      expect(claimed).toEqual(['u1']);
      expect(await stores().uploads.get(app, 'u1')).toBeUndefined();
      expect((await stores().uploads.get(app, 'u2'))?.userId).toBe(as);
      expect((await stores().uploads.get(app, 'u3'))?.userId).toBe('bob');
      expect(await stores().uploads.streams(app, 'u3', userId)).toEqual([]);
      // Claimed again until it is forgotten: whoever claimed it may have been killed.
      expect(await eraseAll(erase(true))).toBe(1);
      await stores().uploads.forget(app, ['u1']);
      expect(await eraseAll(erase(true))).toBe(0);
      const other = newApp();
      await seedUploads(other);
      await eraseAll(async (request) => {
        const step = await stores().uploads.erase(other, { ...request, keepUsed: false });
        claimed.push(...step.claimed);
        return step;
      });
      expect(claimed).toEqual(['u1', 'u1', 'u1', 'u2']);
      // What was claimed is found by whoever tidies up, and counts until then.
      expect(
        (await stores().uploads.claimIdle(other, { arrivingBeforeMs: 0, unusedBeforeMs: 0, limit: 9 })).toSorted(),
      ).toEqual(['u1', 'u2']);
    });
  });

  describe('records of erasures', () => {
    const record = (given: Partial<ErasureRecord> = {}): ErasureRecord => ({
      ...{ key: 'k1', id: 'e1', messages: 'anonymise', state: 'running', startedAt: 1, counts: {}, as },
      ...given,
    });

    test('one is begun at a time, and the next when it is no longer running', async () => {
      const app = newApp();
      const begun = await Promise.all(['e1', 'e2', 'e3'].map((id) => stores().erasures.begin(app, record({ id }))));
      expect(new Set(begun.map(({ id }) => id)).size).toBe(1);
      const id = begun[0]?.id ?? '';
      expect(await stores().erasures.put(app, record({ id: 'another' }))).toBe(false);
      const erased = record({ id, state: 'erased', erasedAt: 2, counts: { devices: 1 }, place: { step: 'x' } });
      expect(await stores().erasures.put(app, erased)).toBe(true);
      expect(await stores().erasures.get(app, 'k1')).toEqual(erased);
      expect(await stores().erasures.begin(app, record({ id: 'e9' }))).toEqual(record({ id: 'e9' }));
      expect(await stores().erasures.put(app, erased)).toBe(false);
      expect(await stores().erasures.get(app, 'none')).toBeUndefined();
    });

    test('those that are not finished are listed by key, in pages', async () => {
      const app = newApp();
      for (const key of ['k3', 'k1', 'k2', 'k4']) await stores().erasures.begin(app, record({ key, id: key, userId }));
      await stores().erasures.put(app, record({ key: 'k2', id: 'k2', state: 'finished', finishedAt: 5 }));
      const erased = record({ key: 'k3', id: 'k3', state: 'erased', erasedAt: 5, userId });
      await stores().erasures.put(app, erased);
      expect(await stores().erasures.unfinished(app, { limit: 2 })).toEqual([
        record({ key: 'k1', id: 'k1', userId }),
        erased,
      ]);
      const rest = await stores().erasures.unfinished(app, { after: 'k3', limit: 2 });
      expect(rest.map(({ key }) => key)).toEqual(['k4']);
      expect(await stores().erasures.unfinished(newApp(), { limit: 2 })).toEqual([]);
    });

    test('they are forgotten by the time at which they were finished', async () => {
      const app = newApp();
      for (const [key, finishedAt] of [
        ['k1', 10],
        ['k2', 20],
        ['k3', 30],
        ['k4', undefined],
      ] as const) {
        await stores().erasures.begin(app, record({ key }));
        if (finishedAt !== undefined) await stores().erasures.put(app, record({ key, state: 'finished', finishedAt }));
      }
      expect(await stores().erasures.prune(app, 25, 1)).toBe(1);
      expect(await stores().erasures.get(app, 'k1')).toBeUndefined();
      expect(await stores().erasures.prune(app, 25, 10)).toBe(1);
      expect(await stores().erasures.prune(app, 25, 10)).toBe(0);
      expect([await stores().erasures.get(app, 'k3'), await stores().erasures.get(app, 'k4')]).toMatchObject([
        { key: 'k3' },
        { key: 'k4' },
      ]);
    });
  });

  async function seedMessages(app: AppId): Promise<void> {
    const text = (words: string, more: object = {}) => ({ type: 'text', content: { text: words }, ...more });
    await stores().messages.append(app, [
      sampleMessage({
        seq: 1,
        senderId: userId,
        cid: 'phone of ann',
        data: text('one'),
        outbox: { dueAt: 9_000_000_000_000 },
      }),
      sampleMessage({ seq: 2, senderId: 'bob', data: text('two', { mentions: [userId, 'carol'] }) }),
      sampleMessage({ seq: 3, senderId: 'bob', data: text('three'), targets: ['carol', userId] }),
      sampleMessage({ seq: 4, senderId: 'bob', data: text('nothing of them') }),
      sampleMessage({ seq: 5, senderId: userId, data: {}, deletedAt: 5 }),
    ]);
    await stores().messages.append(app, [sampleMessage({ seq: 1, stream: inbox, senderId: 'bob' })]);
    await stores().messages.append(app, [
      sampleMessage({ seq: 1, stream: 'i:bob', senderId: userId, data: text('x') }),
    ]);
  }

  async function seedUploads(app: AppId): Promise<void> {
    const arrived = { name: 'a.png', type: 'image/png', bytes: 10, digest: 'd', quotaBytes: 100, unusedPerUser: 100 };
    for (const [id, owner] of [
      ['u1', userId],
      ['u2', userId],
      ['u3', 'bob'],
      ['u4', 'bob'],
    ] as const) {
      await stores().uploads.begin(app, { id, createdAt: 1 });
      await stores().uploads.complete(app, id, { ...arrived, userId: owner });
    }
    await stores().uploads.setUses(app, 'm1', { uploadIds: ['u2'], streams: ['c:c1'], at: 1 });
    await stores().uploads.setUses(app, 'm2', { uploadIds: ['u3'], streams: [inbox], at: 1 });
  }
}
