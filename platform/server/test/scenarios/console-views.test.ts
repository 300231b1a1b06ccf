// What the console sees of an app's connections, with a whole server and real sockets: lists that live, lists that
// are asked for, and what one does about a connection.

import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { createClients } from '../support/clients.ts';
import type { ConsoleClient } from '../support/console-client.ts';
import { done, startConsoleWorld, type ConsoleWorld } from '../support/console-world.ts';
import { SocketClient } from '../support/socket-client.ts';

let world: ConsoleWorld;
const clients = createClients(() => world.server);
beforeAll(async () => void (world = await startConsoleWorld()), 60_000);
afterEach(() => clients.closeAll());
afterAll(() => world.server.stop());

/** A tab of the console, connected to the console's own app. */
async function tabOf(browser: ConsoleClient): Promise<SocketClient> {
  const { body } = await done(browser.post('/live/token'));
  const client = clients.keep(await SocketClient.open(world.server, body.app));
  const device = { id: 'browser', type: 'desktop' };
  await client.ask('connect', { page: '/console/a/demo', device, visible: true, token: body.token });
  return client;
}

const connections = '/apps/demo/connections';
const view = { kind: 'connections', tab: 'one-tab-of-mine' };
const usersOf = ({ items }: { items: { user: string }[] }): string[] => items.map(({ user }) => user);
const delta = (tab: SocketClient, n: number) => tab.event('view_delta', ({ data }) => data['n'] === n);

test('a list that lives follows who comes, moves and goes; nobody else hears it', async () => {
  const { viewer } = world.members;
  await clients.connect({ userId: 'alice', page: '/chat' });
  const { body } = await done(viewer.post('/apps/demo/views', { ...view, window: { follows: true } }));
  expect(body).toMatchObject({ n: 0, total: 1, rows: [{ user: 'alice', page: '/chat' }] });
  const tab = await tabOf(viewer);
  expect((await tab.ask('subscribe', { topic: body.topic })).ok).toBe(true);
  const stranger = await tabOf(world.stranger);
  const colleague = await tabOf(world.members.owner);
  for (const other of [stranger, colleague]) {
    expect((await other.ask('subscribe', { topic: body.topic })).error?.code).toBe('forbidden');
  }
  const bob = await clients.connect({ userId: 'bob', page: '/chat' });
  expect((await delta(tab, 1)).data).toMatchObject({ total: 2, put: [{ user: 'bob', at: 0 }] });
  const id = bob.id;
  await bob.ask('heartbeat', { visible: false });
  expect((await delta(tab, 2)).data).toMatchObject({ put: [{ id, visible: false }] });
  await bob.close();
  expect((await delta(tab, 3)).data).toMatchObject({ total: 1, gone: [id] });
  await done(viewer.call('DELETE', `/apps/demo/views/${body.id}`));
  expect(await viewer.call('PATCH', `/apps/demo/views/${body.id}`, { body: { window: {} } })).toMatchObject({
    status: 404,
  });
});

test('a list that is asked for has pages, counts and a file that no spreadsheet runs', async () => {
  const { viewer } = world.members;
  for (const user of ['ann', 'ben', '=cmd()', 'dora']) await clients.connect({ userId: user, page: '/chat' });
  const first = await done(viewer.get(`${connections}?sort=user&limit=3`));
  expect(first.body).toMatchObject({ total: { value: 4 }, people: 4, strangers: 0 });
  expect(first.body.facets.page).toEqual([{ value: '/chat', count: 4 }]);
  expect(usersOf(first.body)).toEqual(['=cmd()', 'ann', 'ben']);
  const cursor = encodeURIComponent(first.body.nextCursor);
  const second = await done(viewer.get(`${connections}?sort=user&limit=3&cursor=${cursor}`));
  expect(usersOf(second.body)).toEqual(['dora']);
  expect(second.body.nextCursor).toBeUndefined();
  const only = await done(viewer.get(`${connections}?user=ann&user=dora&page=/chat`));
  expect(only.body.total).toEqual({ value: 2 });
  expect((await viewer.get(`${connections}?older=soon`)).status).toBe(400);
  const file = await fetch(`${world.server.url}/admin/api${connections}?format=csv&sort=user`, {
    headers: { cookie: viewer.cookie },
  });
  expect(file.headers.get('content-type')).toBe('text/csv; charset=utf-8');
  const lines = (await file.text()).split('\r\n');
  expect(lines[0]).toMatch(/^connectionId,userId,/);
  expect(lines[1]?.split(',')[1]).toBe("'=cmd()");
});

test('one connection: what is known of it, a test event, a new connection, the end', async () => {
  const { developer, viewer } = world.members;
  const bob = await clients.connect({ userId: 'bob', page: '/chat' });
  const path = `${connections}/${bob.id}`;
  const { body } = await done(viewer.get(path));
  expect(body).toMatchObject({ user: 'bob', details: { address: expect.stringMatching(/^(127\.|::)/), topics: [] } });
  const sent = await done(developer.post(`${path}/test-event`, {}));
  expect((await bob.event('system_notification')).data).toMatchObject({ messageId: sent.body.messageId });
  await done(developer.post(`${path}/goaway`));
  expect((await bob.event('goaway')).data).toEqual({ reconnectAfterMs: 0 });
  expect((await viewer.call('DELETE', path)).status).toBe(403);
  expect((await world.stranger.call('DELETE', path)).status).toBe(404);
  await done(developer.call('DELETE', path));
  expect(await bob.closed()).toBe(4507);
  expect((await developer.call('DELETE', path)).status).toBe(404);
  const entries = await done(world.members.owner.get('/tenants/clinic/audit?limit=3'));
  expect(entries.body.items).toMatchObject([
    ...[{ action: 'connection.close' }, { action: 'connection.reconnect' }, { action: 'connection.test_event' }],
  ]);
});

test('what a connection did is read by everybody of the app, from its connect to its end, and by nobody else', async () => {
  const { viewer } = world.members;
  const bob = await clients.connect({ userId: 'bob', page: '/chat' });
  await bob.ask('subscribe', { topic: 'of-nobody' });
  const asked = { kind: 'history', tab: 'one-tab-of-mine', connection: bob.id };
  expect((await world.stranger.post('/apps/demo/views', asked)).status).toBe(404);
  const { body } = await done(viewer.post('/apps/demo/views', asked));
  const tab = await tabOf(viewer);
  await tab.ask('subscribe', { topic: body.topic });
  const rows = () => tab.events('view_delta').flatMap(({ data }) => data['rows'] as Record<string, unknown>[]);
  await delta(tab, 1);
  expect(rows()).toMatchObject([
    { n: 0, what: 'connected', page: '/chat' },
    { n: 1, what: 'refused', action: 'subscribe', code: 'forbidden', times: 1 },
  ]);
  await done(world.members.developer.call('DELETE', `${connections}/${bob.id}`));
  await delta(tab, 2);
  expect(rows().at(-1)).toMatchObject({ n: 2, what: 'closed', closeCode: 4507 });
  expect((await viewer.post('/apps/demo/views', asked)).status).toBe(404);
});

test('a connection that came back says how many events it had missed', async () => {
  const { viewer } = world.members;
  await world.server.api('PUT', '/conversations/talk', { participants: [{ userId: 'ann' }, { userId: 'bob' }] });
  const message = { senderId: 'bob', type: 'text', content: { text: 'hello' } };
  for (let count = 0; count < 3; count += 1) await world.server.api('POST', '/conversations/talk/messages', message);
  const resume = [{ stream: 'c:talk', epoch: 'e1', seq: 1 }];
  const ann = await clients.connect({ userId: 'ann', page: '/chat', resume });
  const { body } = await done(
    viewer.post('/apps/demo/views', { kind: 'history', tab: 'one-tab-of-mine', connection: ann.id }),
  );
  const tab = await tabOf(viewer);
  await tab.ask('subscribe', { topic: body.topic });
  expect((await delta(tab, 1)).data['rows']).toMatchObject([{ n: 0 }, { what: 'resumed', missed: 2, lost: 0 }]);
});

test('all that fit a filter are closed after their number was said, and the work can be stopped', async () => {
  const { admin } = world.members;
  const crowd = await Promise.all(
    Array.from({ length: 24 }, (_, at) => clients.connect({ userId: `p${at}`, page: '/chat' })),
  );
  const ask = (expected: number, perSecond: number) =>
    admin.post(`${connections}/close`, { filter: { page: '/chat' }, how: 'disconnect', expected, perSecond });
  expect(await ask(10, 100)).toMatchObject({
    status: 409,
    body: { code: 'impact_changed', impact: { connections: 24, users: 24 } },
  });
  // A little more or less is no other audience.
  const { body } = await done(ask(22, 10));
  expect(body.job).toMatchObject({ state: 'running', of: 24 });
  await crowd[0]?.closed();
  const stopped = await done(admin.call('DELETE', `/jobs/${body.job.id}`));
  expect(stopped.body.done).toBeLessThan(24);
  await expect.poll(async () => (await admin.get(`/jobs/${body.job.id}`)).body.state).toBe('stopped');
  const { done: count } = (await admin.get(`/jobs/${body.job.id}`)).body;
  const left = await done(admin.get(connections));
  expect(left.body.total.value).toBe(24 - count);
  expect((await world.members.owner.get(`/jobs/${body.job.id}`)).status).toBe(404);
  const again = await done(ask(left.body.total.value, 1000));
  await expect
    .poll(async () => (await admin.get(`/jobs/${again.body.job.id}`)).body)
    .toMatchObject({
      ...{ state: 'done', done: 24 - count, skipped: [] },
    });
});
