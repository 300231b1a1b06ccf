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
    changed(message, { action: 'message_edited', timestamp, data: { content: { text }, editedAt } }, 'alice');
  const first = edit('2026-01-01T00:00:01.000Z', 'b');
  const second = edit('2026-01-01T00:00:02.000Z', 'c');
  const deleted = changed(first, { action: 'message_deleted', timestamp, data: { deletedAt: timestamp } }, 'alice');
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
  const late = { content: {}, editedAt: '2026-01-01T00:00:01.000Z' };
  expect(changed(second, { action: 'message_edited', timestamp, data: late }, 'alice')).toBe(second);
});

it('shows what was added to a message, from the log and from an event alike', () => {
  const said = { messageId: 'm1', senderId: 'bob', type: 'text', content: { text: 'hello' } };
  const added = {
    reactions: [
      { reaction: '👍', userIds: ['bob', 'alice'] },
      { reaction: '👀', userIds: ['bob'] },
    ],
    replies: { count: 2, lastAt: timestamp },
    pinned: { at: timestamp },
    updatedAt: timestamp,
  };
  const data = { ...said, ...added };
  const stored = fromStored({ ...place, ...data, kind: 'message', action: 'new_message' }, 'alice');
  expect(stored).toMatchObject({
    reactions: [
      { reaction: '👍', userIds: ['bob', 'alice'], mine: true },
      { reaction: '👀', userIds: ['bob'], mine: false },
    ],
    replies: { count: 2, lastAt: at },
    pinned: { at, by: undefined },
    updatedAt: at,
  });
  expect(fromEvent({ ...place, action: 'new_message', data }, 'alice')).toEqual(stored);
  // A notice may have such fields of its own.
  const notice = { messageId: 'm1', reactions: 'many' };
  expect(fromEvent({ ...place, action: 'lab_result', data: notice }, 'alice')?.content).toEqual({ reactions: 'many' });
});

it('keeps the later of two states of the additions, whatever the later text is', () => {
  const message = { content: { text: 'a' }, at } as unknown as ChatMessage;
  const update = (second: number, ...userIds: string[]) => ({
    ...{ action: 'message_updated', timestamp },
    data: { reactions: [{ reaction: '👍', userIds }], updatedAt: `2026-01-01T00:00:0${second}.000Z` },
  });
  const edit = { text: 'b', editedAt: '2026-01-01T00:00:09.000Z' };
  const edited = changed(message, { action: 'message_edited', timestamp, data: { content: edit, ...edit } }, 'alice');
  const first = changed(message, update(1, 'bob'), 'alice');
  const both = changed(edited, update(2, 'bob', 'alice'), 'alice');
  expect(both).toMatchObject({ content: { text: 'b' }, reactions: [{ userIds: ['bob', 'alice'], mine: true }] });
  expect(newer(both, first)).toEqual(both);
  expect(newer(first, both)).toEqual(both);
  expect(newer(edited, first)).toMatchObject({ content: { text: 'b' }, reactions: [{ userIds: ['bob'] }] });
  // One that comes late changes nothing, and a message that is gone keeps nothing.
  expect(changed(both, update(1, 'bob'), 'alice')).toBe(both);
  const gone = changed(
    both,
    { action: 'message_updated', timestamp, data: { reactions: [], updatedAt: '2026-01-01T00:00:03.000Z' } },
    'alice',
  );
  expect(gone).not.toHaveProperty('reactions');
  const deleted = changed(both, { action: 'message_deleted', timestamp, data: { deletedAt: timestamp } }, 'alice');
  expect(changed(deleted, update(5, 'bob'), 'alice')).toBe(deleted);
  for (const name of ['reactions', 'replies', 'pinned', 'updatedAt']) expect(deleted).not.toHaveProperty(name);
});
