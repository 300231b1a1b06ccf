// The contract of additions to messages: each driver must keep it. Of the messages: messages.contract.ts.

import { describe, expect, test } from 'vitest';
import type { AppId } from '../../../src/ports/app-id.ts';
import type { Annotated, Annotation, ReadRange, StoredMessage, Stores } from '../../../src/ports/stores/index.ts';
import { newApp, sampleMessage, sampleMessages } from '../../support/samples.ts';

const at = { stream: 'c:c1', seq: 1 };
const limits = { reactionsPerMessage: 3, usersPerReaction: 2 };

export function additionsContract(stores: () => Stores): void {
  const readAll = (app: AppId, range: Partial<ReadRange> = {}): Promise<readonly StoredMessage[]> =>
    stores().messages.read(app, 'c:c1', { limit: 100, ...range });

  const react = (
    app: AppId,
    given: { reaction: string; userId: string; isOn?: boolean; atMs?: number; seq?: number },
  ): Promise<Annotated | undefined> => {
    const { seq = 1, ...change } = given;
    return stores().messages.annotate(
      app,
      { ...at, seq },
      { type: 'reaction', isOn: true, atMs: 1, limits, ...change },
    );
  };

  const pin = (app: AppId, seq: number, given: Partial<Annotation & { type: 'pin' }> = {}) =>
    stores().messages.annotate(app, { ...at, seq }, { type: 'pin', isOn: true, atMs: 50, by: 'bob', ...given });

  const reply = (seq: number, to: string, given: Partial<StoredMessage> = {}): StoredMessage =>
    sampleMessage({ seq, data: { type: 'text', content: { text: `re ${seq}` }, replyTo: to }, ...given });

  describe('additions to messages', () => {
    test('reactions are kept in the order in which they came, and read with the message wherever it is read', async () => {
      const app = newApp();
      const message = sampleMessage({ seq: 1, conversationId: 'c1' });
      await stores().messages.append(app, [message]);
      expect((await react(app, { reaction: '👍', userId: 'bob', atMs: 5 }))?.outcome).toBe('changed');
      await react(app, { reaction: 'a "b"', userId: 'bob', atMs: 6 });
      const last = await react(app, { reaction: '👍', userId: 'carol', atMs: 7 });
      const reactions = [
        { reaction: '👍', userIds: ['bob', 'carol'] },
        { reaction: 'a "b"', userIds: ['bob'] },
      ];
      const now = { ...message, reactions, addedAt: 7 };
      expect(last).toEqual({ message: now, outcome: 'changed' });
      expect(await readAll(app)).toEqual([now]);
      expect(await stores().messages.byId(app, message.id)).toEqual([now]);
      expect((await stores().messages.newest(app, 'bob', ['c:c1'])).get('c:c1')).toEqual(now);
      expect(await stores().messages.byCid(app, 'c:c1', { senderId: 'alice', cid: 'cid-1' })).toEqual(now);
      expect((await stores().messages.search(app, { terms: ['text'], limit: 1 })).items).toEqual([now]);
    });

    test('a reaction that is there, or one that is not, changes nothing; the last of its kind takes it away', async () => {
      const app = newApp();
      const message = sampleMessage({ seq: 1 });
      await stores().messages.append(app, [message]);
      expect((await react(app, { reaction: '👍', userId: 'bob', isOn: false }))?.outcome).toBe('unchanged');
      await react(app, { reaction: '👍', userId: 'bob', atMs: 5 });
      expect(await react(app, { reaction: '👍', userId: 'bob', atMs: 9 })).toEqual({
        message: { ...message, reactions: [{ reaction: '👍', userIds: ['bob'] }], addedAt: 5 },
        outcome: 'unchanged',
      });
      const gone = await react(app, { reaction: '👍', userId: 'bob', isOn: false, atMs: 9 });
      expect(gone).toEqual({ message: { ...message, addedAt: 9 }, outcome: 'changed' });
    });

    test('kinds of reactions, and users of each, are bounded', async () => {
      const app = newApp();
      await stores().messages.append(app, [sampleMessage({ seq: 1 })]);
      for (const reaction of ['1', '2', '3']) await react(app, { reaction, userId: 'bob' });
      expect((await react(app, { reaction: '4', userId: 'bob' }))?.outcome).toBe('too_many');
      expect((await react(app, { reaction: '3', userId: 'carol' }))?.outcome).toBe('changed');
      expect((await react(app, { reaction: '3', userId: 'dora' }))?.outcome).toBe('too_many');
      expect((await readAll(app))[0]?.reactions?.map(({ userIds }) => userIds)).toEqual([
        ['bob'],
        ['bob'],
        ['bob', 'carol'],
      ]);
    });

    test('of many changes of one message at once none is lost, and each has a later time', async () => {
      const app = newApp();
      await stores().messages.append(app, [sampleMessage({ seq: 1 })]);
      const wide = { reactionsPerMessage: 100, usersPerReaction: 100 };
      const made = await Promise.all(
        Array.from({ length: 20 }, (_, i) =>
          stores().messages.annotate(app, at, {
            ...{ type: 'reaction', reaction: `r${i % 4}`, userId: `u${i}`, isOn: true, atMs: 5, limits: wide },
          }),
        ),
      );
      const [message] = await readAll(app);
      expect(message?.reactions?.flatMap(({ userIds }) => userIds)).toHaveLength(20);
      expect(new Set(made.map((each) => each?.message.addedAt)).size).toBe(20);
    });

    test('a pin says when and by whom, and is listed in the order of the log until it is taken off', async () => {
      const app = newApp();
      await stores().messages.append(app, sampleMessages(1, 4));
      expect((await pin(app, 3))?.message.pinned).toEqual({ at: 50, by: 'bob' });
      expect((await pin(app, 1, { by: undefined, atMs: 60 }))?.message.pinned).toEqual({ at: 60 });
      expect((await pin(app, 3, { by: 'carol', atMs: 70 }))?.outcome).toBe('unchanged');
      await pin(app, 4);
      const pinned = async (range: Partial<ReadRange> = {}) =>
        (await readAll(app, { only: { pinned: true }, ...range })).map(({ seq }) => seq);
      expect(await pinned()).toEqual([1, 3, 4]);
      expect(await pinned({ order: 'descending', limit: 2 })).toEqual([4, 3]);
      expect(await pinned({ order: 'descending', beforeSeq: 3 })).toEqual([1]);
      expect(await pinned({ afterSeq: 1, limit: 1 })).toEqual([3]);
      expect((await pin(app, 3, { isOn: false }))?.outcome).toBe('changed');
      expect((await pin(app, 3, { isOn: false }))?.outcome).toBe('unchanged');
      await stores().messages.remove(app, { ...at, seq: 4 }, { data: {}, deletedAt: 9 });
      expect(await pinned()).toEqual([1]);
      expect((await readAll(app))[2]).not.toHaveProperty('pinned');
    });

    test('replies are counted on the message that they answer, with the time of the last, and listed', async () => {
      const app = newApp();
      const parent = sampleMessage({ seq: 1 });
      await stores().messages.append(app, [parent, reply(2, parent.id), reply(3, 'none'), reply(4, parent.id)]);
      await stores().messages.appendMany(app, [[reply(1, parent.id, { stream: 'c:c2' })], [reply(5, parent.id)]]);
      const [first] = await readAll(app);
      expect(first?.replies).toEqual({ count: 3, lastAt: 1005 });
      expect(first?.addedAt).toBeGreaterThanOrEqual(1005);
      const replies = async (range: Partial<ReadRange> = {}) =>
        (await readAll(app, { only: { replyTo: parent.id }, ...range })).map(({ seq }) => seq);
      expect(await replies()).toEqual([2, 4, 5]);
      expect(await replies({ afterSeq: 2, limit: 1 })).toEqual([4]);
      expect(await replies({ order: 'descending', beforeSeq: 5 })).toEqual([4, 2]);
      expect((await readAll(app)).filter(({ replies: of }) => of !== undefined)).toHaveLength(1);
    });

    test('an append that was refused, a reply that is deleted, and one for some alone are not counted', async () => {
      const app = newApp();
      const parent = sampleMessage({ seq: 1 });
      await stores().messages.append(app, [parent, reply(2, parent.id), reply(3, parent.id)]);
      await stores().messages.append(app, [reply(4, parent.id, { cid: 'cid-3' })]);
      await stores().messages.append(app, [
        reply(4, parent.id, { targets: ['bob'] }),
        reply(5, parent.id, { exclude: ['bob'] }),
        reply(6, parent.id, { exclude: [] }),
      ]);
      const counted = async () => (await readAll(app))[0]?.replies;
      expect(await counted()).toEqual({ count: 3, lastAt: 1006 });
      const before = (await readAll(app))[0]?.addedAt ?? 0;
      await stores().messages.remove(app, { ...at, seq: 6 }, { data: {}, deletedAt: 2000 });
      expect(await counted()).toEqual({ count: 2, lastAt: 1003 });
      expect((await readAll(app))[0]?.addedAt).toBeGreaterThan(before);
      for (const seq of [2, 3])
        await stores().messages.remove(app, { ...at, seq }, { data: {}, deletedAt: 2000 + seq });
      expect(await counted()).toBeUndefined();
      expect((await readAll(app, { only: { replyTo: parent.id } })).map(({ seq }) => seq)).toEqual([4, 5]);
    });

    test('additions stay through an edit and go with the message; nothing is added to what is gone', async () => {
      const app = newApp();
      const parent = sampleMessage({ seq: 1 });
      await stores().messages.append(app, [parent, reply(2, parent.id)]);
      await react(app, { reaction: '👍', userId: 'bob' });
      await pin(app, 1);
      await stores().messages.edit(app, at, { data: { text: 'new' }, editedAt: 9 });
      const [edited] = await readAll(app);
      expect(edited).toMatchObject({ editedAt: 9, pinned: { at: 50 }, replies: { count: 1 } });
      expect(edited?.reactions).toHaveLength(1);
      await stores().messages.remove(app, at, { data: {}, deletedAt: 10 });
      await stores().messages.append(app, [reply(3, parent.id)]);
      const [removed] = await readAll(app);
      for (const name of ['reactions', 'pinned', 'replies', 'addedAt']) expect(removed).not.toHaveProperty(name);
      expect(await react(app, { reaction: '👍', userId: 'bob' })).toBeUndefined();
      expect(await pin(app, 1)).toBeUndefined();
      expect(await pin(app, 99)).toBeUndefined();
    });

    test('messages that something was added to are among those that changed, at the time of their last change', async () => {
      const app = newApp();
      const messages = sampleMessages(1, 4);
      await stores().messages.append(app, messages);
      await react(app, { seq: 2, reaction: '👍', userId: 'bob', atMs: 5000 });
      await stores().messages.edit(app, { ...at, seq: 1 }, { data: {}, editedAt: 5001 });
      await pin(app, 3, { atMs: 5002 });
      await stores().messages.edit(app, { ...at, seq: 2 }, { data: {}, editedAt: 5003 });
      await stores().messages.append(app, [reply(5, messages[0]?.id ?? '', { storedAt: 5004 })]);
      const changed = async (changedAt: number) =>
        (await stores().messages.changed(app, 'c:c1', { after: { changedAt, seq: 0 }, upToSeq: 9, limit: 9 })).map(
          ({ seq }) => seq,
        );
      expect(await changed(0)).toEqual([3, 2, 1]);
      expect(await changed(5003)).toEqual([2, 1]);
      await stores().messages.remove(app, { ...at, seq: 3 }, { data: {}, deletedAt: 5005 });
      expect(await changed(0)).toEqual([2, 1, 3]);
    });

    test('a user who is erased takes their reactions along; what they pinned is pinned by another name', async () => {
      const app = newApp();
      const userId = 'auth0|"ann" é';
      const messages = sampleMessages(1, 3);
      const replyOfTheirs = reply(4, messages[2]?.id ?? '', { senderId: userId });
      await stores().messages.append(app, [...messages, replyOfTheirs]);
      await react(app, { reaction: '👍', userId });
      await react(app, { reaction: '👍', userId: 'bob' });
      await react(app, { reaction: userId, userId: 'bob' });
      await react(app, { seq: 2, reaction: '👀', userId });
      await pin(app, 3, { by: userId });
      const before = await readAll(app);
      const request = { userId, as: 'erased:1', after: undefined, limit: 100, removedAtMs: 77 };
      expect(await stores().messages.erase(app, request)).toEqual({ erased: 4, streams: ['c:c1'] });
      const [first, second, third] = await readAll(app);
      for (const [index, message] of [first, second, third].entries())
        expect(message?.addedAt).toBeGreaterThan(before[index]?.addedAt ?? Infinity);
      expect(first?.reactions).toEqual([
        { reaction: '👍', userIds: ['bob'] },
        { reaction: userId, userIds: ['bob'] },
      ]);
      expect(second).not.toHaveProperty('reactions');
      expect(third?.pinned).toEqual({ at: 50, by: 'erased:1' });
      expect(third).not.toHaveProperty('replies');
      expect((await stores().messages.erase(app, request)).erased).toBe(0);
    });
  });
}
