// The contract of conversations: each driver must keep it.

import { describe, expect, test, vi } from 'vitest';
import type { AppId } from '../../../src/ports/app-id.ts';
import type { ConversationSearch, ConversationSummary, Participant, Stores } from '../../../src/ports/stores/index.ts';
import { newApp, sampleConversation, sampleMessage, sampleMessages } from '../../support/samples.ts';

export function conversationsContract(stores: () => Stores): void {
  const person = (userId: string, joinedAt = 1000, role = 'member'): Participant => ({ userId, role, joinedAt });
  const ids = (summaries: readonly ConversationSummary[]): string[] =>
    summaries.map(({ conversation }) => conversation.id);

  describe('conversations', () => {
    test('a conversation is made once, and made again changes nothing', async () => {
      const app = newApp();
      const made = sampleConversation({ title: 'Consultation', metadata: { ward: { number: 3 } } });
      expect(
        await stores().conversations.create(app, made, [person('bob', 2), person('alice', 2), person('carol', 1)]),
      ).toBe(true);
      expect(await stores().conversations.create(app, sampleConversation({ title: 'other' }), [person('eve')])).toBe(
        false,
      );
      expect(await stores().conversations.get(app, 'c1')).toEqual(made);
      expect(await stores().conversations.participants(app, 'c1')).toEqual({
        version: 1,
        participants: [person('carol', 1), person('alice', 2), person('bob', 2)],
      });
      expect(await stores().conversations.get(app, 'none')).toBeUndefined();
      expect(await stores().conversations.participants(app, 'none')).toBeUndefined();
    });

    test('of many that make one at once exactly one does', async () => {
      const app = newApp();
      const made = await Promise.all(
        Array.from({ length: 10 }, (_, i) =>
          stores().conversations.create(app, sampleConversation(), [person(`u${i}`)]),
        ),
      );
      expect(made.filter(Boolean)).toHaveLength(1);
      expect((await stores().conversations.participants(app, 'c1'))?.participants).toHaveLength(1);
    });

    test('an update changes what is given', async () => {
      const app = newApp();
      await stores().conversations.create(app, sampleConversation({ title: 'old', metadata: { a: 1 } }), []);
      expect(await stores().conversations.update(app, 'c1', { title: 'new' })).toEqual(
        sampleConversation({ title: 'new', metadata: { a: 1 } }),
      );
      expect(await stores().conversations.update(app, 'c1', { metadata: { b: 2 } })).toEqual(
        sampleConversation({ title: 'new', metadata: { b: 2 } }),
      );
      expect(await stores().conversations.update(app, 'none', { title: 'x' })).toBeUndefined();
      expect(await stores().conversations.update(app, 'c1', { title: null, metadata: null })).toEqual(
        sampleConversation({}),
      );
    });

    test('an update that compares the metadata leaves others than those alone', async () => {
      const app = newApp();
      const { conversations } = stores();
      await conversations.create(app, sampleConversation({}), []);
      const first = { metadata: { a: { b: 1 } }, ifMetadata: null };
      expect(await conversations.update(app, 'c1', first)).toMatchObject({ metadata: { a: { b: 1 } } });
      expect(await conversations.update(app, 'c1', { metadata: { c: 1 }, ifMetadata: null })).toBeUndefined();
      expect(await conversations.update(app, 'c1', { metadata: { c: 1 }, ifMetadata: { a: 1 } })).toBeUndefined();
      expect(await conversations.get(app, 'c1')).toMatchObject({ metadata: { a: { b: 1 } } });
      const second = { metadata: { c: 1 }, ifMetadata: { a: { b: 1 } } };
      expect(await conversations.update(app, 'c1', second)).toMatchObject({ metadata: { c: 1 } });
    });

    test('the metadata of a participant are kept, and the same again are no change', async () => {
      const app = newApp();
      const { conversations } = stores();
      const nurse = { ...person('bob'), metadata: { shift: 'late' } };
      await conversations.create(app, sampleConversation({}), [nurse]);
      expect(await conversations.putParticipant(app, 'c1', nurse)).toBe('changed');
      expect(await conversations.participants(app, 'c1')).toEqual({ version: 1, participants: [nurse] });
      await conversations.putParticipant(app, 'c1', { ...nurse, metadata: { shift: 'early' } });
      expect((await conversations.get(app, 'c1'))?.version).toBe(2);
      await conversations.putParticipant(app, 'c1', person('bob'));
      expect(await conversations.participants(app, 'c1')).toEqual({ version: 3, participants: [person('bob')] });
    });

    test('every change of the participants makes the version grow', async () => {
      const app = newApp();
      const versions: (number | undefined)[] = [];
      const record = async (): Promise<unknown> =>
        versions.push((await stores().conversations.get(app, 'c1'))?.version);
      await stores().conversations.create(app, sampleConversation(), []);
      await record();
      expect(await stores().conversations.putParticipant(app, 'c1', person('alice', 5))).toBe('added');
      await record();
      expect(await stores().conversations.putParticipant(app, 'c1', person('alice', 9, 'consultant'))).toBe('changed');
      await record();
      expect((await stores().conversations.participants(app, 'c1'))?.participants).toEqual([
        person('alice', 5, 'consultant'),
      ]);
      expect(await stores().conversations.removeParticipant(app, 'c1', 'alice')).toBe(true);
      await record();
      expect(versions).toEqual([...new Set(versions)].toSorted((a, b) => (a ?? 0) - (b ?? 0)));
      expect(versions).toHaveLength(4);
      expect(await stores().conversations.removeParticipant(app, 'c1', 'alice')).toBe(false);
      expect((await stores().conversations.participants(app, 'c1'))?.participants).toEqual([]);
      expect(await stores().conversations.putParticipant(app, 'none', person('alice'))).toBe('missing');
      expect(await stores().conversations.removeParticipant(app, 'none', 'alice')).toBe(false);
    });

    test('people who join at once are all there, each with a version of its own', async () => {
      const app = newApp();
      await stores().conversations.create(app, sampleConversation(), []);
      await Promise.all(
        Array.from({ length: 10 }, (_, i) => stores().conversations.putParticipant(app, 'c1', person(`u${i}`))),
      );
      const now = await stores().conversations.participants(app, 'c1');
      expect(now?.participants).toHaveLength(10);
      expect(now?.version).toBe(11);
    });

    test('lists go from the newest activity to the oldest, page by page, over equal times too', async () => {
      const app = newApp();
      for (const [id, createdAt] of [
        ['a', 10],
        ['b', 20],
        ['c', 20],
        ['d', 20],
        ['e', 5],
      ] as const) {
        await stores().conversations.create(app, sampleConversation({ id, createdAt }), [person('alice')]);
      }
      await stores().conversations.create(app, sampleConversation({ id: 'others', createdAt: 15 }), [person('bob')]);
      for (const all of [true, false]) {
        const pages: string[][] = [];
        let before: { activeAt: number; id: string } | undefined;
        for (;;) {
          const request = { limit: 2, ...(before === undefined ? {} : { before }) };
          const page = all
            ? await stores().conversations.list(app, request)
            : await stores().conversations.ofUser(app, 'alice', request);
          const last = page.at(-1);
          if (last === undefined) break;
          pages.push(ids(page));
          before = { activeAt: last.activeAt, id: last.conversation.id };
        }
        const listed = pages.flat();
        expect(new Set(listed.slice(0, 3))).toEqual(new Set(['b', 'c', 'd']));
        expect(listed.slice(3)).toEqual(all ? ['others', 'a', 'e'] : ['a', 'e']);
      }
    });

    test('of a list, the rows of some ids are those of them that the user is in', async () => {
      const app = newApp();
      const made = { a: 10, b: 20, c: 30, d: 40 };
      for (const [id, createdAt] of Object.entries(made)) {
        await stores().conversations.create(app, sampleConversation({ id, createdAt }), [person('alice')]);
      }
      await stores().conversations.create(app, sampleConversation({ id: 'others' }), [person('bob')]);
      const among = ['a', 'others', 'c', 'none', 'toString', 'a'];
      const rows = await stores().conversations.ofUser(app, 'alice', { limit: 10, among });
      expect(ids(rows)).toEqual(['c', 'a']);
      expect(await stores().conversations.ofUser(app, 'alice', { limit: 10, among: [] })).toEqual([]);
      await stores().conversations.removeParticipant(app, 'c', 'alice');
      expect(ids(await stores().conversations.ofUser(app, 'alice', { limit: 10, among }))).toEqual(['a']);
    });

    test('while a list is read page by page, a row that moves up comes once at most', async () => {
      const app = newApp();
      for (const [index, id] of ['a', 'b', 'c', 'd'].entries()) {
        await stores().conversations.create(app, sampleConversation({ id, createdAt: 10 * index }), [person('alice')]);
      }
      const [, last] = await stores().conversations.ofUser(app, 'alice', { limit: 2 });
      await stores().messages.append(app, [
        sampleMessage({ seq: 1, stream: 'c:b', conversationId: 'b', storedAt: 5000 }),
      ]);
      await expect
        .poll(async () => ids(await stores().conversations.ofUser(app, 'alice', { limit: 1 })), { timeout: 3000 })
        .toEqual(['b']);
      const before = { activeAt: last?.activeAt ?? 0, id: last?.conversation.id ?? '' };
      expect(ids(await stores().conversations.ofUser(app, 'alice', { limit: 9, before }))).toEqual(['a']);
    });

    test('a message moves its conversation to the front', async () => {
      const app = newApp();
      await stores().conversations.create(app, sampleConversation({ id: 'c1', createdAt: 10 }), [person('alice')]);
      await stores().conversations.create(app, sampleConversation({ id: 'c2', createdAt: 20 }), [person('alice')]);
      await stores().messages.append(app, [sampleMessage({ seq: 1, conversationId: 'c1', storedAt: 5000 })]);
      // The port lets the order lag by a second.
      await expect
        .poll(async () => ids(await stores().conversations.ofUser(app, 'alice', { limit: 5 })), { timeout: 3000 })
        .toEqual(['c1', 'c2']);
      expect((await stores().conversations.list(app, { limit: 1 }))[0]?.activeAt).toBe(5000);
    });

    test('so do messages that came into several conversations by one call', async () => {
      const app = newApp();
      for (const [id, createdAt] of [
        ['a', 1],
        ['b', 2],
        ['c', 3],
      ] as const)
        await stores().conversations.create(app, sampleConversation({ id, createdAt }), []);
      await stores().messages.appendMany(app, [
        [sampleMessage({ seq: 1, stream: 'c:b', storedAt: 10 })],
        [
          sampleMessage({ seq: 1, stream: 'c:a', storedAt: 11 }),
          sampleMessage({ seq: 2, stream: 'c:a', storedAt: 12 }),
        ],
      ]);
      await vi.waitFor(async () => {
        const list = await stores().conversations.list(app, { limit: 9 });
        expect(list.map(({ conversation, activeAt }) => [conversation.id, activeAt])).toEqual([
          ['a', 12],
          ['b', 10],
          ['c', 3],
        ]);
      });
    });

    test('a user shares a conversation with the users who are in one with them now', async () => {
      const app = newApp();
      const { conversations } = stores();
      const sharing = async (userId: string, asked: string[]): Promise<string[]> =>
        [...(await conversations.sharing(app, userId, asked))].toSorted();
      await conversations.create(app, sampleConversation({ id: 'c1' }), [person('alice'), person('bob')]);
      await conversations.create(app, sampleConversation({ id: 'c2' }), [
        person('alice'),
        person('bob'),
        person('dave'),
      ]);
      await conversations.create(app, sampleConversation({ id: 'c3' }), [person('carol'), person('constructor')]);
      await conversations.create(newApp(), sampleConversation({ id: 'c1' }), [person('alice'), person('carol')]);
      const everybody = ['alice', 'bob', 'carol', 'dave', 'nobody', 'constructor', "o'neill"];
      expect(await sharing('alice', everybody)).toEqual(['bob', 'dave']);
      expect(await sharing('carol', everybody)).toEqual(['constructor']);
      expect(await sharing('nobody', everybody)).toEqual([]);
      expect(await sharing('alice', ['carol', 'bob', 'bob'])).toEqual(['bob']);
      expect(await sharing('alice', [])).toEqual([]);
      await conversations.removeParticipant(app, 'c2', 'dave');
      await conversations.removeParticipant(app, 'c1', 'bob');
      expect(await sharing('alice', everybody)).toEqual(['bob']);
      await conversations.remove(app, 'c2');
      expect(await sharing('alice', everybody)).toEqual([]);
    });

    describe('a search', () => {
      const search = async (app: AppId, asked: Partial<ConversationSearch>) => {
        const { items, next } = await stores().conversations.search(app, { q: '', limit: 10, ...asked });
        return { ids: items.map(({ conversation }) => conversation.id), items, next };
      };

      async function filled(): Promise<AppId> {
        const app = newApp();
        const made = [
          ['ward-3', 'Nächtliche Übergabe', ['alice', 'bob']],
          ['lab', 'Lab Results', ['alice']],
          ['x1', '呼吸科会诊', ['carol', 'lab']],
          ['untitled', undefined, []],
        ] as const;
        for (const [index, [id, title, people]] of made.entries()) {
          const more = { createdAt: 10 * index, ...(title === undefined ? {} : { title }) };
          await stores().conversations.create(
            app,
            sampleConversation({ id, ...more }),
            people.map((each) => person(each)),
          );
        }
        return app;
      }

      test('finds by parts of id and title, whatever their case and accents, the newest first', async () => {
        const app = await filled();
        expect((await search(app, { q: 'ubergabe' })).ids).toEqual(['ward-3']);
        expect((await search(app, { q: 'NACHT 3' })).ids).toEqual(['ward-3']);
        expect((await search(app, { q: '会诊' })).ids).toEqual(['x1']);
        expect((await search(app, { q: 'titl' })).ids).toEqual(['untitled']);
        expect((await search(app, { q: 'lab nothing' })).ids).toEqual([]);
        expect((await search(app, {})).ids).toEqual(['untitled', 'x1', 'lab', 'ward-3']);
      });

      test('finds what somebody is in by their whole id, and says how many are in each', async () => {
        const app = await filled();
        expect((await search(app, { q: 'bob' })).ids).toEqual(['ward-3']);
        expect((await search(app, { q: 'bo' })).ids).toEqual([]);
        // As the id of a user, and as a word.
        const { ids: found, items } = await search(app, { q: 'lab' });
        expect(found).toEqual(['x1', 'lab']);
        expect(items.map(({ participants }) => participants)).toEqual([2, 1]);
        expect((await search(app, { q: 'lab', userId: 'alice' })).ids).toEqual(['lab']);
        expect((await search(app, { userId: 'alice' })).ids).toEqual(['lab', 'ward-3']);
      });

      test('goes on where the page before ended, also where nothing was found among many', async () => {
        const app = await filled();
        const first = await search(app, { limit: 3 });
        expect(first.ids).toEqual(['untitled', 'x1', 'lab']);
        const rest = await search(app, { limit: 3, before: first.next });
        expect([rest.ids, rest.next]).toEqual([['ward-3'], undefined]);
        for (let made = 0; made < 1200; made += 50) {
          const names = Array.from({ length: 50 }, (_, index) => `many-${made + index}`);
          const newer = { createdAt: 1000 };
          await Promise.all(
            names.map((id) => stores().conversations.create(app, sampleConversation({ id, ...newer }), [])),
          );
        }
        const begun = await search(app, { q: 'ward' });
        expect(begun.ids).toEqual([]);
        expect((await search(app, { q: 'ward', before: begun.next })).ids).toEqual(['ward-3']);
        expect(begun.next).toBeDefined();
      });

      test('does not find what was removed, nor what is another app’s', async () => {
        const app = await filled();
        await filled();
        await stores().conversations.remove(app, 'lab');
        expect((await search(app, { q: 'lab' })).ids).toEqual(['x1']);
      });
    });

    test('removing one takes its participants, messages and cursors, and leaves what else there is', async () => {
      const app = newApp();
      for (const id of ['c1', 'c2']) {
        await stores().conversations.create(app, sampleConversation({ id }), [person('alice')]);
        await stores().messages.append(app, sampleMessages(1, 2, { stream: `c:${id}`, conversationId: id }));
        await stores().cursors.advance(app, [{ userId: 'alice', stream: `c:${id}`, read: 1 }]);
      }
      await stores().messages.append(app, [sampleMessage({ seq: 1, stream: 'i:alice', conversationId: 'c1' })]);
      expect(await stores().conversations.remove(app, 'c1')).toBe(true);
      expect(await stores().conversations.remove(app, 'c1')).toBe(false);
      expect(await stores().conversations.get(app, 'c1')).toBeUndefined();
      expect(await stores().messages.read(app, 'c:c1', { limit: 5 })).toEqual([]);
      const cursors = await stores().cursors.ofUser(app, 'alice', ['c:c1', 'c:c2']);
      expect([cursors.get('c:c1')?.read, cursors.get('c:c2')?.read]).toEqual([0, 1]);
      expect(ids(await stores().conversations.ofUser(app, 'alice', { limit: 5 }))).toEqual(['c2']);
      expect(await stores().messages.read(app, 'c:c2', { limit: 5 })).toHaveLength(2);
      // An inbox is a log of its own, without holes, even where it speaks of the conversation.
      expect(await stores().messages.read(app, 'i:alice', { limit: 5 })).toHaveLength(1);
    });

    test('a conversation that is removed and made again has another epoch, for its seqs start anew', async () => {
      const app = newApp();
      await stores().conversations.create(app, sampleConversation(), [person('alice')]);
      await stores().messages.append(app, sampleMessages(1, 3));
      const before = (await stores().messages.heads(app, ['c:c1'])).get('c:c1');
      await stores().conversations.remove(app, 'c1');
      await stores().conversations.create(app, sampleConversation(), [person('bob')]);
      const after = (await stores().messages.heads(app, ['c:c1'])).get('c:c1');
      expect(before).toEqual({ epoch: 'e1', seq: 3, firstSeq: 1 });
      expect(after).toMatchObject({ seq: 0, firstSeq: 1 });
      expect(after?.epoch).not.toBe('e1');
      expect((await stores().conversations.get(app, 'c1'))?.epoch).toBe(after?.epoch);
      expect((await stores().conversations.participants(app, 'c1'))?.participants).toEqual([person('bob')]);
    });
  });
}
