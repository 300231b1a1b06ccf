// Chat over a server that the test plays: what it asks for, when, and what it makes of it. With a real
// server: test/real-chat.test.ts. Its list: chat-list.test.ts.
import { expect, it, vi } from 'vitest';
import {
  arrive,
  chat,
  log,
  open,
  play,
  playChat,
  requested,
  serve,
  started,
  stops,
  stored,
  texts,
} from '../../test/support/chat-scene.ts';
import { connectBelfry } from '../../test/support/started-belfry.ts';
import { samplePolicy } from '../../test/support/virtual-surroundings.ts';

playChat();

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
  serve({ unreadCount: 2 });
  started.virtual.socket().drop();
  await started.virtual.clock.advance(10_000);
  started.virtual.socket().accept();
  await started.virtual.clock.advance(0);
  expect(chat.snapshot().unread).toBe(2);
  const read = (seq: number): void =>
    void started.virtual
      .socket()
      .event({ action: 'read_status', conversationId: 'c1', data: { userId: 'alice', seq, messageIds: [] } });
  serve({ unreadCount: 1 });
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
  serve({ log: [...log, stored(3, 'three')] });
  serve({ unreadCount: 1 });
  const data = { from: 3, to: 3, reason: 'too_old' };
  started.virtual.socket().event({ action: 'gap', conversationId: 'c1', stream: 'c:c1', data });
  await started.virtual.clock.advance(0);
  const { conversations, unread } = chat.snapshot();
  expect(conversations).toMatchObject([{ headSeq: 5, unread: 3, lastMessage: { content: { text: 'five' } } }]);
  expect(unread).toBe(3);
});

it('reads anew after a gap, and begins anew when the log was replaced', async () => {
  const conversation = await open();
  serve({ log: [...log, stored(3, 'three'), stored(4, 'four')] });
  const data = { from: 3, to: 4, reason: 'too_old' };
  started.virtual.socket().event({ action: 'gap', conversationId: 'c1', stream: 'c:c1', data });
  await started.virtual.clock.advance(0);
  expect(texts(conversation)).toHaveLength(4);
  serve({ log: [stored(1, 'new one')] });
  started.virtual.socket().message(1, { epoch: 'e2', data: { content: { text: 'new one' } } });
  await started.virtual.clock.advance(0);
  expect(texts(conversation)).toEqual(['new one sent']);
});

it('keeps no hole when more was missed than is read at once', async () => {
  const conversation = await open();
  serve({ log: Array.from({ length: 400 }, (_, index) => stored(index + 1, String(index + 1))) });
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
  serve({ failing: 500 });
  const conversation = await open('c2');
  expect(conversation.snapshot()).toMatchObject({ status: 'failed', error: { code: 'unavailable' } });
  serve({ failing: undefined });
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
  serve({ log: [stored(1, "bob's")] });
  serve({ user: 'bob' });
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
  const client = await connectBelfry({}, { page: none });
  client.virtual.answerHttp = answerHttp;
  client.virtual.pages = { ...client.virtual.pages, policies: [none] };
  play(client);
  await started.virtual.clock.advance(0);
  expect(requested('/conversations')).toBe(0);
  expect(chat.snapshot()).toMatchObject({ status: 'idle', canMessage: false });
  const page = samplePolicy({ pattern: '/chat', features: ['messaging'] });
  started.virtual.socket().event({ action: 'page_config_changed', data: { pattern: '/chat', version: 2, page } });
  await started.virtual.clock.advance(0);
  expect(chat.snapshot()).toMatchObject({ status: 'ready', canMessage: true });
});
