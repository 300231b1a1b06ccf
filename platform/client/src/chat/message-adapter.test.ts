import { expect, it } from 'vitest';
import { changed, fromEvent, fromQueued, fromStored, newer, type ChatMessage } from './message-adapter.ts';

const timestamp = '2026-01-01T00:00:00.000Z';
const at = Date.parse(timestamp);
const place = { conversationId: 'c1', stream: 'c:c1', seq: 3, timestamp };

it('gives one shape to a message from the log, from an event and from the queue', () => {
  const content = { text: 'hello' };
  const said = { messageId: 'm1', senderId: 'alice', cid: 'a-1', type: 'text', content, replyTo: 'm0' };
  const stored = fromStored({ ...place, ...said, kind: 'message', action: 'new_message' }, 'alice');
  expect(stored).toEqual({
    key: 'a-1',
    id: 'm1',
    cid: 'a-1',
    conversationId: 'c1',
    seq: 3,
    senderId: 'alice',
    mine: true,
    kind: 'message',
    type: 'text',
    content,
    state: 'sent',
    at,
    replyTo: 'm0',
  });
  expect(fromEvent({ ...place, action: 'new_message', data: said }, 'alice')).toEqual(stored);
  const draft = { conversationId: 'c1', type: 'text', content, replyTo: 'm0' };
  const sent = { messageId: 'm1', seq: 3, timestamp };
  expect(fromQueued({ cid: 'a-1', draft, state: 'sent', queuedAt: 1, sent }, 'alice')).toEqual(stored);
});

it('keeps the key of an own message from queued to sent, and takes no other’s cid for it', () => {
  const draft = { conversationId: 'c1', type: 'text', content: {} };
  const queued = fromQueued({ cid: 'a-1', draft, state: 'queued', queuedAt: 5 }, 'alice');
  expect(queued).toMatchObject({ key: 'a-1', id: undefined, seq: undefined, state: 'queued', at: 5 });
  const data = { messageId: 'm1', senderId: 'bob', cid: 'a-1', type: 'text', content: {} };
  expect(fromEvent({ ...place, action: 'new_message', data }, 'alice')).toMatchObject({ key: 'm1', mine: false });
});

it('shows a notice by its kind, with its data', () => {
  const event = { ...place, action: 'lab_result', data: { messageId: 'm1', title: 'Result', senderId: 'lab' } };
  expect(fromEvent(event, 'alice')).toMatchObject({
    kind: 'lab_result',
    type: 'lab_result',
    content: { title: 'Result' },
  });
  const reply = { messageId: 'm1', senderId: 'carol', type: 'text', content: { text: 'x' } };
  expect(fromEvent({ ...place, action: 'consultation_reply', data: reply }, 'alice')).toMatchObject({
    kind: 'consultation_reply',
    type: 'text',
  });
});

it('shows a message that was deleted before it came as deleted', () => {
  const data = { messageId: 'm1', seq: 3, senderId: 'bob', deletedAt: timestamp };
  expect(fromEvent({ ...place, action: 'message_deleted', data }, 'alice')).toMatchObject({
    content: {},
    deletedAt: at,
  });
});

it('takes nothing that has no place in a conversation', () => {
  const data = { messageId: 'm1', seq: 3, senderId: 'bob', type: 'text', content: {}, editedAt: timestamp };
  for (const event of [
    { action: 'message_edited', conversationId: 'c1', timestamp, data },
    { action: 'direct_message', stream: 'i:alice', seq: 1, timestamp, data },
    { action: 'gap', conversationId: 'c1', stream: 'c:c1', timestamp, data: { from: 1, to: 2 } },
  ]) {
    expect(fromEvent(event, 'alice')).toBeUndefined();
  }
});

it('keeps the later of two states, whichever comes first', () => {
  const message = { content: { text: 'a' } } as unknown as ChatMessage;
  const edit = (editedAt: string, text: string): ChatMessage =>
    changed(message, { action: 'message_edited', timestamp, data: { content: { text }, editedAt } });
  const first = edit('2026-01-01T00:00:01.000Z', 'b');
  const second = edit('2026-01-01T00:00:02.000Z', 'c');
  const deleted = changed(first, { action: 'message_deleted', timestamp, data: { deletedAt: timestamp } });
  expect(deleted).toMatchObject({ content: {}, deletedAt: at });
  for (const [a, b] of [
    [first, second],
    [second, first],
  ] as const) {
    expect(newer(a, b)).toBe(second);
    expect(newer(a, deleted)).toBe(deleted);
    expect(newer(deleted, b)).toBe(deleted);
  }
  // An edit that comes late does not undo the one after it.
  expect(
    changed(second, {
      action: 'message_edited',
      timestamp,
      data: { content: {}, editedAt: '2026-01-01T00:00:01.000Z' },
    }),
  ).toBe(second);
});
