// Quotas of pushes, over a whole server: from the provision file to explain, the journey, the list of
// providers and the metrics, over a restart.

import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { broadcast, readJourney, recipientIn, registerDevice, succeed, untilPush } from '../support/clinic.ts';
import { webhookSecret } from '../support/provision.ts';
import { startPushReceiver, type PushReceiver } from '../support/push-receiver.ts';
import { startWholeServer, type WholeServer } from '../support/whole-server.ts';

let hook: PushReceiver;
let server: WholeServer;

beforeAll(async () => {
  hook = await startPushReceiver();
  const config = { url: hook.url, secret: webhookSecret };
  const providers = [
    { id: 'limited', plugin: 'webhook', config, quota: { perDay: 2 } },
    { id: 'free', plugin: 'webhook', config },
  ];
  server = await startWholeServer({ settings: { pushQuota: { perDay: 3 } }, app: { providers } });
});
afterAll(async () => {
  await server.stop();
  await hook.close();
});

const request = (userId: string) => ({ kind: 'direct', audience: { users: [userId] }, data: { title: 'hear' } });

async function stateOf(id: string): Promise<Record<string, unknown> | undefined> {
  const { providers } = await succeed(server.api('GET', '/providers'), 'providers');
  return (providers as Record<string, unknown>[]).find((provider) => provider['id'] === id);
}

async function pushed(userId: string, provider: string): Promise<void> {
  await registerDevice(server, userId, { provider });
  const { id } = await broadcast(server, request(userId));
  await untilPush(server, String(id), { userId, reason: 'accepted_by_provider' });
}

/** Explain says so, the broadcast says so, the journey says so, and nothing is sent. */
async function refused(userId: string, provider: string): Promise<void> {
  await registerDevice(server, userId, { provider });
  const before = hook.pushes.length;
  const explained = await succeed(server.api('POST', '/broadcasts/explain', request(userId)), 'explain');
  expect(explained['counts']).toEqual({ no_connection: 1, quota: 1 });
  const { id, decisions } = await broadcast(server, request(userId));
  expect(decisions).toEqual(explained['counts']);
  await pause(300);
  expect(recipientIn(await readJourney(server, String(id)), userId)?.push).toMatchObject([
    { reason: 'quota', attempts: [] },
  ]);
  expect(hook.pushes).toHaveLength(before);
}

test('a day’s quota of a provider, and the app’s over all of them, are kept over a restart; pushes over them are reported, counted and shown', async () => {
  await pushed('q1', 'limited');
  await pushed('q2', 'limited');
  expect(await stateOf('limited')).toMatchObject({ state: 'on', quota: { perDay: 2 }, usedToday: 2 });
  await server.restart();
  await refused('q3', 'limited');
  await pushed('q4', 'free');
  await refused('q5', 'free');
  expect(await stateOf('limited')).toMatchObject({ usedToday: 2 });
  expect(await stateOf('free')).toMatchObject({ usedToday: 1 });
  expect((await stateOf('free'))?.['quota']).toBeUndefined();
  const metrics = await (await fetch(`${server.url}/metrics`)).text();
  expect(metrics).toMatch(/belfry_deliveries_total\{reason="quota"\} [1-9]/);
});
