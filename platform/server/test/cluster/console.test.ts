// The console over two gateways and a worker, on a real Redis and a real server of MongoDB's protocol: what one node is
// asked for is of all, whichever node a tab is connected to, and a node that ends is out with what it had.

import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest';
import { putConversation, registerDevice, say } from '../support/clinic.ts';
import { createClients, type Clients } from '../support/clients.ts';
import type { ConsoleClient } from '../support/console-client.ts';
import { done, peopleOf, worldTenants, type ConsoleWorld } from '../support/console-world.ts';
import { startMongo, type MongoServer } from '../support/mongo-server.ts';
import { startPushReceiver, type PushReceiver } from '../support/push-receiver.ts';
import { startRedis, type RedisServer } from '../support/redis-server.ts';
import { SocketClient } from '../support/socket-client.ts';
import { startWholeNodes } from '../support/whole-nodes.ts';
import type { WholeServer } from '../support/whole-server.ts';

// Waits follow each other, and each has seconds on a busy machine.
vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });

let mongo: MongoServer;
let redis: RedisServer;
let receiver: PushReceiver;
let nodes: WholeServer[] = [];
let world: ConsoleWorld;
const at: [Clients, Clients] = [createClients(() => node(1)), createClients(() => node(2))];

beforeAll(async () => {
  [mongo, redis, receiver] = await Promise.all([startMongo(), startRedis(), startPushReceiver()]);
  nodes = await startWholeNodes({ mongo, redisUrl: redis.url, pushUrl: receiver.url, moreTenants: worldTenants });
  world = await peopleOf(node(1));
}, 120_000);
afterEach(async () => {
  await Promise.all(at.map((clients) => clients.closeAll()));
});
afterAll(async () => {
  await Promise.all(nodes.map((each) => each.stop()));
  await Promise.all([receiver.close(), redis.stop(), mongo.stop()]);
});

function node(number: 1 | 2): WholeServer {
  const found = nodes[number - 1];
  if (found === undefined) throw new Error(`node ${number} is not there`);
  return found;
}

const atNode = (browser: ConsoleClient, number: 1 | 2): ConsoleClient => browser.at(() => node(number).url);

const connect = (number: 1 | 2, userId: string): Promise<SocketClient> =>
  at[number === 1 ? 0 : 1].connect({ userId, page: '/chat' });

/** A tab of the console, connected to this node. */
async function tabAt(number: 1 | 2, browser: ConsoleClient): Promise<SocketClient> {
  const { body } = await done(browser.post('/live/token'));
  const client = at[number === 1 ? 0 : 1].keep(await SocketClient.open(node(number), body.app));
  const device = { id: `browser-${number}`, type: 'desktop' };
  await client.ask('connect', { page: '/console/a/demo', device, visible: true, token: body.token });
  return client;
}

const app = '/apps/demo';
const view = { kind: 'connections', tab: 'one-tab-of-mine', sort: 'user' };
const usersOf = (rows: { user: string }[]): string[] => rows.map(({ user }) => user);

test('a list that lives is of both nodes, for a tab at the other node than was asked, and is let go at any', async () => {
  const { viewer } = world.members;
  await at[0].connect({ userId: 'ann', page: '/chat' });
  const bob = await at[1].connect({ userId: 'bob', page: '/chat', deviceType: 'mobile' });
  const { body } = await done(viewer.post(`${app}/views`, { ...view, window: { follows: true } }));
  expect(body).toMatchObject({
    total: 2,
    people: 2,
    rows: [
      { user: 'ann', node: 'n1' },
      { user: 'bob', node: 'n2' },
    ],
  });
  expect(body.facets.device).toEqual([
    { value: 'desktop', count: 1 },
    { value: 'mobile', count: 1 },
  ]);
  const tab = await tabAt(2, viewer);
  expect((await (await tabAt(1, world.members.owner)).ask('subscribe', { topic: body.topic })).ok).toBe(false);
  expect((await tab.ask('subscribe', { topic: body.topic })).ok).toBe(true);
  await tab.event('view_reset');
  const path = `${app}/views/${body.id}`;
  const looked = await done(viewer.call('PATCH', path, { body: { window: { follows: true } } }));
  expect(usersOf(looked.body.rows)).toEqual(['ann', 'bob']);
  await at[0].connect({ userId: 'carl', page: '/chat' });
  await tab.event('view_delta', ({ data }) => JSON.stringify(data['put']).includes('"carl"'));
  await bob.close();
  await tab.event('view_delta', ({ data }) => (data['gone'] as string[]).includes(bob.id));
  expect((await world.stranger.call('DELETE', path)).status).toBe(404);
  await done(viewer.call('DELETE', path));
  expect((await viewer.call('PATCH', path, { body: { window: {} } })).status).toBe(404);
});

test('frames of a connection of the other node, a test event to it, and its end', async () => {
  const developer = world.members.developer;
  const bob = await at[1].connect({ userId: 'bob', page: '/chat' });
  const tab = await tabAt(1, developer);
  const frames = { kind: 'frames', tab: 'one-tab-of-mine', connection: bob.id };
  const { body } = await done(developer.post(`${app}/views`, frames));
  await tab.ask('subscribe', { topic: body.topic });
  await done(developer.post(`${app}/connections/${bob.id}/test-event`, {}));
  await bob.event('system_notification');
  await bob.ask('subscribe', { topic: 'of-nobody' });
  const passed =
    (what: string) =>
    ({ data }: { data: Record<string, unknown> }) =>
      JSON.stringify(data['rows']).includes(what);
  await tab.event('view_delta', passed('system_notification'));
  await tab.event('view_delta', passed('"forbidden"'));
  const one = await done(developer.get(`${app}/connections/${bob.id}`));
  expect(one.body).toMatchObject({ node: 'n2', details: { topics: [] } });
  await done(developer.post(`${app}/connections/${bob.id}/goaway`));
  await bob.event('goaway');
  await done(developer.call('DELETE', `${app}/connections/${bob.id}`));
  expect(await bob.closed()).toBe(4507);
});

test('what passes at both nodes and at the worker is one stream', async () => {
  const { viewer } = world.members;
  const tab = await tabAt(1, viewer);
  const { body } = await done(viewer.post(`${app}/views`, { kind: 'live', tab: 'one-tab-of-mine', filter: {} }));
  await tab.ask('subscribe', { topic: body.topic });
  await putConversation(node(2), 'live', ['ann', 'zoe']);
  await registerDevice(node(1), 'zoe');
  await at[1].connect({ userId: 'ann', page: '/chat' });
  await say(node(2), 'live', { from: 'ann' });
  const rows = (): string => JSON.stringify(tab.events('view_delta').map(({ data }) => data['rows']));
  for (const type of ['connect', 'event', 'push']) {
    await tab.until(() => (rows().includes(`"type":"${type}"`) ? true : undefined));
  }
});

test('lists, filters and pages have what only the other node knows; all that fit are closed, and any node tells how far', async () => {
  const { admin } = world.members;
  const people = await Promise.all(
    Array.from({ length: 12 }, (_, index) => connect(index % 2 === 0 ? 1 : 2, `p${index + 10}`)),
  );
  await people[1]?.ask('heartbeat', { visible: true, rttMs: 250 });
  const slow = await done(admin.get(`${app}/connections?rtt=200`));
  expect(usersOf(slow.body.items)).toEqual(['p11']);
  const seen: string[] = [];
  let cursor = '';
  do {
    const page = await done(
      atNode(admin, seen.length % 2 === 0 ? 1 : 2).get(`${app}/connections?sort=user&limit=5${cursor}`),
    );
    expect(page.body).toMatchObject({ total: { value: 12 }, people: 12, silentNodes: [] });
    seen.push(...usersOf(page.body.items));
    cursor = page.body.nextCursor === undefined ? '' : `&cursor=${encodeURIComponent(page.body.nextCursor)}`;
  } while (cursor !== '');
  expect(seen).toEqual(people.map((_, index) => `p${index + 10}`));
  const close = { filter: { page: '/chat' }, how: 'disconnect', expected: 12, perSecond: 1000 };
  const { body } = await done(admin.post(`${app}/connections/close`, close));
  await expect
    .poll(async () => (await atNode(admin, 2).get(`/jobs/${body.job.id}`)).body)
    .toMatchObject({ state: 'done', done: 12 });
  for (const person of people) await person.closed();
  expect((await atNode(world.members.owner, 2).get(`/jobs/${body.job.id}`)).status).toBe(404);
});

test('refusals and figures are of all nodes', async () => {
  const { developer } = world.members;
  for (const number of [1, 2] as const) {
    await fetch(`${node(number).url}/api/v1/conversations`, { headers: { Authorization: 'Bearer wrong' } });
    await connect(number, `r${number}`);
    const client = await SocketClient.open(node(number), 'demo');
    await client.ask('connect', { page: '/chat', device: { id: 'd', type: 'desktop' }, token: 'no token' });
    await client.end();
  }
  const { body } = await done(atNode(developer, 2).get(`${app}/refusals`));
  expect(body.silentNodes).toEqual([]);
  const counts = (body.items as { count: number }[]).map(({ count }) => count);
  expect(Math.max(...counts)).toBe(2);
  const listed = await done(developer.get(`${app}/nodes`));
  const items = listed.body.items as { role: string; connections: number }[];
  const connections = items.filter(({ role }) => role !== 'worker').map(({ connections: of }) => of);
  expect(listed.body.silentNodes).toEqual([]);
  expect(items.map(({ role }) => role)).toEqual(['gateway', 'gateway', 'worker']);
  expect(connections).toHaveLength(2);
  expect(Math.min(...connections)).toBeGreaterThan(0);
  const metrics = await done(developer.get(`${app}/metrics?range=15m`));
  expect(metrics.body.silentNodes).toEqual([]);
});

test('a node that ends takes its rows out of the list, and one that begins brings its own', async () => {
  const { viewer } = world.members;
  await at[0].connect({ userId: 'ann', page: '/chat' });
  const gone = await at[1].connect({ userId: 'bob', page: '/chat' });
  const { body } = await done(viewer.post(`${app}/views`, { ...view, window: { follows: true } }));
  expect(body.total).toBe(2);
  const tab = await tabAt(1, viewer);
  await tab.ask('subscribe', { topic: body.topic });
  await node(2).restart();
  await tab.event('view_delta', ({ data }) => (data['gone'] as string[]).includes(gone.id));
  await at[1].connect({ userId: 'dora', page: '/chat' });
  await tab.event('view_delta', ({ data }) => JSON.stringify(data['put']).includes('"dora"'));
});
