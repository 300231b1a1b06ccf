// What the console says of an app in numbers: what became of pushes, person by person, and the nodes that are there.

import { afterAll, beforeAll, expect, test } from 'vitest';
import { createClients } from '../support/clients.ts';
import { putConversation, registerDevice, say } from '../support/clinic.ts';
import { done, startConsoleWorld, type ConsoleWorld } from '../support/console-world.ts';
import { webhookSecret } from '../support/provision.ts';
import { startPushReceiver, type PushReceiver } from '../support/push-receiver.ts';

let world: ConsoleWorld;
let receivers: PushReceiver[];
const clients = createClients(() => world.server);
beforeAll(async () => {
  const [hook, gone] = await Promise.all([startPushReceiver(), startPushReceiver()]);
  gone.answerAlways({ status: 410 });
  receivers = [hook, gone];
  const providers = Object.entries({ hook, gone }).map(([id, { url }]) => ({
    ...{ id, plugin: 'webhook', config: { url, secret: webhookSecret } },
  }));
  world = await startConsoleWorld({ settings: { waitMs: 2000 }, app: { providers } });
}, 60_000);
afterAll(async () => {
  await clients.closeAll();
  await world.server.stop();
  await Promise.all(receivers.map((receiver) => receiver.close()));
});

test('each person whom a message may be pushed to is in one row of the funnel, and the rows add up', async () => {
  const { server, members } = world;
  const people = ['sees', 'mutes', 'misses', 'lost', 'bare'];
  await putConversation(server, 'c1', ['alice', ...people]);
  for (const userId of ['alice', 'sees', 'mutes', 'misses']) await registerDevice(server, userId);
  await registerDevice(server, 'misses', { deviceType: 'tablet' });
  await registerDevice(server, 'lost', { provider: 'gone' });
  const muteUntil = new Date(Date.now() + 3_600_000).toISOString();
  await done(server.api('PUT', '/users/mutes/preferences', { conversations: { c1: { muteUntil } } }));
  const client = await clients.connect({ userId: 'sees' });
  const { seq } = await say(server, 'c1', { from: 'alice' });
  await client.ack('c:c1', seq);
  const funnel = async () => (await done(members.viewer.get('/apps/demo/metrics?range=15m'))).body.funnel;
  // Figures are of steps of ten seconds.
  const row = (end: string, ...reasons: string[]) => ({
    ...{ end, count: reasons.length, reasons: reasons.map((reason) => ({ reason, count: 1 })) },
  });
  await expect.poll(funnel, { timeout: 40_000, interval: 500 }).toMatchObject({
    ...{ mayPush: 5, deferred: 0 },
    ends: [
      row('seen', 'cancelled_acked'),
      row('withheld', 'muted', 'no_device'),
      row('covered'),
      row('pushed', 'accepted_by_provider'),
      row('failed', 'target_gone'),
    ],
  });
  const { since } = await funnel();
  expect(Date.parse(since)).toBeLessThan(Date.now());
}, 60_000);

test('an app has the nodes with its own connections, and nobody of another tenant has them', async () => {
  const { server, members, stranger } = world;
  await clients.connect({ userId: 'counted' });
  const { body } = await done(members.viewer.get('/apps/demo/nodes'));
  expect(body.silentNodes).toEqual([]);
  const node = { node: server.server.node, role: 'all', state: 'ready', version: expect.stringMatching(/^\d+\.\d+/) };
  expect(body.items).toContainEqual({ ...node, connections: expect.any(Number) });
  const all = (body.items as { connections: number }[]).reduce((sum, { connections }) => sum + connections, 0);
  expect(all).toBeGreaterThan(0);
  expect((await stranger.get('/apps/demo/nodes')).status).toBe(404);
});
