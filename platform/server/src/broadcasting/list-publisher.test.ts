// Changes of lists of conversations reach the connections of those whose lists they are, on every node.
import { expect, test } from 'vitest';
import { validateEvents, startConversation } from '../../test/support/conversation.ts';
import { textRequest, type TestNode } from '../../test/support/messaging.ts';
import type { AppId } from '../ports/app-id.ts';

interface Case {
  given: string;
  when: (conversations: TestNode['conversations'], app: AppId) => Promise<unknown>;
  /** By user: the events, as action and data. Who is not named gets none. */
  then: Record<string, [string, object][]>;
}

const about = { conversationId: 'c1' };
const people = (change: object): object => ({ participants: { added: [], removed: [], changed: [], ...change } });
const changed = (change: object): [string, object] => ['conversation_changed', { ...about, ...change }];
const added = (row: object): [string, object] => ['conversation_added', { conversation: row }];
const removed = (reason: string): [string, object] => ['conversation_removed', { ...about, reason }];

const cases: Case[] = [
  {
    given: 'a conversation that is made',
    when: (all, app) => all.put(app, 'c2', { title: 'New', participants: [{ userId: 'alice' }, { userId: 'dave' }] }),
    then: {
      alice: [added({ id: 'c2', title: 'New', unreadCount: 0, headSeq: 0, cursors: { delivered: 0, read: 0 } })],
      dave: [added({ id: 'c2', title: 'New', participants: [{ userId: 'alice' }, { userId: 'dave' }] })],
    },
  },
  {
    given: 'one who joins',
    when: (all, app) => all.putParticipant(app, 'c1', { userId: 'dave', role: 'nurse' }),
    then: {
      alice: [changed(people({ added: [{ userId: 'dave', role: 'nurse' }] }))],
      bob: [changed(people({ added: [{ userId: 'dave', role: 'nurse' }] }))],
      carol: [changed(people({ added: [{ userId: 'dave', role: 'nurse' }] }))],
      dave: [
        added({ id: 'c1', unreadCount: 0, headSeq: 1, lastMessage: { seq: 1 }, cursors: { delivered: 1, read: 1 } }),
      ],
    },
  },
  {
    given: 'one who is removed',
    when: (all, app) => all.removeParticipant(app, 'c1', 'bob'),
    then: {
      alice: [changed(people({ removed: ['bob'] }))],
      bob: [removed('removed')],
      carol: [changed(people({ removed: ['bob'] }))],
    },
  },
  {
    given: 'one whose role changes',
    when: (all, app) => all.putParticipant(app, 'c1', { userId: 'carol', role: 'nurse' }),
    then: Object.fromEntries(
      ['alice', 'bob', 'carol'].map((user) => [
        user,
        [changed(people({ changed: [{ userId: 'carol', role: 'nurse' }] }))],
      ]),
    ),
  },
  {
    given: 'other participants and another title at once',
    when: (all, app) =>
      all.put(app, 'c1', {
        title: 'Renamed',
        participants: [
          { userId: 'alice', role: 'doctor' },
          { userId: 'carol', role: 'consultant' },
          { userId: 'dave' },
        ],
      }),
    then: {
      ...Object.fromEntries(
        ['alice', 'carol'].map((user) => [
          user,
          [
            changed({ title: 'Renamed' }),
            changed(
              people({ added: [{ userId: 'dave' }], removed: ['bob'], changed: [{ userId: 'alice', role: 'doctor' }] }),
            ),
          ],
        ]),
      ),
      bob: [changed({ title: 'Renamed' }), removed('removed')],
      dave: [added({ id: 'c1', title: 'Renamed' })],
    },
  },
  {
    given: 'metadata that are put',
    when: (all, app) => all.patch(app, 'c1', { metadata: { ward: 3 } }),
    then: Object.fromEntries(['alice', 'bob', 'carol'].map((user) => [user, [changed({ metadata: { ward: 3 } })]])),
  },
  {
    given: 'what is put as it was',
    async when(all, app) {
      await all.put(app, 'c1', {
        participants: [{ userId: 'alice' }, { userId: 'bob' }, { userId: 'carol', role: 'consultant' }],
      });
      await all.putParticipant(app, 'c1', { userId: 'bob' });
    },
    then: {},
  },
  {
    given: 'a conversation that is deleted',
    when: (all, app) => all.remove(app, 'c1'),
    then: { alice: [removed('deleted')], bob: [removed('deleted')], carol: [removed('deleted')] },
  },
];

test.each(cases)('given $given, the users concerned get it on every node, and nobody else', async ({ when, then }) => {
  const { one, two, clock, app, carry } = await startConversation();
  await carry(textRequest('c1', 'alice'));
  await clock.advance(0);
  const connections = await Promise.all(
    ['alice', 'bob', 'carol', 'dave', 'erin'].flatMap((userId) => [
      one.connect(userId, { features: ['messaging'] }),
      two.connect(userId, { features: ['messaging'] }),
    ]),
  );
  const withoutMessaging = await one.connect('alice', { features: ['notifications'] });
  await when(one.conversations, app);
  await clock.advance(0);
  for (const session of connections) {
    const told = session.outlet.events.map(({ action, data }) => [action, data]);
    expect(told, `${session.userId} on ${session.node}`).toMatchObject(then[session.userId] ?? []);
    expect(told).toHaveLength((then[session.userId] ?? []).length);
    validateEvents(session);
  }
  expect(withoutMessaging.outlet.events).toEqual([]);
});

test('the row that a new participant gets is the one of their list, whatever the others may see', async () => {
  const { one, two, clock, app, carry } = await startConversation();
  await carry(textRequest('c1', 'alice'));
  await carry({ ...textRequest('c1', 'alice', 'a present for dave'), exclude: ['dave'] });
  await clock.advance(0);
  const [dave, erin] = [await two.connect('dave'), await one.connect('erin')];
  await one.conversations.put(app, 'c1', { participants: ['alice', 'dave', 'erin'].map((userId) => ({ userId })) });
  await clock.advance(0);
  for (const [session, seq] of [[dave, 1] as const, [erin, 2] as const]) {
    const [listed] = (await one.conversations.list(app, { userId: session.userId, limit: 1 })).conversations;
    const [row] = session.outlet.of('conversation_added').map(({ data }) => data['conversation']);
    expect(row).toEqual(listed);
    expect(row).toMatchObject({ lastMessage: { seq }, headSeq: 2, unreadCount: 0 });
  }
});

test('a participant who was removed gets no event of the conversation any more, on no node', async () => {
  const { one, two, clock, app, carry } = await startConversation();
  const sessions = [await one.connect('bob'), await two.connect('bob')];
  await one.conversations.removeParticipant(app, 'c1', 'bob');
  const { message } = await carry(textRequest('c1', 'alice'));
  await two.chatActions.broadcastTypingStatus(app, { ...about, userId: 'alice', isTyping: true }, { via: 'http-key' });
  await one.chatActions.broadcastReadStatus(app, 'c1', { userId: 'carol', seq: 1, origin: { via: 'http-key' } });
  await one.chatActions.deleteMessage(app, message?.id ?? '', { origin: { via: 'http-key' } });
  await clock.advance(0);
  for (const { outlet } of sessions) expect(outlet.actions()).toEqual(['conversation_removed']);
});

test('a message that waits for its place in the log does not reach who is removed meanwhile', async () => {
  const [begun, held] = [Promise.withResolvers<undefined>(), Promise.withResolvers<undefined>()];
  let isHeld = false;
  const wait = async (): Promise<void> => {
    if (!isHeld) return;
    begun.resolve(undefined);
    await held.promise;
  };
  const { one, app, carry } = await startConversation({
    messagesOf: (messages) => ({
      ...messages,
      append: (...args) => wait().then(() => messages.append(...args)),
      appendMany: (...args) => wait().then(() => messages.appendMany(...args)),
    }),
  });
  const [bob, carol] = [await one.connect('bob'), await one.connect('carol')];
  isHeld = true;
  const sending = carry(textRequest('c1', 'alice'));
  await begun.promise;
  await one.conversations.removeParticipant(app, 'c1', 'bob');
  held.resolve(undefined);
  await sending;
  expect(bob.outlet.actions()).toEqual(['conversation_removed']);
  expect(carol.outlet.actions()).toEqual(['conversation_changed', 'new_message']);
});

test('of more changes than an event names, those who are in it learn that there are more', async () => {
  const { one, app } = await startConversation();
  const alice = await one.connect('alice');
  const many = Array.from({ length: 150 }, (_, index) => ({ userId: `u${index}` }));
  await one.conversations.put(app, 'c1', { participants: [{ userId: 'alice' }, ...many] });
  const [event] = alice.outlet.of('conversation_changed');
  expect(event?.data['participants']).toMatchObject({ removed: ['bob', 'carol'], changed: [], more: true });
  expect(event?.data).toHaveProperty('participants.added.length', 98);
  validateEvents(alice);
});

test('a change that cannot be published stands all the same, and is logged', async () => {
  const { one, app } = await startConversation({
    messagesOf: (messages) => ({ ...messages, read: () => Promise.reject(new Error('away')) }),
  });
  expect(await one.conversations.putParticipant(app, 'c1', { userId: 'dave' })).toBe('added');
  expect(one.logger.of('warn')).toContain('a change of lists could not be published');
});
