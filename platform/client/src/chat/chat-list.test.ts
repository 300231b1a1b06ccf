// The list of conversations over a server that the test plays: what changes it, and what is asked for again.
import { expect, it } from 'vitest';
import {
  chat,
  entry,
  open,
  newestUrl,
  playChat,
  requested,
  rows,
  serve,
  started,
  stored,
  timestamp,
  texts,
} from '../../test/support/chat-scene.ts';

playChat();

function listed(): unknown[] {
  return chat.snapshot().conversations.map(({ id, title, unread }) => `${id} ${title ?? ''} ${unread}`);
}

const askedRows = (): (string | null)[] =>
  started.virtual.requests
    .map(({ url }) => new URL(url))
    .filter(({ pathname, searchParams }) => pathname === '/api/v1/conversations' && searchParams.has('conversationIds'))
    .map(({ searchParams }) => searchParams.get('conversationIds'));

const about = (action: string, conversationId: string, data: object): void =>
  void started.virtual.socket().event({ action, conversationId, data: { conversationId, ...data } });

it('takes a row that is added, changed and removed while it looks, without reading the list', async () => {
  await started.virtual.clock.advance(0);
  const before = requested('/conversations');
  const conversation = { ...entry(), id: 'c2', title: 'New', unreadCount: 2, headSeq: 2 };
  started.virtual.socket().event({ action: 'conversation_added', conversationId: 'c2', data: { conversation } });
  about('conversation_changed', 'c1', { title: 'Renamed', metadata: { color: 'red' } });
  expect(listed()).toEqual(['c1 Renamed 0', 'c2 New 2']);
  expect(chat.snapshot().conversations[0]).toMatchObject({ metadata: { color: 'red' } });
  about('conversation_changed', 'c1', { metadata: null });
  expect(chat.snapshot().conversations[0]).toMatchObject({ title: 'Renamed', metadata: undefined });
  const participants = {
    added: [{ userId: 'constructor', role: 'nurse' }],
    removed: ['bob'],
    changed: [{ userId: 'alice', role: 'lead' }],
  };
  about('conversation_changed', 'c1', { participants });
  expect(chat.snapshot().conversations[0]?.participants).toEqual([
    { userId: 'alice', role: 'lead' },
    { userId: 'constructor', role: 'nurse' },
  ]);
  about('conversation_removed', 'c1', { reason: 'removed' });
  expect(listed()).toEqual(['c2 New 2']);
  expect(chat.snapshot().unread).toBe(2);
  expect(requested('/conversations')).toBe(before);
});

it('takes an open conversation off the screen when the user is taken out, and shows it when they are back', async () => {
  const conversation = await open();
  expect(texts(conversation)).toHaveLength(2);
  about('conversation_removed', 'c1', { reason: 'removed' });
  expect(conversation.snapshot()).toMatchObject({ status: 'failed', error: { code: 'not_found' }, messages: [] });
  started.virtual
    .socket()
    .event({ action: 'conversation_added', conversationId: 'c1', data: { conversation: entry() } });
  await started.virtual.clock.advance(0);
  expect(conversation.snapshot()).toMatchObject({ status: 'ready', error: undefined });
  expect(texts(conversation)).toHaveLength(2);
});

it('asks for a row whose unread message, or last one, was deleted, and for no other', async () => {
  serve({ unreadCount: 2 });
  const deleted = (seq: number, senderId: string): void =>
    about('message_deleted', 'c1', { messageId: `m${seq}`, seq, senderId, deletedAt: timestamp });
  started.virtual.socket().drop();
  await started.virtual.clock.advance(10_000);
  started.virtual.socket().accept();
  await started.virtual.clock.advance(0);
  expect(listed()).toEqual(['c1 Consultation 2']);
  serve({ unreadCount: 1 });
  rows.set('c1', () => ({ ...entry(), headSeq: 2 }));
  serve({ log: [stored(1, 'one')] });
  deleted(2, 'bob');
  await started.virtual.clock.advance(0);
  expect(listed()).toEqual(['c1 Consultation 1']);
  expect(chat.snapshot().conversations[0]?.lastMessage?.content).toEqual({ text: 'one' });
  expect(askedRows()).toEqual(['c1']);
  started.virtual
    .socket()
    .event({ action: 'read_status', conversationId: 'c1', data: { userId: 'alice', seq: 2, messageIds: [] } });
  deleted(0, 'bob');
  await started.virtual.clock.advance(0);
  expect(askedRows()).toEqual(['c1']);
});

it('asks for the row of a message whose conversation it does not have', async () => {
  await started.virtual.clock.advance(0);
  const message = { conversationId: 'c2', data: { messageId: 'm9', content: { text: 'hi' } } };
  started.virtual.socket().message(1, message);
  await started.virtual.clock.advance(0);
  expect(askedRows()).toEqual(['c2']);
  expect(chat.snapshot().conversations.map(({ id }) => id)).toEqual(['c1', 'c2']);
});

it('drops after an absence what is beyond the first page and not the user’s any more, and says that there is more', async () => {
  await started.virtual.clock.advance(0);
  for (const id of ['c2', 'c4']) {
    const conversation = { ...entry(), id, unreadCount: 1 };
    started.virtual.socket().event({ action: 'conversation_added', conversationId: id, data: { conversation } });
  }
  expect(chat.snapshot().hasMore).toBe(false);
  const answerHttp = started.virtual.answerHttp;
  started.virtual.answerHttp = (request) => {
    const isPage = request.path === '/conversations' && !newestUrl().searchParams.has('conversationIds');
    return isPage ? Response.json({ conversations: [entry()], nextCursor: 'next' }) : answerHttp(request);
  };
  started.virtual.socket().drop();
  await started.virtual.clock.advance(10_000);
  started.virtual.socket().accept();
  await started.virtual.clock.advance(0);
  expect(askedRows()).toEqual(['c2,c4']);
  expect(listed()).toEqual(['c1 Consultation 0', 'c2 Consultation 0']);
  expect(chat.snapshot().hasMore).toBe(true);
});

it.each<[string, () => void, string[]]>([
  ['renamed', () => about('conversation_changed', 'c1', { title: 'Later' }), ['c1 Consultation 0']],
  ['removed', () => about('conversation_removed', 'c1', { reason: 'removed' }), []],
])('asks once more for a row that was %s while an older list was on its way', async (name, happens, expected) => {
  await started.virtual.clock.advance(0);
  const answerHttp = started.virtual.answerHttp;
  started.virtual.answerHttp = (request) => {
    const answer = answerHttp(request);
    if (request.path === '/conversations' && !newestUrl().searchParams.has('conversationIds')) {
      happens();
      if (name === 'removed') rows.delete('c1');
    }
    return answer;
  };
  started.virtual.socket().drop();
  await started.virtual.clock.advance(10_000);
  started.virtual.socket().accept();
  await started.virtual.clock.advance(0);
  expect(askedRows()).toEqual(['c1']);
  expect(listed()).toEqual(expected);
});
