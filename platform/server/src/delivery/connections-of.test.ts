// When the connections of many are looked up again, and when not.

import { expect, test } from 'vitest';
import { makeSession } from '../sessions/test/sessions.fixture.ts';
import { Registry } from '../sessions/registry.ts';
import { createConnectionLists } from './connections-of.ts';

function setUp() {
  const registry = new Registry();
  const sessions = Array.from({ length: 40 }, (_, index) => makeSession(`u${index}`));
  for (const session of sessions) registry.add(session);
  const [first] = sessions;
  if (first === undefined) throw new Error('no session');
  return { registry, rosters: createConnectionLists(registry), sessions, first, app: first.app };
}

test('a long list of users is looked up once until somebody comes or goes', () => {
  const { registry, rosters, sessions, first, app } = setUp();
  const members = [...sessions.map(({ userId }) => userId), 'away'];
  const roster = rosters.ofUsers(app, members);
  expect(roster.sessions).toEqual(sessions);
  expect(rosters.ofUsers(app, members)).toBe(roster);
  registry.remove(first);
  expect(rosters.ofUsers(app, members).sessions).toEqual(sessions.slice(1));
  registry.add(makeSession('away'));
  expect(rosters.ofUsers(app, members).sessions.at(-1)?.userId).toBe('away');
});

test('another list of the same users, and a short one, is looked up anew', () => {
  const { rosters, sessions, app } = setUp();
  const members = sessions.map(({ userId }) => userId);
  expect(rosters.ofUsers(app, [...members])).not.toBe(rosters.ofUsers(app, members));
  const few = members.slice(0, 5);
  expect(rosters.ofUsers(app, few)).not.toBe(rosters.ofUsers(app, few));
  expect(rosters.ofUsers(app, few).sessions).toEqual(sessions.slice(0, 5));
});

test('a topic has those who subscribed to it, and no more who left it', () => {
  const { registry, rosters, sessions, first, app } = setUp();
  expect(rosters.ofSet(app, registry.ofTopic(app, 'news')).sessions).toEqual([]);
  for (const session of sessions) registry.subscribe(session, 'news');
  const roster = rosters.ofSet(app, registry.ofTopic(app, 'news'));
  expect(roster.sessions).toEqual(sessions);
  expect(rosters.ofSet(app, registry.ofTopic(app, 'news'))).toBe(roster);
  registry.unsubscribe(first, 'news');
  expect(rosters.ofSet(app, registry.ofTopic(app, 'news')).sessions).toEqual(sessions.slice(1));
});
