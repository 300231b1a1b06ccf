// When a user is said to come and to go.

import { expect, test } from 'vitest';
import { newApp } from '../../test/support/samples.ts';
import type { FactOf } from '../ports/facts.ts';
import type { ConnectionRecord } from '../ports/presence.ts';
import { UserPresence } from './user-presence.ts';

type ConnectionFact = FactOf<'connection.opened' | 'connection.closed' | 'connection.lost'>;

const opened = (connectionId: string, atMs: number, userId = 'ann'): ConnectionFact => {
  return {
    ...{ type: 'connection.opened', atMs, connectionId, userId, deviceId: 'd' },
    ...{ deviceType: 'desktop', page: '/chat', node: 'n1' },
  };
};
const closed = (connectionId: string, atMs: number): ConnectionFact => {
  return { ...opened(connectionId, atMs), type: 'connection.closed', code: 1000 };
};
const lost = (connectionId: string, atMs: number): ConnectionFact => {
  return { ...opened(connectionId, atMs), type: 'connection.lost' };
};
/** A connection that presence has, of this node or another. */
const there = (connectionId: string, cameMs: number) => {
  return { connectionId, userId: 'ann', connectedAt: new Date(cameMs).toISOString() } as ConnectionRecord;
};

async function said(facts: ConnectionFact[], now: ConnectionRecord[] = []): Promise<string[]> {
  const presence = new UserPresence({ ofUsers: async () => new Map(now.length === 0 ? [] : [['ann', now]]) });
  const events = await presence.eventsOf(newApp(), facts);
  return events.map(({ type, data }) => `${type} ${(data as { connectionId: string }).connectionId}`);
}

test.each([
  ['the first connection', [opened('a', 5)], [there('a', 5)], ['user.online a']],
  ['a second one', [opened('b', 9)], [there('a', 5), there('b', 9)], []],
  ['the last connection', [closed('a', 9)], [], ['user.offline a']],
  ['one of two', [closed('a', 9)], [there('b', 5)], []],
  ['one that is still in the directory', [closed('a', 9)], [there('a', 5)], ['user.offline a']],
  ['coming and going', [opened('a', 5), closed('a', 6)], [], ['user.online a', 'user.offline a']],
  ['a change of page', [closed('a', 5), opened('b', 6)], [there('b', 6)], ['user.offline a', 'user.online b']],
  ['an overlap', [opened('b', 5), closed('a', 6)], [there('b', 5)], []],
  ['the last connection, of a node that died', [lost('a', 9)], [], ['user.offline a']],
  ['one of a node that died, to a user who is back already', [lost('a', 9)], [there('b', 8)], []],
  ['one of another node that came later', [opened('a', 5)], [there('a', 5), there('b', 6)], ['user.online a']],
])('%s', async (_what, facts, now, events) => {
  expect(await said(facts, now)).toEqual(events);
});

test('a visitor is nobody who comes or goes, and while nobody knows who is there nothing is said', async () => {
  expect(await said([opened('a', 5, 'visitor:1')])).toEqual([]);
  const away = new UserPresence({ ofUsers: async () => Promise.reject(new Error('away')) });
  expect(await away.eventsOf(newApp(), [opened('a', 5)])).toEqual([]);
});
