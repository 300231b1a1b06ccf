// The contract of finding messages by their words: each driver must keep it.

import { describe, expect, test } from 'vitest';
import type { AppId } from '../../../src/ports/app-id.ts';
import type { MessageSearch, StoredMessage, Stores } from '../../../src/ports/stores/index.ts';
import { askedTermsOf } from '../../../src/ports/stores/search-terms.ts';
import { newApp, sampleConversation, sampleMessage } from '../../support/samples.ts';

export function searchContract(stores: () => Stores): void {
  const seqs = (messages: readonly { seq: number }[]): number[] => messages.map(({ seq }) => seq);

  describe('a search of messages', () => {
    const say = (seq: number, text: string, given: Partial<StoredMessage> = {}): StoredMessage =>
      sampleMessage({ seq, conversationId: 'c1', data: { type: 'text', content: { text } }, ...given });
    const find = async (app: AppId, q: string, more: Partial<MessageSearch> = {}): Promise<number[]> =>
      seqs((await stores().messages.search(app, { terms: askedTermsOf(q), limit: 10, ...more })).items);

    test('finds the messages that have all words or beginnings of words, newest first', async () => {
      const [app, other] = [newApp(), newApp()];
      const said = [
        say(1, 'the results are ready'),
        say(2, '检查结果出来了'),
        say(3, 'Results of ward 7'),
        say(4, 'other'),
      ];
      await stores().messages.append(app, said);
      await stores().messages.append(other, [say(1, 'results')]);
      await stores().messages.append(app, [say(1, 'results', { stream: 'i:bob' })]);
      expect(await find(app, 'RESULT')).toEqual([3, 1]);
      expect(await find(app, 'result rea')).toEqual([1]);
      expect(await find(app, '结果')).toEqual([2]);
      expect(await find(app, 'esult')).toEqual([]);
      expect(await find(app, '')).toEqual([4, 3, 2, 1]);
    });

    test('goes by conversation, sender, time, and page', async () => {
      const app = newApp();
      const c2 = { stream: 'c:c2', conversationId: 'c2' };
      await stores().messages.append(app, [say(1, 'word'), say(2, 'word', { senderId: 'bob' }), say(3, 'word')]);
      await stores().messages.append(app, [say(7, 'word', c2)]);
      expect(await find(app, 'word', { conversationId: 'c2' })).toEqual([7]);
      expect(await find(app, 'word', { senderId: 'bob' })).toEqual([2]);
      expect(await find(app, 'word', { fromMs: 1002, toMs: 1003 })).toEqual([2]);
      const page = await stores().messages.search(app, { terms: ['word'], conversationId: 'c1', limit: 2 });
      expect(seqs(page.items)).toEqual([3, 2]);
      const rest = { terms: ['word'], conversationId: 'c1', limit: 2, after: page.next };
      expect(seqs((await stores().messages.search(app, rest)).items)).toEqual([1]);
    });

    test('gives a user what they may see now', async () => {
      const app = newApp();
      const bob = { userId: 'bob', role: 'member', joinedAt: 1 };
      await stores().conversations.create(app, sampleConversation({}), [bob, { ...bob, userId: 'eve' }]);
      const said = [say(1, 'word'), say(2, 'word', { targets: ['eve'] }), say(3, 'word', { exclude: ['bob'] })];
      await stores().messages.append(app, said);
      expect(await find(app, 'word', { viewer: 'bob' })).toEqual([1]);
      expect(await find(app, 'word', { viewer: 'eve' })).toEqual([3, 2, 1]);
      expect(await find(app, 'word', { viewer: 'alice' })).toEqual([]);
      await stores().conversations.removeParticipant(app, 'c1', 'eve');
      expect(await find(app, 'word', { viewer: 'eve' })).toEqual([]);
    });

    test('follows edits and deletions, of messages and of all in a conversation', async () => {
      const app = newApp();
      const { messages, conversations } = stores();
      await conversations.create(app, sampleConversation({}), []);
      await messages.append(app, [say(1, 'old'), say(2, 'gone'), say(3, 'pruned'), say(4, 'newest')]);
      const data = { type: 'text', content: { text: 'fresh' } };
      await messages.edit(app, { stream: 'c:c1', seq: 1 }, { data, editedAt: 5 });
      await messages.remove(app, { stream: 'c:c1', seq: 2 }, { data: {}, deletedAt: 5 });
      expect([await find(app, 'old'), await find(app, 'fresh'), await find(app, 'gone')]).toEqual([[], [1], []]);
      expect(await messages.prune(app, 1004, 10)).toBe(3);
      expect([await find(app, 'fresh'), await find(app, 'pruned'), await find(app, 'newest')]).toEqual([[], [], [4]]);
      await conversations.remove(app, 'c1');
      expect(await find(app, 'newest')).toEqual([]);
    });
  });
}
