// The facts of connections: opened, moved, closed, each once.
import { expect, test } from 'vitest';
import { RecordedFacts } from '../../test/support/recorded-facts.ts';
import { TestBusHub } from '../../test/support/test-bus.ts';
import { createVirtualClock } from '../../test/support/virtual-clock.ts';
import { Registry } from './registry.ts';
import type { Session } from './session.ts';
import { Sessions } from './sessions.ts';
import { Installation, makeSession, page, policySet, RecordedLog, RecordedMetrics } from './test/sessions.fixture.ts';

const chat = page('/chat', ['messaging']);

function setUp() {
  const installation = new Installation();
  const clock = createVirtualClock();
  const facts = new RecordedFacts();
  const sessions = new Sessions({
    ...{ facts, registry: new Registry(), node: 'n1' },
    surroundings: { clock, log: new RecordedLog(), metrics: new RecordedMetrics() },
    ...{ presence: installation.presence, users: installation.users, conversations: installation.conversations },
    ...{ bus: new TestBusHub({ clock }).connect('n1') },
  });
  return { sessions, facts, clock };
}

interface Case {
  given: string;
  when: (sessions: Sessions, session: Session) => Promise<void>;
  then: object[];
}

const cases: Case[] = [
  {
    given: 'a connection that closes, and is said to be closed again',
    async when(sessions, session) {
      await sessions.closed(session, 1000);
      await sessions.closed(session, 1006);
    },
    then: [{ type: 'connection.closed', page: '/chat', code: 1000 }],
  },
  {
    given: 'a connection that goes to another page',
    when: (sessions, session) => sessions.moved(session, page('/news')),
    then: [{ type: 'connection.moved', page: '/news', from: '/chat' }],
  },
  {
    given: 'a connection whose page gets another policy',
    async when(sessions, session) {
      sessions.enforce(session.app, policySet(page('/chat', [], { version: 2 })));
    },
    then: [],
  },
  {
    given: 'a connection that is looked at no more',
    async when(sessions, session) {
      sessions.setAttention(session, { visible: false });
    },
    then: [],
  },
  {
    given: 'a page that comes after the connection closed',
    async when(sessions, session) {
      await sessions.closed(session, 1000);
      await sessions.moved(session, page('/news'));
    },
    then: [{ type: 'connection.closed', code: 1000 }],
  },
];

test.each(cases)('given $given, the facts are these and no others', async ({ when, then }) => {
  const { sessions, facts, clock } = setUp();
  const session = makeSession('bob', { page: chat });
  await sessions.open(session);
  const connection = { connectionId: session.id, userId: 'bob', deviceId: 'd-1', deviceType: 'desktop', node: 'n1' };
  expect(facts.taken()).toEqual([{ type: 'connection.opened', atMs: clock.now(), page: '/chat', ...connection }]);
  await when(sessions, session);
  expect(facts.taken()).toMatchObject(then.map((fact) => ({ ...fact, ...connection })));
});
