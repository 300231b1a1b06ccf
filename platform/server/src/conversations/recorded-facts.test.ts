// The facts of conversations and their participants.
import { expect, test } from 'vitest';
import { createTestMessaging, type TestNode } from '../../test/support/messaging.ts';
import type { AppId } from '../ports/app-id.ts';

interface Case {
  given: string;
  when: (conversations: TestNode['conversations'], app: AppId) => Promise<unknown>;
  then: object[];
}

const people = ['alice', 'bob', 'carol'].map((userId) => ({ userId }));

const cases: Case[] = [
  {
    given: 'a conversation that is made',
    when: (conversations, app) => conversations.put(app, 'c2', { title: 'New', participants: [{ userId: 'dave' }] }),
    then: [{ type: 'conversation.created', conversationId: 'c2', participants: [{ userId: 'dave', role: 'member' }] }],
  },
  {
    given: 'a conversation that gets a title',
    when: (conversations, app) => conversations.patch(app, 'c1', { title: 'Other' }),
    then: [{ type: 'conversation.changed', conversationId: 'c1', title: 'Other' }],
  },
  {
    given: 'a conversation that gets metadata',
    when: (conversations, app) => conversations.patch(app, 'c1', { metadata: { ward: 3 } }),
    then: [{ type: 'conversation.changed', conversationId: 'c1', metadata: { ward: 3 } }],
  },
  {
    given: 'a conversation that is put as it is',
    async when(conversations, app) {
      await conversations.patch(app, 'c1', {});
      await conversations.put(app, 'c1', { title: 'Team', participants: people });
    },
    then: [],
  },
  {
    given: 'other participants in place of those before',
    when: (conversations, app) =>
      conversations.put(app, 'c1', {
        title: 'Team',
        participants: [{ userId: 'alice' }, { userId: 'bob', role: 'doctor' }, { userId: 'dave' }],
      }),
    then: [
      { type: 'participant.changed', conversationId: 'c1', userId: 'bob', role: 'doctor' },
      { type: 'participant.added', conversationId: 'c1', userId: 'dave', role: 'member' },
      { type: 'participant.removed', conversationId: 'c1', userId: 'carol' },
    ],
  },
  {
    given: 'one who joins',
    when: (conversations, app) => conversations.putParticipant(app, 'c1', { userId: 'dave', role: 'nurse' }),
    then: [{ type: 'participant.added', conversationId: 'c1', userId: 'dave', role: 'nurse' }],
  },
  {
    given: 'one who gets another role',
    when: (conversations, app) => conversations.putParticipant(app, 'c1', { userId: 'bob', role: 'nurse' }),
    then: [{ type: 'participant.changed', conversationId: 'c1', userId: 'bob', role: 'nurse' }],
  },
  {
    given: 'one who gets the role they have',
    when: (conversations, app) => conversations.putParticipant(app, 'c1', { userId: 'bob' }),
    then: [],
  },
  {
    given: 'one who leaves',
    when: (conversations, app) => conversations.removeParticipant(app, 'c1', 'bob'),
    then: [{ type: 'participant.removed', conversationId: 'c1', userId: 'bob' }],
  },
  {
    given: 'a conversation that is removed',
    when: (conversations, app) => conversations.remove(app, 'c1'),
    then: [{ type: 'conversation.removed', conversationId: 'c1', userIds: ['alice', 'bob', 'carol'] }],
  },
  {
    given: 'a conversation and a participant that are not there',
    async when(conversations, app) {
      await expect(conversations.remove(app, 'none')).rejects.toThrow();
      await expect(conversations.removeParticipant(app, 'c1', 'mallory')).rejects.toThrow();
      await expect(conversations.putParticipant(app, 'none', { userId: 'bob' })).rejects.toThrow();
    },
    then: [],
  },
];

test.each(cases)('given $given, the facts are these and no others', async ({ when, then }) => {
  const messaging = createTestMessaging();
  const { app, clock } = messaging;
  const { conversations, facts } = messaging.node('n1');
  await conversations.put(app, 'c1', { title: 'Team', participants: people });
  facts.taken();
  await when(conversations, app);
  expect(facts.taken()).toEqual(then.map((fact) => ({ atMs: clock.now(), ...fact })));
});
