// Which connections of users and visitors may open, over two nodes.

import { expect, test } from 'vitest';
import { newApp } from '../../test/support/samples.ts';
import { createVirtualClock } from '../../test/support/virtual-clock.ts';
import { MemoryPresenceHub } from '../drivers/presence/memory/memory-presence-hub.ts';
import { ConnectionCount } from './connection-count.ts';
import { ConnectionRoom, type RoomWanted } from './connection-room.ts';
import { Registry } from './registry.ts';
import { makeSession } from './test/sessions.fixture.ts';

function setUp(perUser = 2) {
  const hub = new MemoryPresenceHub();
  const [here, there] = [hub.connect('n1'), hub.connect('n2')];
  const registry = new Registry();
  const app = newApp();
  const closed: string[] = [];
  const sessions = {
    async disconnect(_app: unknown, connectionId: string, code: string) {
      closed.push(`${connectionId} ${code}`);
      const session = registry.byId(connectionId);
      if (session !== undefined) registry.remove(session);
      return true;
    },
  };
  const count = new ConnectionCount({ registry, presence: here, clock: createVirtualClock() });
  const room = new ConnectionRoom({ registry, presence: here, count, sessions, perUser });
  let atMs = 0;
  const made = (userId: string, deviceId: string, node = 'n1') =>
    makeSession(userId, { app, node, device: { id: deviceId, type: 'desktop' }, connectedAtMs: (atMs += 1) });
  const tryOpen = async (userId: string, deviceId: string, wanted: Partial<RoomWanted> = {}) => {
    const session = made(userId, deviceId);
    const decision = (await room.look(session, { ofApp: 100, ...wanted }))();
    if (decision === 'room') registry.add(session);
    return { decision, session };
  };
  return { hub, app, registry, there, closed, made, tryOpen, room };
}

test('a connection too many of a user closes the oldest of the same device', async () => {
  const { tryOpen, closed } = setUp();
  const { session: oldest } = await tryOpen('alice', 'laptop');
  await tryOpen('alice', 'laptop');
  expect((await tryOpen('alice', 'laptop')).decision).toBe('room');
  expect(closed).toEqual([`${oldest.id} connection_limit`]);
});

test('a connection too many of a device that has none is refused, and the others stay', async () => {
  const { tryOpen, closed } = setUp();
  await tryOpen('alice', 'laptop');
  await tryOpen('alice', 'laptop');
  expect((await tryOpen('alice', 'phone')).decision).toBe('full');
  expect((await tryOpen('bob', 'phone')).decision).toBe('room');
  expect(closed).toEqual([]);
});

test('a user’s connections of all nodes count, and the oldest is closed wherever it is', async () => {
  const { app, tryOpen, closed, made, there } = setUp();
  const old = made('alice', 'laptop', 'n2');
  await there.join(app, old.record());
  await tryOpen('alice', 'laptop');
  await tryOpen('alice', 'laptop');
  expect(closed).toEqual([`${old.id} connection_limit`]);
});

test('a connection that takes the place of another is not one more', async () => {
  const { tryOpen, closed } = setUp();
  const { session: lost } = await tryOpen('alice', 'laptop');
  await tryOpen('alice', 'phone');
  expect((await tryOpen('alice', 'tablet', { replaces: lost.id })).decision).toBe('room');
  expect(closed).toEqual([]);
});

test('connections of a user that are decided in one turn are counted one after the other', async () => {
  const { registry, room, made } = setUp();
  const sessions = ['a', 'b', 'c'].map((device) => made('alice', device));
  const decisions = await Promise.all(sessions.map((session) => room.look(session, { ofApp: 100 })));
  const said = decisions.map((decide, index) => {
    const decision = decide();
    const session = sessions[index];
    if (decision === 'room' && session !== undefined) registry.add(session);
    return decision;
  });
  expect(said).toEqual(['room', 'room', 'full']);
});

test('visitors may not use the last tenth of an app’s limit, and users may', async () => {
  const { tryOpen } = setUp();
  const visitors = [];
  for (let index = 0; index < 10; index += 1) {
    visitors.push((await tryOpen(`visitor:${index}`, 'd', { ofApp: 10 })).decision);
  }
  expect(visitors).toEqual([...Array.from({ length: 9 }, () => 'room'), 'full']);
  expect((await tryOpen('alice', 'd', { ofApp: 10 })).decision).toBe('room');
});

test('without presence the connections of this node count', async () => {
  const { hub, tryOpen } = setUp();
  hub.down();
  await tryOpen('alice', 'laptop');
  await tryOpen('alice', 'laptop');
  expect((await tryOpen('alice', 'phone')).decision).toBe('full');
});
