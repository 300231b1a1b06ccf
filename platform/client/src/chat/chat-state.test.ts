// Chat over a server that the test plays: what it asks for, when, and what it makes of it. With a real
// server: test/real-chat.test.ts.
import type { JsonObject, Message } from '@belfry/protocol';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { connectBelfry, type StartedBelfry } from '../../test/support/started-belfry.ts';
import { samplePolicy, sampleToken } from '../../test/support/virtual-surroundings.ts';
import { createChat, type Chat } from './chat-state.ts';
import type { Conversation } from './conversation.ts';

const timestamp = '2026-01-01T00:00:00.000Z';

let started: StartedBelfry;
let chat: Chat;
let stops: (() => void)[];
/** The server's log of `c1`. */
let log: Message[];
let unreadCount: number;
/** Requests fail with this status while it is set. */
let failing: number | undefined;
let user: string;
/** What the server has in the list. */
let rows: Map<string, () => JsonObject>;

beforeEach(async () => {
  rows = new Map([
    ['c1', entry],
    ['c2', () => ({ ...entry(), id: 'c2', stream: 'c:c2', lastMessage: undefined, unreadCount: 0 })],
  ]);
  log = [stored(1, 'one'), stored(2, 'two')];
  unreadCount = 0;
  failing = undefined;
  user = 'alice';
  started = await connectBelfry({ getToken: () => sampleToken({ sub: user }) });
  started.virtual.answerHttp = ({ path }) => {
    if (failing !== undefined) return Response.json({ code: 'unavailable', detail: '' }, { status: failing });
    if (path === '/conversations') return Response.json(rowsOf(newestUrl()));
    if (path === '/conversations/c1/messages') return Response.json(pageOf(newestUrl()));
    if (path === '/conversations/c1') return Response.json({ conversation: { ...facts(), id: 'c1', stream: 'c:c1' } });
    if (/c[12].participants$/.test(path)) return Response.json({ participants: facts()['participants'] });
    if (path === '/conversations/c2') return Response.json({ conversation: { ...facts(), id: 'c2', stream: 'c:c2' } });
    if (path === '/conversations/c2/messages') return Response.json({ messages: [], hasMore: false });
    return undefined;
  };
  chat = createChat(started.belfry);
  stops = [chat.start()];
});
afterEach(async () => {
  for (const stop of stops) stop();
  await started.belfry.stop();
  expect(started.virtual.reported).toEqual([]);
});

function newestUrl(): URL {
  return new URL(started.virtual.requests.at(-1)?.url ?? '');
}

function pageOf({ searchParams }: URL): { messages: Message[]; hasMore: boolean } {
  const before = Number(searchParams.get('beforeSeq') ?? Infinity);
  const older = log.filter(({ seq }) => seq < before);
  return { messages: older.slice(-50), hasMore: older.length > 50 };
}

/** The list is `c1`; by its id `c2` is to be had, too. */
function rowsOf({ searchParams }: URL): { conversations: JsonObject[] } {
  const ids = searchParams.get('conversationIds')?.split(',') ?? ['c1'];
  const found = ids.map((id) => rows.get(id)?.());
  return { conversations: found.filter((row) => row !== undefined) };
}

function facts(): JsonObject {
  const participants = [
    { userId: 'alice', role: 'member' },
    { userId: 'bob', role: 'member' },
  ];
  return { title: 'Consultation', epoch: 'e1', headSeq: log.at(-1)?.seq ?? 0, participants, createdAt: timestamp };
}

function entry(): JsonObject {
  const cursors = { delivered: 0, read: 0 };
  return { ...facts(), id: 'c1', stream: 'c:c1', lastMessage: log.at(-1), unreadCount, cursors };
}

function stored(seq: number, text: string, more: Partial<Message> = {}): Message {
  return {
    messageId: `m${seq}`,
    conversationId: 'c1',
    stream: 'c:c1',
    seq,
    kind: 'message',
    action: 'new_message',
    senderId: 'bob',
    type: 'text',
    content: { text },
    timestamp,
    ...more,
  };
}

async function open(id = 'c1'): Promise<Conversation> {
  const conversation = chat.conversation(id);
  stops.push(conversation.open());
  await started.virtual.clock.advance(0);
  return conversation;
}

function texts(conversation: Conversation): unknown[] {
  return conversation.snapshot().messages.map(({ content, state }) => `${String(content['text'])} ${state}`);
}

function arrive(seq: number, text: string): void {
  started.virtual.socket().message(seq, { data: { messageId: `m${seq}`, content: { text } } });
}

function requested(path: string): number {
  return started.virtual.requests.filter(({ url }) => new URL(url).pathname === `/api/v1${path}`).length;
}

it('shows the list, an opened conversation, and messages that come', async () => {
  const conversation = await open();
  expect(chat.snapshot()).toMatchObject({ status: 'ready', conversations: [{ id: 'c1', title: 'Consultation' }] });
  const before = conversation.snapshot();
  expect(before).toMatchObject({ status: 'ready', hasOlder: false });
  arrive(3, 'three');
  expect(texts(conversation)).toEqual(['one sent', 'two sent', 'three sent']);
  expect(texts({ ...conversation, snapshot: () => before })).toEqual(['one sent', 'two sent']);
  expect(chat.snapshot().conversations[0]?.lastMessage?.content).toEqual({ text: 'three' });
});

it('resumes from the position that was read, not from the head that the connection began at', async () => {
  await open();
  started.virtual.socket().drop();
  await started.virtual.clock.advance(10_000);
  started.virtual.socket().open();
  await started.virtual.clock.advance(0);
  expect(started.virtual.socket().frame('connect').data['resume']).toContainEqual({
    stream: 'c:c1',
    epoch: 'e1',
    seq: 2,
  });
});

it('marks a conversation as read that is open and can be seen, once for all messages that came', async () => {
  started.virtual.setVisible(false);
  const conversation = await open();
  arrive(3, 'three');
  expect(started.virtual.socket().frames('read')).toEqual([]);
  expect(conversation.snapshot().unread).toBe(1);
  started.virtual.setVisible(true);
  arrive(4, 'four');
  arrive(5, 'five');
  expect(
    started.virtual
      .socket()
      .frames('read')
      .map(({ data }) => data['seq'] as unknown),
  ).toEqual([3]);
  started.virtual.socket().answer('read', { seq: 3 });
  await started.virtual.clock.advance(0);
  expect(
    started.virtual
      .socket()
      .frames('read')
      .map(({ data }) => data['seq'] as unknown),
  ).toEqual([3, 5]);
  expect(chat.snapshot().unread).toBe(0);
});

it('does not mark what came while nobody was there, and marks it when somebody is again', async () => {
  const conversation = await open();
  started.virtual.socket().answer('read', { seq: 2 });
  await started.virtual.clock.advance(60_000);
  arrive(3, 'three');
  arrive(4, 'four');
  await started.virtual.clock.advance(0);
  expect(started.virtual.socket().frame('read').data).toMatchObject({ seq: 2 });
  expect(conversation.snapshot().unread).toBe(2);
  const before = started.virtual.socket().sent.length;
  started.virtual.touch();
  // The server learns first that somebody is there.
  const after = started.virtual.socket().sent.slice(before);
  expect(after.map(({ action, data }) => [action, data['attended'] ?? data['seq']])).toEqual([
    ['heartbeat', true],
    ['read', 4],
  ]);
  expect(conversation.snapshot().unread).toBe(0);
});

it('sends a mark that was lost with the connection on the next one', async () => {
  await open();
  expect(started.virtual.socket().frame('read').data).toEqual({ conversationId: 'c1', seq: 2 });
  started.virtual.socket().drop();
  await started.virtual.clock.advance(10_000);
  started.virtual.socket().accept();
  await started.virtual.clock.advance(0);
  expect(started.virtual.socket().frame('read').data).toEqual({ conversationId: 'c1', seq: 2 });
});

it('counts messages as read that were read on another device', async () => {
  unreadCount = 2;
  started.virtual.socket().drop();
  await started.virtual.clock.advance(10_000);
  started.virtual.socket().accept();
  await started.virtual.clock.advance(0);
  expect(chat.snapshot().unread).toBe(2);
  const read = (seq: number): void =>
    void started.virtual
      .socket()
      .event({ action: 'read_status', conversationId: 'c1', data: { userId: 'alice', seq, messageIds: [] } });
  unreadCount = 1;
  read(1);
  await started.virtual.clock.advance(0);
  expect(chat.snapshot().unread).toBe(1);
  const before = requested('/conversations');
  read(2);
  expect(chat.snapshot().unread).toBe(0);
  expect(requested('/conversations')).toBe(before);
});

it('keeps messages that came while an older list was on its way', async () => {
  await open();
  started.virtual.setVisible(false);
  const answerHttp = started.virtual.answerHttp;
  started.virtual.answerHttp = (request) => {
    const answer = answerHttp(request);
    if (request.path === '/conversations') {
      started.virtual.answerHttp = answerHttp;
      arrive(4, 'four');
      arrive(5, 'five');
    }
    return answer;
  };
  // The list has the third, of which no event came.
  log = [...log, stored(3, 'three')];
  unreadCount = 1;
  const data = { from: 3, to: 3, reason: 'too_old' };
  started.virtual.socket().event({ action: 'gap', conversationId: 'c1', stream: 'c:c1', data });
  await started.virtual.clock.advance(0);
  const { conversations, unread } = chat.snapshot();
  expect(conversations).toMatchObject([{ headSeq: 5, unread: 3, lastMessage: { content: { text: 'five' } } }]);
  expect(unread).toBe(3);
});

it('reads anew after a gap, and begins anew when the log was replaced', async () => {
  const conversation = await open();
  log = [...log, stored(3, 'three'), stored(4, 'four')];
  const data = { from: 3, to: 4, reason: 'too_old' };
  started.virtual.socket().event({ action: 'gap', conversationId: 'c1', stream: 'c:c1', data });
  await started.virtual.clock.advance(0);
  expect(texts(conversation)).toHaveLength(4);
  log = [stored(1, 'new one')];
  started.virtual.socket().message(1, { epoch: 'e2', data: { content: { text: 'new one' } } });
  await started.virtual.clock.advance(0);
  expect(texts(conversation)).toEqual(['new one sent']);
});

it('keeps no hole when more was missed than is read at once', async () => {
  const conversation = await open();
  log = Array.from({ length: 400 }, (_, index) => stored(index + 1, String(index + 1)));
  started.virtual.socket().drop();
  await started.virtual.clock.advance(10_000);
  started.virtual.socket().accept();
  await started.virtual.clock.advance(0);
  const seqs = conversation.snapshot().messages.map(({ seq }) => seq ?? 0);
  expect(seqs).toEqual(Array.from({ length: 200 }, (_, index) => 201 + index));
  expect(conversation.snapshot().hasOlder).toBe(true);
  await conversation.loadOlder();
  expect(conversation.snapshot().messages[0]?.seq).toBe(151);
});

it('shows a message that the queue gave up until it is tried again or taken away', async () => {
  const conversation = await open();
  const tooLarge = conversation.send('x'.repeat(70_000));
  await vi.waitFor(() => expect(conversation.snapshot().messages.at(-1)?.state).toBe('failed'));
  expect(conversation.snapshot().messages.at(-1)).toMatchObject({ key: tooLarge.key, error: { code: 'too_large' } });
  expect(await conversation.cancel(tooLarge.key)).toBe(true);
  expect(conversation.snapshot().messages).toHaveLength(2);
});

it('reads a conversation again where that may go better later, and says why until then', async () => {
  failing = 500;
  const conversation = await open('c2');
  expect(conversation.snapshot()).toMatchObject({ status: 'failed', error: { code: 'unavailable' } });
  failing = undefined;
  await started.virtual.clock.advance(5000);
  expect(conversation.snapshot()).toMatchObject({ status: 'ready', error: undefined });
});

it('does not read a conversation again that was refused', async () => {
  const conversation = await open('c3');
  expect(conversation.snapshot()).toMatchObject({ status: 'failed', error: { code: 'http_404' } });
  const before = started.virtual.requests.length;
  await started.virtual.clock.advance(30_000);
  expect(started.virtual.requests.length).toBe(before);
});

it('shows nothing of one user to the next', async () => {
  const conversation = await open();
  log = [stored(1, "bob's")];
  user = 'bob';
  started.belfry.signedIn();
  await started.virtual.clock.advance(0);
  started.virtual.socket().accept({ userId: 'bob' });
  // Alice's read marks are not bob's.
  expect(started.virtual.socket().frames('read')).toEqual([]);
  expect(conversation.snapshot().messages).toEqual([]);
  await started.virtual.clock.advance(0);
  expect(conversation.snapshot().messages).toMatchObject([{ content: { text: "bob's" }, mine: true }]);
});

it('shows nothing of the user before after a sign-out', async () => {
  const conversation = await open();
  started.belfry.signedOut();
  await started.virtual.clock.advance(0);
  expect(chat.snapshot()).toMatchObject({ conversations: [], unread: 0, status: 'idle' });
  expect(conversation.snapshot()).toMatchObject({ messages: [], participants: [], status: 'idle' });
  started.belfry.signedIn();
  await started.virtual.clock.advance(0);
  started.virtual.socket().accept();
  await started.virtual.clock.advance(0);
  expect(texts(conversation)).toEqual(['one sent', 'two sent']);
});

it('asks for nothing on a page without messaging, and begins when the page gets it', async () => {
  stops.forEach((stop) => stop());
  await started.belfry.stop();
  const none = samplePolicy({ pattern: '/chat', features: [] });
  const answerHttp = started.virtual.answerHttp;
  started = await connectBelfry({}, { page: none });
  started.virtual.answerHttp = answerHttp;
  started.virtual.pages = { ...started.virtual.pages, policies: [none] };
  chat = createChat(started.belfry);
  stops = [chat.start()];
  await started.virtual.clock.advance(0);
  expect(requested('/conversations')).toBe(0);
  expect(chat.snapshot()).toMatchObject({ status: 'idle', canMessage: false });
  const page = samplePolicy({ pattern: '/chat', features: ['messaging'] });
  started.virtual.socket().event({ action: 'page_config_changed', data: { pattern: '/chat', version: 2, page } });
  await started.virtual.clock.advance(0);
  expect(chat.snapshot()).toMatchObject({ status: 'ready', canMessage: true });
});

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
  unreadCount = 2;
  const deleted = (seq: number, senderId: string): void =>
    about('message_deleted', 'c1', { messageId: `m${seq}`, seq, senderId, deletedAt: timestamp });
  started.virtual.socket().drop();
  await started.virtual.clock.advance(10_000);
  started.virtual.socket().accept();
  await started.virtual.clock.advance(0);
  expect(listed()).toEqual(['c1 Consultation 2']);
  unreadCount = 1;
  rows.set('c1', () => ({ ...entry(), headSeq: 2 }));
  log = [stored(1, 'one')];
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
