// Pins and replies of a conversation over a server that the test plays: what is shown, and what is asked for.
import { expect, it } from 'vitest';
import {
  log,
  open,
  playChat,
  requested,
  serve,
  started,
  stops,
  stored,
  timestamp,
} from '../../test/support/chat-scene.ts';
import type { Conversation } from './conversation.ts';
import type { MessageList } from './message-list.ts';

playChat();

const pinned = { at: timestamp, by: 'bob' };
const seqs = (list: MessageList) => list.snapshot().messages.map(({ seq }) => seq);

async function openList(list: MessageList): Promise<MessageList> {
  stops.push(list.open());
  await started.virtual.clock.advance(0);
  return list;
}

/** As the server tells it of the message at this place. */
function update(seq: number, added: object, second = 1): void {
  const updatedAt = `2026-01-01T00:00:0${second}.000Z`;
  const data = { messageId: `m${seq}`, seq, reactions: [], updatedAt, ...added };
  started.virtual.socket().event({ action: 'message_updated', conversationId: 'c1', data });
}

const shown = (conversation: Conversation, seq: number) =>
  conversation.snapshot().messages.find((message) => message.seq === seq);

it('pins are read when the list is opened, and follow what is pinned and taken off', async () => {
  serve({ log: [stored(1, 'one', { pinned }), stored(2, 'two'), stored(3, 'three')] });
  const conversation = await open();
  const pins = conversation.pins();
  expect(conversation.pins()).toBe(pins);
  expect([pins.snapshot().status, requested('/conversations/c1/pins')]).toEqual(['idle', 0]);
  await openList(pins);
  expect([pins.snapshot().status, seqs(pins)]).toEqual(['ready', [1]]);
  update(3, { pinned });
  update(1, {});
  expect(seqs(pins)).toEqual([3]);
  expect(shown(conversation, 3)?.pinned).toEqual({ at: Date.parse(timestamp), by: 'bob' });
  started.virtual.socket().event({
    ...{ action: 'message_deleted', conversationId: 'c1' },
    data: { messageId: 'm3', seq: 3, senderId: 'bob', deletedAt: timestamp },
  });
  expect(seqs(pins)).toEqual([]);
  expect(requested('/conversations/c1/pins')).toBe(1);
});

it('a message that is pinned further back than what is at hand is asked for', async () => {
  const conversation = await open();
  const pins = await openList(conversation.pins());
  serve({ log: [stored(0, 'long ago', { pinned, messageId: 'm0' }), ...log] });
  update(0, { pinned });
  await started.virtual.clock.advance(0);
  expect(seqs(pins)).toEqual([0]);
  expect(requested('/conversations/c1/pins')).toBe(2);
});

it('a message that is pinned before the page that was read waits for its page, so that none is left out', async () => {
  const all = Array.from({ length: 60 }, (_, i) => stored(i + 1, `${i + 1}`, i > 0 ? { pinned } : {}));
  serve({ log: all });
  const conversation = await open();
  const pins = await openList(conversation.pins());
  expect([seqs(pins)[0], pins.snapshot().hasOlder]).toEqual([11, true]);
  await conversation.loadOlder();
  serve({ log: all.map((message) => ({ ...message, pinned })) });
  update(1, { pinned });
  expect(seqs(pins)[0]).toBe(11);
  await pins.loadOlder();
  expect(seqs(pins)).toHaveLength(60);
});

it('replies are counted on the message and listed as they come, until they are deleted', async () => {
  serve({ log: [stored(1, 'one', { replies: { count: 1, lastAt: timestamp } }), stored(2, 'two', { replyTo: 'm1' })] });
  const conversation = await open();
  const replies = await openList(conversation.replies('m1'));
  expect(seqs(replies)).toEqual([2]);
  started.virtual.socket().message(3, { data: { messageId: 'm3', content: { text: 'three' }, replyTo: 'm1' } });
  started.virtual.socket().message(4, { data: { messageId: 'm4', content: { text: 'four' } } });
  update(1, { replies: { count: 2, lastAt: timestamp } });
  expect(seqs(replies)).toEqual([2, 3]);
  expect(shown(conversation, 1)?.replies?.count).toBe(2);
  expect(requested('/messages/m1/replies')).toBe(1);
  started.virtual.socket().event({
    ...{ action: 'message_deleted', conversationId: 'c1' },
    data: { messageId: 'm2', seq: 2, senderId: 'bob', deletedAt: timestamp },
  });
  expect(seqs(replies)).toEqual([3]);
});

it('a list that is closed keeps nothing up to date and is read anew when it is opened', async () => {
  const conversation = await open();
  const pins = conversation.pins();
  const close = pins.open();
  await started.virtual.clock.advance(0);
  close();
  update(2, { pinned });
  expect(seqs(pins)).toEqual([]);
  serve({ log: log.map((message) => ({ ...message, pinned })) });
  await openList(pins);
  expect(seqs(pins)).toEqual([1, 2]);
});

it('a list is read anew after a new connection, and tried again after a failure that may be over', async () => {
  const conversation = await open();
  const pins = await openList(conversation.pins());
  serve({ failing: 503 });
  started.virtual.socket().drop();
  await started.virtual.clock.advance(10_000);
  started.virtual.socket().accept();
  await started.virtual.clock.advance(0);
  expect(pins.snapshot()).toMatchObject({ status: 'ready', error: { code: 'unavailable' } });
  serve({ failing: undefined, log: log.map((message) => ({ ...message, pinned })) });
  await started.virtual.clock.advance(10_000);
  expect(pins.snapshot()).toMatchObject({ status: 'ready', error: undefined });
  expect(seqs(pins)).toEqual([1, 2]);
});

it('a message that left the list while there was no connection is not in it after the next one', async () => {
  serve({ log: log.map((message) => ({ ...message, pinned })) });
  const conversation = await open();
  const pins = await openList(conversation.pins());
  expect(seqs(pins)).toEqual([1, 2]);
  serve({ log: [stored(1, 'one'), stored(2, 'two', { pinned })] });
  started.virtual.socket().drop();
  await started.virtual.clock.advance(10_000);
  started.virtual.socket().accept();
  // The page is on its way: what it says of this one is of before.
  serve({ log: [stored(1, 'one'), stored(2, 'two')] });
  update(2, {}, 2);
  await started.virtual.clock.advance(0);
  expect(seqs(pins)).toEqual([]);
});

it('a reaction of the user is one request, and shown as the server has it', async () => {
  const conversation = await open();
  const reactions = [{ reaction: '👍', userIds: ['alice'] }];
  const answer = started.virtual.answerHttp;
  started.virtual.answerHttp = (request) =>
    request.path.startsWith('/messages/m1/')
      ? Response.json({ message: stored(1, 'one', { reactions, updatedAt: timestamp }) })
      : answer(request);
  await conversation.react('m1', '👍');
  expect(shown(conversation, 1)?.reactions).toEqual([{ reaction: '👍', userIds: ['alice'], mine: true }]);
  await conversation.unreact('m1', '👍');
  await conversation.pin('m1');
  await conversation.unpin('m1');
  const path = `/messages/m1/reactions/${encodeURIComponent('👍')}`;
  const asked = started.virtual.requests.slice(-4);
  expect(asked.map(({ method, url }) => `${method} ${new URL(url).pathname.slice('/api/v1'.length)}`)).toEqual([
    `PUT ${path}`,
    `DELETE ${path}`,
    'PUT /messages/m1/pin',
    'DELETE /messages/m1/pin',
  ]);
});
