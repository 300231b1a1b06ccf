// Every way on which somebody learns of a message gives the same answer to whom the message is for.

import { describe, expect, test } from 'vitest';
import { byKey } from '../../test/support/conversation.ts';
import { chatFeatures, createTestMessaging, type TestNode, type TestSession } from '../../test/support/messaging.ts';
import type { PlannedRecipient } from '../ports/message-facts.ts';

const stream = 'c:c1';
const members = ['alice', 'bob', 'carol', 'dave'];
const features = [...chatFeatures, 'notifications', 'system_notifications'];

interface Row {
  what: string;
  /** Alice, where it has one. */
  sender?: string;
  targetUserIds?: string[];
  exclude?: string[];
  seenBy: string[];
}

const rows: readonly Row[] = [
  { what: 'a message of alice for everybody', sender: 'alice', seenBy: members },
  { what: 'a message of alice for bob', sender: 'alice', targetUserIds: ['bob'], seenBy: ['alice', 'bob'] },
  { what: 'a message of alice without carol', sender: 'alice', exclude: ['carol'], seenBy: ['alice', 'bob', 'dave'] },
  { what: 'a message of alice without alice', sender: 'alice', exclude: ['alice'], seenBy: members },
  {
    what: 'a message of alice for bob and carol, without carol and alice',
    ...{ sender: 'alice', targetUserIds: ['bob', 'carol'], exclude: ['carol', 'alice'], seenBy: ['alice', 'bob'] },
  },
  { what: 'a notice of the system for everybody', seenBy: members },
  { what: 'a notice of the system for bob', targetUserIds: ['bob'], seenBy: ['bob'] },
  { what: 'a notice of the system without carol', exclude: ['carol'], seenBy: ['alice', 'bob', 'dave'] },
];

type Scene = Awaited<ReturnType<typeof setUp>>;

/** Everybody has a connection to each of two nodes. */
async function setUp({ sender, targetUserIds, exclude }: Row) {
  const messaging = createTestMessaging();
  const { app, clock } = messaging;
  const [one, two] = [messaging.node('n1'), messaging.node('n2')];
  await one.conversations.put(app, 'c1', { participants: members.map((userId) => ({ userId })) });
  const connectAll = (node: TestNode) => Promise.all(members.map((userId) => node.connect(userId, { features })));
  const [near, far] = [await connectAll(one), await connectAll(two)];
  const addressing = {
    ...(sender === undefined ? {} : { sender }),
    ...(targetUserIds === undefined ? {} : { targetUserIds }),
    ...(exclude === undefined ? {} : { exclude }),
  };
  const toConversation = {
    ...(sender === undefined
      ? { kind: 'system_notification', data: { title: 'T' } }
      : { kind: 'message', data: { type: 'text', content: { text: 'hello' } } }),
    ...addressing,
    audience: { conversation: 'c1' },
  };
  const toInboxes = { kind: 'direct', audience: { users: members }, data: { title: 'T' }, ...addressing };
  const send = async (request: typeof toConversation | typeof toInboxes = toConversation) => {
    const result = await one.broadcasting.broadcast(app, request, byKey);
    await clock.advance(0);
    return result;
  };
  return { ...messaging, one, two, near, far, toConversation, toInboxes, send };
}

const usersOf = (sessions: readonly TestSession[], isMeant: (session: TestSession) => boolean): string[] =>
  sessions.filter(isMeant).map(({ userId }) => userId);

const gotMessage = ({ outlet }: TestSession): boolean => outlet.told(stream).includes(1);

const shown = (recipients: readonly Pick<PlannedRecipient, 'userId' | 'realtime'>[] = []): string[] =>
  recipients.filter(({ realtime }) => realtime.some(({ reason }) => reason === 'sent')).map(({ userId }) => userId);

async function usersWhere(isMeant: (userId: string) => Promise<boolean>): Promise<string[]> {
  const found: string[] = [];
  for (const userId of members) if (await isMeant(userId)) found.push(userId);
  return found;
}

async function entryOf({ one, app }: Scene, userId: string) {
  const [entry] = (await one.conversations.list(app, { userId, limit: 1 })).conversations;
  if (entry === undefined || !('unreadCount' in entry)) throw new Error('the conversation is not in the list');
  return entry;
}

/** Each resolves with the users who learn of the message on this way. */
const ways: Readonly<Record<string, (scene: Scene) => Promise<string[]>>> = {
  async 'on an open connection'({ send, near }) {
    await send();
    return usersOf(near, gotMessage);
  },
  async 'on an open connection to another node'({ send, far }) {
    await send();
    return usersOf(far, gotMessage);
  },
  async 'in history'({ send, one, app }) {
    await send();
    return await usersWhere(
      async (viewer) => (await one.messages.history(app, 'c1', { viewer, limit: 5 })).messages.length > 0,
    );
  },
  async 'by a resume'({ send, two, settled }) {
    await send();
    return await usersWhere(async (userId) => {
      const session = await two.connect(userId, { features });
      (await two.catchUps.prepare(session, [{ stream, epoch: 'e1', seq: 0 }], 'resume')).start();
      await settled();
      return gotMessage(session);
    });
  },
  async 'by a change that is published'({ send, one, far, app, clock }) {
    const { id } = await send();
    await one.chatActions.deleteMessage(app, id, { origin: byKey });
    await clock.advance(0);
    return usersOf(far, ({ outlet }) => outlet.of('message_deleted').length > 0);
  },
  async 'by a change that is reported after a while away'({ send, one, two, app, clock }) {
    const { id } = await send();
    await one.chatActions.deleteMessage(app, id, { origin: byKey });
    return await usersWhere(async (userId) => {
      const session = await two.connect(userId, { features });
      await two.changes.report(session, [{ stream, epoch: 'e1', seq: 1 }], clock.now() - 1000);
      return session.outlet.of('message_deleted').length > 0;
    });
  },
  async 'as the last message of the conversation'(scene) {
    await scene.send();
    return await usersWhere(async (userId) => (await entryOf(scene, userId)).lastMessage !== undefined);
  },
  async 'in an inbox, where it is for users'({ send, toInboxes, one, app }) {
    await send(toInboxes);
    return await usersWhere(
      async (userId) => (await one.messages.inbox(app, userId, { limit: 5 })).messages.length > 0,
    );
  },
  async 'on an open connection, where it is for users'({ send, toInboxes, far }) {
    await send(toInboxes);
    return usersOf(far, ({ outlet }) => outlet.of('direct_message').length > 0);
  },
  async 'in the journey'({ send, one }) {
    await send();
    return shown(one.facts.of('message.sent')[0]?.recipients);
  },
  async 'in what explain says'({ one, app, toConversation }) {
    return shown((await one.broadcasting.explain(app, toConversation, byKey)).recipients);
  },
};

describe.each(rows)('$what', (row) => {
  test.each(Object.entries(ways))('is seen by those it is for %s', async (_way, usersOn) => {
    expect((await usersOn(await setUp(row))).toSorted()).toEqual(row.seenBy);
  });

  test('is unread for those it is for, but not for its sender', async () => {
    const scene = await setUp(row);
    await scene.send();
    const unread = await Promise.all(members.map(async (userId) => (await entryOf(scene, userId)).unreadCount));
    expect(unread).toEqual(members.map((userId) => (row.seenBy.includes(userId) && userId !== row.sender ? 1 : 0)));
  });

  test('is pushed to those it is for, but not to its sender', async () => {
    const scene = await setUp(row);
    await Promise.all(members.map((userId) => scene.addDevice(userId)));
    await scene.send();
    const pushed = scene.one.pushes.flatMap(({ recipients }) => recipients.map(({ userId }) => userId));
    expect(pushed).toEqual(row.seenBy.filter((userId) => userId !== row.sender));
  });
});

test('the connection that a message came by has its answer instead, whatever the targets are', async () => {
  const { one, near, toConversation, app } = await setUp({
    what: '',
    sender: 'alice',
    targetUserIds: ['bob'],
    seenBy: [],
  });
  const [mine] = near;
  if (mine === undefined) throw new Error('alice has no connection');
  const other = await one.connect('alice', { features });
  await one.broadcasting.carry(app, toConversation, { via: 'socket', session: mine });
  expect([mine.outlet.events, other.outlet.told(stream)]).toEqual([[], [1]]);
});
