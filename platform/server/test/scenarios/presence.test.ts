// The connections of users, as others see them: lists over HTTP, presence events with their grace, and the
// events of a monitoring page.

import { afterAll, beforeAll, expect, test } from 'vitest';
import { createClients } from '../support/clients.ts';
import { succeed } from '../support/clinic.ts';
import type { SocketClient } from '../support/socket-client.ts';
import { startWholeServer, type WholeServer } from '../support/whole-server.ts';

let server: WholeServer;
const clients = createClients(() => server);
const uuid = expect.stringMatching(/^[0-9a-f]{8}-/);

beforeAll(async () => {
  server = await startWholeServer();
  await succeed(
    server.api('PUT', '/pages', { pattern: '/desk', enabled: true, features: ['messaging', 'presence'] }),
    'page',
  );
});
afterAll(async () => {
  await clients.closeAll();
  await server.stop();
});

/** A user who is to hear of somebody shares a conversation with them. */
async function acquaint(...userIds: string[]): Promise<void> {
  const participants = userIds.map((userId) => ({ userId }));
  await succeed(server.api('PUT', `/conversations/of.${userIds.join('.')}`, { participants }), 'conversation');
}

async function watcherOf(userId: string): Promise<SocketClient> {
  await acquaint(`watcher.of.${userId}`, userId);
  const watcher = await clients.connect({ userId: `watcher.of.${userId}`, page: '/desk' });
  await watcher.ask('presence', { userIds: [userId], watch: true });
  return watcher;
}

const updates = (client: SocketClient) =>
  client.events('presence_update').map(({ data }) => [data['online'], data['deviceTypes']]);

test('a user’s open connections are listed, oldest first, with page and visibility as they are now', async () => {
  const first = await clients.connect({ userId: 'bob', deviceType: 'mobile' });
  const second = await clients.connect({ userId: 'bob', page: '/admin', visible: false });
  const { body } = await server.api('GET', '/users/bob/devices');
  const connectedAt = expect.stringMatching(/^\d{4}-.*\.\d{3}Z$/);
  expect(body).toEqual({
    devices: [
      {
        connectionId: first.id,
        deviceType: 'mobile',
        connectedAt,
        page: '/chat',
        node: server.server.node,
        visible: true,
        attended: true,
      },
      {
        connectionId: second.id,
        deviceType: 'desktop',
        connectedAt,
        page: '/admin',
        node: server.server.node,
        visible: false,
        attended: false,
      },
    ],
  });

  await second.ask('heartbeat', { visible: true });
  const after = await server.api('GET', '/users/bob/devices', undefined, await server.tokenOf('bob'));
  expect(after.body).toMatchObject({ devices: [{ visible: true }, { visible: true, attended: true }] });
  await second.ask('heartbeat', { attended: false });
  const left = await server.api('GET', '/users/bob/devices');
  expect(left.body).toMatchObject({ devices: [{ attended: true }, { visible: true, attended: false }] });
  const foreign = await server.api('GET', '/users/bob/devices', undefined, await server.tokenOf('eve'));
  expect(foreign.status).toBe(403);
});

test('coming online and another device are reported at once, and the answer to the command is the state before', async () => {
  await acquaint('watcher', 'carol');
  const watcher = await clients.connect({ userId: 'watcher', page: '/desk' });
  const { data } = await watcher.ask('presence', { userIds: ['carol'], watch: true });
  expect(data['states']).toEqual([{ userId: 'carol', online: false, deviceTypes: [] }]);
  await clients.connect({ userId: 'carol', deviceType: 'mobile' });
  await watcher.event('presence_update', ({ data: state }) => state['online'] === true);
  await clients.connect({ userId: 'carol', deviceType: 'desktop' });
  await watcher.event('presence_update', ({ data: state }) => (state['deviceTypes'] as string[]).length === 2);
  expect(updates(watcher)).toEqual([
    [true, ['mobile']],
    [true, ['desktop', 'mobile']],
  ]);
});

test.concurrent('going offline is reported once, five seconds after the last connection has gone', async () => {
  const watcher = await watcherOf('dave');
  const one = await clients.connect({ userId: 'dave' });
  const two = await clients.connect({ userId: 'dave' });
  await watcher.event('presence_update', ({ data }) => data['online'] === true);
  await one.close();
  await two.close();
  const leftAt = performance.now();
  const { data } = await watcher.event('presence_update', (frame) => frame.data['online'] === false);
  expect(performance.now() - leftAt).toBeGreaterThan(4500);
  expect(performance.now() - leftAt).toBeLessThan(9000);
  expect(data).toMatchObject({ userId: 'dave', deviceTypes: [], lastSeenAt: expect.any(String) });
  expect(updates(watcher)).toEqual([
    [true, ['desktop']],
    [false, []],
  ]);
  const { body } = await server.api('GET', '/presence?userIds=dave,carol');
  expect(body['states']).toMatchObject([
    { userId: 'dave', online: false, lastSeenAt: expect.any(String) },
    { userId: 'carol' },
  ]);
});

test.concurrent('a reload within the grace says nothing', async () => {
  const watcher = await watcherOf('erin');
  const leaving = await watcherOf('frank');
  const before = await clients.connect({ userId: 'erin' });
  const frank = await clients.connect({ userId: 'frank' });
  await watcher.event('presence_update');
  await leaving.event('presence_update');
  await before.close();
  await clients.connect({ userId: 'erin' });
  await frank.close();
  // Frank went after Erin: when they are reported offline, Erin's grace is long over.
  await leaving.event('presence_update', ({ data }) => data['online'] === false);
  await watcher.barrier();
  expect(updates(watcher)).toEqual([[true, ['desktop']]]);
});

test('watching needs a page with the feature, and ends when it is ended', async () => {
  const chat = await clients.connect({ userId: 'chatter' });
  expect(await chat.ask('presence', { userIds: ['grace'], watch: true })).toMatchObject({
    error: { code: 'feature_disabled' },
  });
  const watcher = await watcherOf('grace');
  await watcher.ask('presence', { userIds: ['grace'], watch: false });
  const other = await watcherOf('grace');
  await clients.connect({ userId: 'grace' });
  await other.event('presence_update');
  await watcher.barrier();
  expect(updates(watcher)).toEqual([]);
});

test('a monitoring page gets every connection that comes and goes, other pages do not', async () => {
  const monitor = await clients.connect({ userId: 'admin', page: '/admin' });
  const chat = await clients.connect({ userId: 'nobody.special' });
  const guest = await clients.connect({ userId: 'heidi', deviceType: 'tablet' });
  const ofHeidi = ({ data }: { data: Record<string, unknown> }): boolean => data['userId'] === 'heidi';
  expect((await monitor.event('device_connected', ofHeidi)).data).toEqual({
    userId: 'heidi',
    connectionId: guest.id,
    deviceType: 'tablet',
    page: '/chat',
    connectedAt: expect.any(String),
  });
  await guest.close();
  expect((await monitor.event('device_disconnected', ofHeidi)).data).toMatchObject({
    connectionId: guest.id,
    disconnectedAt: expect.any(String),
  });
  await chat.barrier();
  expect([...chat.events('device_connected'), ...chat.events('device_disconnected')]).toEqual([]);
  expect(monitor.events('device_connected').filter(({ data }) => data['connectionId'] === monitor.id)).toEqual([]);
  expect(monitor.events('device_connected')[0]?.data['connectionId']).toEqual(uuid);
});
