// Live stats of an app over a whole server: clients on a page with real_time_stats see who is there and how
// much is said; nobody else does.

import { afterAll, beforeAll, expect, test } from 'vitest';
import { createClients } from '../support/clients.ts';
import { putConversation, say } from '../support/clinic.ts';
import { startWholeServer, type WholeServer } from '../support/whole-server.ts';

let server: WholeServer;
const clients = createClients(() => server);

beforeAll(async () => {
  server = await startWholeServer();
  await putConversation(server, 'c1', ['alice', 'bob']);
});
afterAll(async () => {
  await clients.closeAll();
  await server.stop();
});

test('a message shows up in the rates, and who is connected in the counts', async () => {
  const admin = await clients.connect({ userId: 'root', page: '/admin' });
  const alice = await clients.connect({ userId: 'alice', deviceType: 'mobile' });
  await clients.connect({ userId: 'bob' });
  expect(await admin.ask('subscribe', { topic: 'stats' })).toMatchObject({ ok: true });
  await say(server, 'c1', { from: 'bob' });
  const busy = await admin.event('stats_update', ({ data }) => Number(data['messagesPerSecond']) > 0);
  expect(busy.data).toMatchObject({
    connections: { total: 3, byDeviceType: { desktop: 2, mobile: 1 }, byPage: { '/admin': 1, '/chat': 2 } },
    users: 3,
  });
  expect(Number(busy.data['eventsPerSecond'])).toBeGreaterThan(0);

  await alice.end();
  await admin.event('stats_update', ({ data }) => data['users'] === 2);
  expect(alice.events('stats_update')).toEqual([]);
});

test('a page whose features do not allow topics is refused the topic', async () => {
  const bob = await clients.connect({ userId: 'bob', deviceId: 'second' });
  expect(await bob.ask('subscribe', { topic: 'stats' })).toMatchObject({ ok: false, error: { code: 'forbidden' } });
});
