// The facts of broadcasts and of what comes after: which are recorded, with what in them, and that nothing
// else is.
import { expect, test } from 'vitest';
import { createTestMessaging, textRequest, type TestMessaging, type TestNode } from '../../test/support/messaging.ts';
import type { Fact } from '../ports/facts.ts';

const origin = { via: 'http-key' as const };
const text = { type: 'text', content: { text: 'hello' } };

interface World {
  node: TestNode;
  messaging: TestMessaging;
  /** Sends a message of alice's to c1 and resolves with its id. */
  say: (cid?: string) => Promise<string>;
}

async function setUp(): Promise<World> {
  const messaging = createTestMessaging();
  const { app } = messaging;
  const node = messaging.node('n1');
  await node.conversations.put(app, 'c1', { participants: [{ userId: 'alice' }, { userId: 'bob' }] });
  node.facts.taken();
  const say = async (cid?: string): Promise<string> => {
    const input = { senderId: 'alice', ...text, cid, origin };
    return (await node.chatActions.broadcastMessage(app, 'c1', input)).messageId;
  };
  return { node, messaging, say };
}

interface Case {
  given: string;
  /** The preparation, whose facts are not looked at; its result is handed on. */
  before?: (world: World) => Promise<string>;
  when: (world: World, id: string) => Promise<unknown>;
  then: (world: World, id: string) => unknown[];
}

const sender = { senderId: 'alice', conversationId: 'c1' };
const read = {
  messageId: expect.any(String),
  kind: 'read',
  action: 'read_status',
  senderId: 'bob',
  conversationId: 'c1',
};

const cases: Case[] = [
  {
    given: 'a message to a conversation',
    when: async ({ node, say }) => {
      await node.connect('bob');
      await say();
    },
    then: () => {
      const message = { messageId: expect.any(String), kind: 'message', action: 'new_message', ...sender };
      const place = { stream: 'c:c1', seq: 1 };
      return [
        { type: 'message.accepted', ...message },
        { type: 'message.stored', ...message, ...place, data: text },
        {
          ...{ type: 'message.sent', ...message, ...place, recipientCount: 1, counts: { sent: 1, no_device: 1 } },
          recipients: [{ userId: 'bob', realtime: [{ reason: 'sent', page: '/chat' }], pushReason: 'no_device' }],
        },
      ];
    },
  },
  {
    given: 'the same message again',
    before: ({ say }) => say('again'),
    when: ({ say }) => say('again'),
    then: () => [{ type: 'message.accepted', kind: 'message', action: 'new_message', ...sender }],
  },
  {
    given: 'a notification into two inboxes',
    when: ({ node, messaging: { app } }) =>
      node.broadcasting.broadcast(app, { kind: 'direct', audience: { users: ['bob', 'carol'] }, data: {} }, origin),
    then: () => {
      const copy = (user: string) => [user, expect.objectContaining({ stream: `i:${user}`, seq: 1 })];
      return [
        { type: 'message.accepted', kind: 'direct' },
        { type: 'message.stored', kind: 'direct', copies: new Map([copy('bob'), copy('carol')] as [string, object][]) },
        {
          type: 'message.sent',
          kind: 'direct',
          recipientCount: 2,
          recipients: [{ userId: 'bob' }, { userId: 'carol' }],
        },
      ];
    },
  },
  {
    given: 'an event that goes to no log',
    when: ({ node, messaging: { app } }) =>
      node.chatActions.broadcastTypingStatus(app, { conversationId: 'c1', userId: 'bob', isTyping: true }, origin),
    then: () => [
      { type: 'message.accepted', kind: 'typing' },
      { type: 'message.sent', kind: 'typing' },
    ],
  },
  {
    given: 'a message that is refused',
    when: async ({ node, messaging: { app } }) => {
      const refused = node.broadcasting.carry(app, textRequest('none', 'alice'), origin);
      await expect(refused).rejects.toMatchObject({ code: 'not_found' });
    },
    then: () => [],
  },
  {
    given: 'a message that cannot be stored',
    when: async ({ node, messaging: { app, stores } }) => {
      stores.fail('messages.append');
      await expect(node.broadcasting.carry(app, textRequest('c1', 'alice'), origin)).rejects.toThrow();
    },
    then: () => [{ type: 'message.accepted', kind: 'message', action: 'new_message', ...sender }],
  },
  {
    given: 'a conversation that somebody reads',
    before: ({ say }) => say(),
    when: ({ node, messaging: { app } }) =>
      node.chatActions.broadcastReadStatus(app, 'c1', { userId: 'bob', seq: 1, origin }),
    then: (_, id) => [
      { type: 'message.read', conversationId: 'c1', stream: 'c:c1', seq: 1, userId: 'bob', messageIds: [id] },
      { type: 'message.accepted', ...read },
      { type: 'message.sent', ...read },
    ],
  },
  {
    given: 'a conversation that was read as far before',
    before: async ({ node, messaging: { app }, say }) => {
      const id = await say();
      await node.chatActions.broadcastReadStatus(app, 'c1', { userId: 'bob', seq: 1, origin });
      return id;
    },
    when: ({ node, messaging: { app } }) =>
      node.chatActions.broadcastReadStatus(app, 'c1', { userId: 'bob', seq: 1, origin }),
    then: () => [],
  },
  {
    given: 'a message that its sender edits',
    before: ({ say }) => say(),
    when: ({ node, messaging: { app } }, id) =>
      node.chatActions.editMessage(app, id, { content: { text: 'bye' }, by: { userId: 'alice' }, origin }),
    then: (_, messageId) => [
      { type: 'message.edited', messageId, ...sender, stream: 'c:c1', seq: 1, byUserId: 'alice' },
    ],
  },
  {
    given: 'a message that the back end deletes',
    before: ({ say }) => say(),
    when: ({ node, messaging: { app } }, id) => node.chatActions.deleteMessage(app, id, { origin }),
    then: (_, messageId) => [
      { type: 'message.deleted', messageId, ...sender, stream: 'c:c1', seq: 1, byUserId: undefined },
    ],
  },
];

test.each(cases)('given $given, the facts are these and no others', async ({ before, when, then }) => {
  const world = await setUp();
  const id = (await before?.(world)) ?? '';
  await world.node.broadcasting.settled();
  world.node.facts.taken();
  await when(world, id);
  await world.node.broadcasting.settled();
  const recorded: Fact[] = world.node.facts.taken();
  expect(recorded).toMatchObject(then(world, id));
  expect(recorded.every(({ atMs }) => atMs === world.messaging.clock.now())).toBe(true);
  await world.messaging.stop();
});

test('the fact of a broadcast names the times of its stages', async () => {
  const { node, messaging, say } = await setUp();
  await say();
  const [sent] = node.facts.of('message.sent');
  const nowMs = messaging.clock.now();
  expect(sent).toMatchObject({ acceptedAtMs: nowMs, storedAtMs: nowMs, atMs: nowMs });
});
