// Live data of the console: its app is one like any other, whose topics are decided by account and role. Two
// tenants on one server, each of which tries to hear the other.

import { afterAll, beforeAll, expect, test } from 'vitest';
import type { ConsoleClient } from '../support/console-client.ts';
import { done, password, startConsoleWorld, type ConsoleWorld } from '../support/console-world.ts';
import { createClients } from '../support/clients.ts';
import { SocketClient } from '../support/socket-client.ts';

let world: ConsoleWorld;
const clients = createClients(() => world.server);
beforeAll(async () => void (world = await startConsoleWorld()), 60_000);
afterAll(async () => {
  await clients.closeAll();
  await world.server.stop();
});

async function live(browser: ConsoleClient): Promise<SocketClient> {
  const { body } = await done(browser.post('/live/token'));
  const client = clients.keep(await SocketClient.open(world.server, body.app));
  const device = { id: 'browser', type: 'desktop' };
  const answer = await client.ask('connect', { page: '/console/a/demo', device, visible: true, token: body.token });
  expect(answer.ok).toBe(true);
  return client;
}

const outcome = async (client: SocketClient, topic: string) => {
  const { ok, error } = await client.ask('subscribe', { topic });
  return ok === true ? 'heard' : error?.code;
};

test('each topic is heard by whoever may, and by nobody else, whatever the page has', async () => {
  const { members, stranger, operator } = world;
  const [viewer, other, op] = [await live(members.viewer), await live(stranger), await live(operator)];
  const topics = [
    'stats.demo',
    'rollout.demo',
    'changes.clinic',
    'alerts.clinic',
    'changes.other',
    'nodes',
    'stats',
    'x',
  ];
  const table = await Promise.all(
    topics.map(async (topic) => [
      topic,
      await outcome(viewer, topic),
      await outcome(other, topic),
      await outcome(op, topic),
    ]),
  );
  const no = 'forbidden';
  expect(table).toEqual([
    ['stats.demo', 'heard', no, no],
    ['rollout.demo', 'heard', no, no],
    ['changes.clinic', 'heard', no, no],
    ['alerts.clinic', 'heard', no, no],
    ['changes.other', no, 'heard', no],
    ['nodes', no, no, 'heard'],
    ['stats', no, no, no],
    ['x', no, no, no],
  ]);
});

test('a change is news for the consoles of its tenant and for nobody else, without values', async () => {
  const { members, stranger, server } = world;
  const [viewer, other] = [await live(members.viewer), await live(stranger)];
  expect(await outcome(viewer, 'changes.clinic')).toBe('heard');
  expect(await outcome(other, 'changes.other')).toBe('heard');
  await done(members.admin.post('/tenants/clinic/apps', { template: 'empty', key: 'fresh', name: 'Fresh' }));
  const ofApp = await viewer.event('config_changed', ({ data }) => data['type'] === 'app');
  expect(ofApp.data).toEqual({ type: 'app', app: 'fresh', id: 'fresh', by: 'admin', at: expect.any(String) as string });
  // By an API key: in no audit, and news all the same.
  await server.api('PUT', '/pages', { pattern: '/news', enabled: true, features: ['messaging'] });
  const ofPage = await viewer.event('config_changed', ({ data }) => data['type'] === 'page');
  expect(ofPage.data).toMatchObject({ type: 'page', app: 'demo', id: '/news', version: 1 });
  await other.barrier();
  expect(other.events('config_changed')).toEqual([]);
});

test('somebody who is taken out of the tenant, or whose session ends, is off the live data at once', async () => {
  const { members, accounts, browser } = world;
  const socket = await live(members.developer);
  expect(await outcome(socket, 'changes.clinic')).toBe('heard');
  const path = `/tenants/clinic/members/${accounts.developer}`;
  await done(members.owner.call('DELETE', path, { headers: { 'if-match': '"v1"' } }));
  expect(await socket.closed()).toBe(4507);
  expect(await outcome(await live(members.developer), 'changes.clinic')).toBe('forbidden');
  const elsewhere = browser();
  await done(elsewhere.post('/session', { email: 'admin@example.org', password }));
  const tab = await live(elsewhere);
  await done(members.admin.call('DELETE', '/account/sessions'));
  expect(await tab.closed()).toBe(4507);
  expect((await elsewhere.get('/session')).body).toEqual({ setupNeeded: false });
});

test('only pages of this server connect to the app of the console', async () => {
  const status = async (origin: string): Promise<number> => {
    const { WebSocket } = await import('ws');
    const url = `${world.server.url.replace('http', 'ws')}/ws?app=belfry-console`;
    const socket = new WebSocket(url, 'belfry.v1', { headers: { origin } });
    return new Promise((resolve) => {
      socket.on('unexpected-response', (_request, response) => resolve(response.statusCode ?? 0));
      socket.on('open', () => {
        socket.close();
        resolve(101);
      });
      socket.on('error', () => undefined);
    });
  };
  expect(await status('https://evil.example')).toBe(403);
  expect(await status(world.server.url)).toBe(101);
});
