// The contract of the message logs: each driver must keep it. Of what they owe: outbox.contract.ts; of
// finding them by words: search.contract.ts.

import { describe, expect, test } from 'vitest';
import type { Stores } from '../../../src/ports/stores/index.ts';
import { newApp, sampleConversation, sampleMessage, sampleMessages } from '../../support/samples.ts';

export function messagesContract(stores: () => Stores): void {
  const seqs = (messages: readonly { seq: number }[]): number[] => messages.map(({ seq }) => seq);

  describe('messages', () => {
    test('a message that was appended is read back whole, with and without optional fields', async () => {
      const app = newApp();
      const bare = sampleMessage({ seq: 1 });
      delete bare.senderId;
      const full = sampleMessage({
        seq: 2,
        conversationId: 'c1',
        targets: ['bob'],
        exclude: [],
        outbox: { dueAt: 5 },
        data: { text: 'a\u0000b\u{1F514}"\\', nested: { list: [1, null, true] } },
      });
      expect(await stores().messages.append(app, [bare, full])).toEqual({ inserted: 2 });
      expect(await stores().messages.read(app, 'c:c1', { limit: 10 })).toEqual([bare, full]);
    });

    test('a stream that never was has epoch e1, seq 0 and first seq 1; a stream with messages has its bounds', async () => {
      const app = newApp();
      await stores().messages.append(app, sampleMessages(1, 3));
      const heads = await stores().messages.heads(app, ['c:c1', 'c:none']);
      expect(heads.get('c:c1')).toEqual({ epoch: 'e1', seq: 3, firstSeq: 1 });
      expect(heads.get('c:none')).toEqual({ epoch: 'e1', seq: 0, firstSeq: 1 });
    });

    test('a seq that is taken stops the append there, and what was before it stands', async () => {
      const app = newApp();
      await stores().messages.append(app, [sampleMessage({ seq: 3, cid: 'other' })]);
      expect(await stores().messages.append(app, sampleMessages(1, 4))).toEqual({ inserted: 2, conflict: 'seq' });
      expect(seqs(await stores().messages.read(app, 'c:c1', { limit: 10 }))).toEqual([1, 2, 3]);
    });

    test('what was numbered for a log that was removed and begun anew is not stored, whatever its seq', async () => {
      const { messages, conversations } = stores();
      const app = newApp();
      const append = (seq: number, epoch: string) => messages.append(app, [sampleMessage({ seq })], epoch);
      const create = () => conversations.create(app, sampleConversation(), []);
      await create();
      expect(await append(1, 'e1')).toEqual({ inserted: 1 });
      await conversations.remove(app, 'c1');
      await create();
      expect(await append(2, 'e1')).toEqual({ inserted: 0, conflict: 'seq' });
      expect(await messages.appendMany(app, [[sampleMessage({ seq: 1 })], []], ['e1', 'e1'])).toEqual([
        { inserted: 0, conflict: 'seq' },
        { inserted: 0 },
      ]);
      expect((await messages.heads(app, ['c:c1'])).get('c:c1')).toEqual({ epoch: 'e2', seq: 0, firstSeq: 1 });
      expect(await append(1, 'e2')).toEqual({ inserted: 1 });
      expect(seqs(await messages.read(app, 'c:c1', { limit: 10 }))).toEqual([1]);
    });

    test('a cid of the same sender stops the append; of another sender, of the system, or in another stream it does not', async () => {
      const app = newApp();
      const system = sampleMessage({ seq: 4, cid: 'x' });
      delete system.senderId;
      await stores().messages.append(app, [sampleMessage({ seq: 1, cid: 'x' })]);
      const again = [sampleMessage({ seq: 2, cid: 'y' }), sampleMessage({ seq: 3, cid: 'x' })];
      expect(await stores().messages.append(app, again)).toEqual({ inserted: 1, conflict: 'cid' });
      expect(
        await stores().messages.append(app, [sampleMessage({ seq: 3, cid: 'x', senderId: 'bob' }), system]),
      ).toEqual({
        inserted: 2,
      });
      expect(await stores().messages.append(app, [{ ...system, seq: 5 }])).toEqual({ inserted: 0, conflict: 'cid' });
      expect(await stores().messages.append(app, [sampleMessage({ seq: 1, cid: 'x', stream: 'c:c2' })])).toEqual({
        inserted: 1,
      });
    });

    test('groups of several streams are stored by one call, each answered with how far it got', async () => {
      const app = newApp();
      await stores().messages.append(app, [sampleMessage({ seq: 2, cid: 'taken', stream: 'i:bob' })]);
      const group = (stream: string, ...cids: string[]) =>
        cids.map((cid, index) => sampleMessage({ seq: index + 1, cid, stream }));
      const results = await stores().messages.appendMany(app, [
        group('i:alice', 'a'),
        group('i:bob', 'a', 'b', 'c'),
        group('c:c1', 'a', 'b'),
        group('i:carol', 'a', 'a', 'b'),
      ]);
      expect(results).toEqual([
        { inserted: 1 },
        { inserted: 1, conflict: 'seq' },
        { inserted: 2 },
        { inserted: 1, conflict: 'cid' },
      ]);
      const heads = await stores().messages.heads(app, ['i:alice', 'i:bob', 'c:c1', 'i:carol']);
      expect([...heads.values()].map(({ seq }) => seq)).toEqual([1, 2, 2, 1]);
      expect(await stores().messages.appendMany(app, [])).toEqual([]);
    });

    test('a broadcast into a thousand inboxes is one call', async () => {
      const app = newApp();
      const groups = Array.from({ length: 1000 }, (_, i) => [sampleMessage({ seq: 1, id: 'm1', stream: `i:u${i}` })]);
      const results = await stores().messages.appendMany(app, groups);
      expect(results.filter(({ inserted }) => inserted === 1)).toHaveLength(1000);
      expect(await stores().messages.byId(app, 'm1')).toHaveLength(1000);
    });

    test('of many calls that put one seq into one of their streams exactly one does, and all do into the others', async () => {
      const app = newApp();
      const calls = Array.from({ length: 10 }, (_, i) =>
        stores().messages.appendMany(app, [
          [sampleMessage({ seq: 1, cid: `c${i}`, stream: 'i:shared' })],
          [sampleMessage({ seq: 1, stream: `i:own-${i}` })],
        ]),
      );
      const results = await Promise.all(calls);
      expect(results.filter(([shared]) => shared?.inserted === 1)).toHaveLength(1);
      expect(results.every(([, own]) => own?.inserted === 1)).toBe(true);
    });

    test('of many appends of one seq at once exactly one is stored, and the others get the seq', async () => {
      const app = newApp();
      const attempts = Array.from({ length: 20 }, (_, i) => [sampleMessage({ seq: 1, cid: `c${i}` })]);
      const results = await Promise.all(attempts.map((attempt) => stores().messages.append(app, attempt)));
      expect(results.filter((result) => result.inserted === 1)).toEqual([{ inserted: 1 }]);
      expect(results.filter((result) => 'conflict' in result && result.conflict === 'seq')).toHaveLength(19);
      expect(await stores().messages.read(app, 'c:c1', { limit: 10 })).toHaveLength(1);
    });

    test('of many appends of one cid at once exactly one is stored', async () => {
      const app = newApp();
      const attempts = Array.from({ length: 20 }, (_, i) => [sampleMessage({ seq: i + 1, cid: 'same' })]);
      const results = await Promise.all(attempts.map((attempt) => stores().messages.append(app, attempt)));
      expect(results.filter((result) => result.inserted === 1)).toHaveLength(1);
      expect(results.filter((result) => 'conflict' in result && result.conflict === 'cid')).toHaveLength(19);
    });

    test('reads go either way between exclusive bounds, as far as the limit', async () => {
      const app = newApp();
      await stores().messages.append(app, sampleMessages(1, 9));
      const read = async (range: Parameters<Stores['messages']['read']>[2]): Promise<number[]> =>
        seqs(await stores().messages.read(app, 'c:c1', range));
      expect(await read({ afterSeq: 2, beforeSeq: 6, limit: 10 })).toEqual([3, 4, 5]);
      expect(await read({ afterSeq: 2, limit: 2 })).toEqual([3, 4]);
      expect(await read({ limit: 2, order: 'descending' })).toEqual([9, 8]);
      expect(await read({ beforeSeq: 3, limit: 10, order: 'descending' })).toEqual([2, 1]);
      expect(await read({ afterSeq: 9, limit: 10 })).toEqual([]);
    });

    test('a message is found by its id in every stream it went to, and by the sender and cid', async () => {
      const app = newApp();
      const copies = [
        sampleMessage({ seq: 1, id: 'm1', stream: 'i:a' }),
        sampleMessage({ seq: 1, id: 'm1', stream: 'i:b' }),
      ];
      for (const copy of copies) await stores().messages.append(app, [copy]);
      const found = await stores().messages.byId(app, 'm1');
      expect(new Set(found.map(({ stream }) => stream))).toEqual(new Set(['i:a', 'i:b']));
      expect(found).toHaveLength(2);
      expect(await stores().messages.byId(app, 'm2')).toEqual([]);
      const byCid = (senderId: string | undefined): Promise<unknown> =>
        stores().messages.byCid(app, 'i:a', { senderId, cid: 'cid-1' });
      expect(await byCid('alice')).toEqual(copies[0]);
      expect(await byCid(undefined)).toBeUndefined();
      expect(await byCid('bob')).toBeUndefined();
    });

    test('the newest of each stream, and nothing for a stream without messages', async () => {
      const app = newApp();
      await stores().messages.append(app, sampleMessages(1, 2));
      const newest = await stores().messages.newest(app, 'bob', ['c:c1', 'c:none']);
      expect([...newest.keys()]).toEqual(['c:c1']);
      expect(newest.get('c:c1')?.seq).toBe(2);
    });

    test('unread messages are those after the position that others sent and nobody deleted', async () => {
      const app = newApp();
      await stores().messages.append(app, [
        ...sampleMessages(1, 3),
        sampleMessage({ seq: 4, senderId: 'bob' }),
        sampleMessage({ seq: 5 }),
      ]);
      await stores().messages.remove(app, { stream: 'c:c1', seq: 3 }, { data: {}, deletedAt: 5 });
      const unread = async (userId: string, afterSeq: number): Promise<number | undefined> =>
        (await stores().messages.countUnread(app, userId, [{ stream: 'c:c1', afterSeq }])).get('c:c1');
      expect([
        await unread('bob', 0),
        await unread('bob', 2),
        await unread('alice', 0),
        await unread('bob', 5),
      ]).toEqual([3, 1, 1, 0]);
    });

    test('the newest message, and how many are unread, are those of what is addressed to the user', async () => {
      const app = newApp();
      await stores().messages.append(app, [
        sampleMessage({ seq: 1 }),
        sampleMessage({ seq: 2, targets: ['bob'] }),
        sampleMessage({ seq: 3, exclude: ['carol', 'bob'] }),
        sampleMessage({ seq: 4, targets: ['dave'], exclude: ['alice'] }),
      ]);
      const seen = async (userId: string): Promise<(number | undefined)[]> => {
        const newest = await stores().messages.newest(app, userId, ['c:c1']);
        const unread = await stores().messages.countUnread(app, userId, [{ stream: 'c:c1', afterSeq: 0 }]);
        return [newest.get('c:c1')?.seq, unread.get('c:c1')];
      };
      // All are alice's own, so she sees all of them, and none is unread to her.
      expect(await seen('alice')).toEqual([4, 0]);
      expect(await seen('bob')).toEqual([2, 2]);
      expect(await seen('carol')).toEqual([1, 1]);
      expect(await seen('dave')).toEqual([4, 3]);
      expect(await seen('erin')).toEqual([3, 2]);
    });

    test('a deleted message is not the newest, and is not unread, whoever may see it', async () => {
      const app = newApp();
      await stores().messages.append(app, [
        ...sampleMessages(1, 2),
        sampleMessage({ seq: 3, exclude: ['carol'] }),
        sampleMessage({ seq: 4 }),
      ]);
      const state = async (userId: string): Promise<(number | undefined)[]> => [
        (await stores().messages.newest(app, userId, ['c:c1'])).get('c:c1')?.seq,
        (await stores().messages.countUnread(app, userId, [{ stream: 'c:c1', afterSeq: 1 }])).get('c:c1'),
      ];
      const remove = (seq: number): Promise<boolean> =>
        stores().messages.remove(app, { stream: 'c:c1', seq }, { data: {}, deletedAt: 5 });
      await remove(4);
      expect([await state('bob'), await state('carol')]).toEqual([
        [3, 2],
        [2, 1],
      ]);
      for (const seq of [1, 2, 3]) await remove(seq);
      expect([await state('bob'), await state('carol'), await state('alice')]).toEqual([
        [undefined, 0],
        [undefined, 0],
        [undefined, 0],
      ]);
    });

    test('unread messages are counted up to a place, where one is given', async () => {
      const app = newApp();
      await stores().messages.append(app, sampleMessages(1, 5));
      const unread = await stores().messages.countUnread(app, 'bob', [{ stream: 'c:c1', afterSeq: 1, throughSeq: 4 }]);
      expect(unread.get('c:c1')).toBe(3);
    });

    test('the version of a content is kept, and an edit that names another replaces it', async () => {
      const app = newApp();
      await stores().messages.append(app, [sampleMessage({ seq: 1, contentVersion: 2 })]);
      const versionNow = async () => (await stores().messages.read(app, 'c:c1', { limit: 1 }))[0]?.contentVersion;
      const edit = { data: { text: 'new' }, editedAt: 7 };
      expect(await versionNow()).toBe(2);
      await stores().messages.edit(app, { stream: 'c:c1', seq: 1 }, edit);
      expect(await versionNow()).toBe(2);
      await stores().messages.edit(app, { stream: 'c:c1', seq: 1 }, { ...edit, contentVersion: 3 });
      expect(await versionNow()).toBe(3);
    });

    test('an edit replaces the data and keeps the place; what is deleted or not there is not edited', async () => {
      const app = newApp();
      const at = { stream: 'c:c1', seq: 1 };
      await stores().messages.append(app, [sampleMessage({ seq: 1, outbox: { dueAt: 5 } })]);
      expect(await stores().messages.edit(app, at, { data: { text: 'new' }, editedAt: 7 })).toBe(true);
      const [edited] = await stores().messages.read(app, 'c:c1', { limit: 1 });
      expect(edited).toMatchObject({ seq: 1, data: { text: 'new' }, editedAt: 7, outbox: { dueAt: 5 } });
      expect(await stores().messages.edit(app, { ...at, seq: 2 }, { data: {}, editedAt: 7 })).toBe(false);

      expect(await stores().messages.remove(app, at, { data: {}, deletedAt: 8 })).toBe(true);
      expect(await stores().messages.remove(app, at, { data: { no: 1 }, deletedAt: 9 })).toBe(false);
      expect(await stores().messages.edit(app, at, { data: { text: 'late' }, editedAt: 9 })).toBe(false);
      const [removed] = await stores().messages.read(app, 'c:c1', { limit: 1 });
      expect(removed).toMatchObject({ seq: 1, data: {}, deletedAt: 8 });
      expect(removed).not.toHaveProperty('outbox');
    });

    test('edited and deleted messages are listed in the order of their changes, up to a seq, page by page', async () => {
      const app = newApp();
      await stores().messages.append(app, sampleMessages(1, 6));
      const edit = (seq: number, editedAt: number): Promise<boolean> =>
        stores().messages.edit(app, { stream: 'c:c1', seq }, { data: { text: `at ${editedAt}` }, editedAt });
      for (const [seq, editedAt] of [
        [3, 2000],
        [1, 2001],
        [3, 2002],
        [2, 2002],
        [6, 2003],
      ] as const)
        await edit(seq, editedAt);
      await stores().messages.remove(app, { stream: 'c:c1', seq: 1 }, { data: {}, deletedAt: 2004 });
      const changed = async (after: { changedAt: number; seq: number }, limit = 10) =>
        (await stores().messages.changed(app, 'c:c1', { after, upToSeq: 5, limit })).map(
          ({ seq, editedAt, deletedAt }) => [seq, deletedAt ?? editedAt],
        );
      const all = [
        [2, 2002],
        [3, 2002],
        [1, 2004],
      ];
      expect(await changed({ changedAt: 0, seq: 0 })).toEqual(all);
      expect(await changed({ changedAt: 0, seq: 0 }, 1)).toEqual(all.slice(0, 1));
      expect(await changed({ changedAt: 2002, seq: 2 })).toEqual(all.slice(1));
      expect(await changed({ changedAt: 2002, seq: 3 })).toEqual(all.slice(2));
      expect(await changed({ changedAt: 2004, seq: 1 })).toEqual([]);
    });

    test('of many removals of one message at once one gets true', async () => {
      const app = newApp();
      await stores().messages.append(app, [sampleMessage({ seq: 1 })]);
      const at = { stream: 'c:c1', seq: 1 };
      const removals = Array.from({ length: 10 }, (_, i) =>
        stores().messages.remove(app, at, { data: {}, deletedAt: i }),
      );
      expect((await Promise.all(removals)).filter(Boolean)).toHaveLength(1);
    });

    test('pruning takes the old, at most so many, and keeps the newest of a stream and what a push is owed for', async () => {
      const app = newApp();
      const messages = sampleMessages(1, 6).map((message) =>
        message.seq === 2 ? { ...message, outbox: { dueAt: 1 } } : message,
      );
      await stores().messages.append(app, messages);
      await stores().messages.append(app, [sampleMessage({ seq: 1, stream: 'i:lonely', storedAt: 1 })]);
      const left = async (): Promise<number[]> => seqs(await stores().messages.read(app, 'c:c1', { limit: 10 }));
      expect(await stores().messages.prune(app, 1005, 2)).toBe(2);
      expect(await left()).toEqual([2, 4, 5, 6]);
      expect(await stores().messages.prune(app, 1_000_000, 100)).toBe(2);
      expect(await left()).toEqual([2, 6]);
      expect(await stores().messages.prune(app, 1_000_000, 100)).toBe(0);
      expect((await stores().messages.heads(app, ['c:c1', 'i:lonely'])).get('c:c1')).toMatchObject({
        seq: 6,
        firstSeq: 2,
      });
      expect((await stores().messages.heads(app, ['i:lonely'])).get('i:lonely')).toMatchObject({ seq: 1, firstSeq: 1 });
      await stores().messages.clearOutbox(app, [{ stream: 'c:c1', seq: 2 }]);
      expect(await stores().messages.prune(app, 1_000_000, 100)).toBe(1);
    });

    test('arguments may be changed once the call resolved, and results at any time, without changing what is stored', async () => {
      const app = newApp();
      const message = sampleMessage({ seq: 1, data: { text: 'kept' } });
      await stores().messages.append(app, [message]);
      message.data['text'] = 'changed';
      const [first] = await stores().messages.read(app, 'c:c1', { limit: 1 });
      if (first !== undefined) first.data['text'] = 'changed too';
      const [second] = await stores().messages.read(app, 'c:c1', { limit: 1 });
      expect(second?.data).toEqual({ text: 'kept' });
    });
  });
}
