// Page policies in the console: changed against the versions that were read, several at once, with what it would do
// said before, and seen to arrive at the connections.

import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { createClients } from '../support/clients.ts';
import { done, startConsoleWorld, type ConsoleWorld } from '../support/console-world.ts';
import { SocketClient } from '../support/socket-client.ts';

let world: ConsoleWorld;
let apiKey = '';
const clients = createClients(() => world.server);
beforeAll(async () => {
  world = await startConsoleWorld();
  const made = await done(
    world.members.owner.post('/tenants/clinic/apps', { template: 'empty', key: 'ward', name: 'Ward' }),
  );
  apiKey = made.body.apiKey;
}, 60_000);
afterAll(() => world.server.stop());
afterEach(() => clients.closeAll());

const developer = () => world.members.developer;
const page = (pattern: string, features: string[], more: object = {}) => ({
  ...{ pattern, enabled: true, requireAuth: true, autoConnect: true, connectionType: 'chat', features },
  ...more,
});
const put = (policy: { pattern: string }, ifVersion: number) => ({ op: 'put', ifVersion, policy });
const change = (changes: object[], more: object = {}) =>
  developer().post('/apps/ward/pages/changes', { changes, ...more });

async function listed(): Promise<string[]> {
  const { body } = await done(developer().get('/apps/ward/pages'));
  return (body.pages as { pattern: string; version: number }[]).map(({ pattern, version }) => `${pattern} v${version}`);
}

async function connect(userId: string, path: string, policyVersion?: number): Promise<SocketClient> {
  const { body } = await world.server.api('POST', '/tokens', { userId }, apiKey);
  const client = clients.keep(await SocketClient.open(world.server, 'ward'));
  const device = { id: `of-${userId}`, type: 'desktop' };
  const answer = await client.ask('connect', {
    page: path,
    device,
    visible: true,
    token: body['token'],
    policyVersion,
  });
  expect(answer.ok).toBe(true);
  return client;
}

test('several pages are changed together or not at all, against the versions that were read', async () => {
  await done(change([put(page('/a', ['messaging']), 0), put(page('/b', []), 0)], { note: 'begin' }));
  expect(await listed()).toEqual(['/a v1', '/b v1']);
  const late = await change([put(page('/c', []), 0), put(page('/a', []), 0)]);
  expect(late).toMatchObject({
    status: 412,
    body: { code: 'precondition_failed', version: 1, changedBy: 'developer', current: { pattern: '/a', version: 1 } },
  });
  expect(await listed()).toEqual(['/a v1', '/b v1']);
  const { body } = await done(change([put(page('/a', []), 1), { op: 'remove', ifVersion: 1, pattern: '/b' }]));
  expect(body.items).toMatchObject([
    { pattern: '/a', version: 2, page: { features: [], changedBy: 'developer' } },
    { pattern: '/b', version: 2 },
  ]);
  expect(body.items[1].page).toBeUndefined();
  expect(await change([put(page('/a', []), 2), { op: 'remove', ifVersion: 2, pattern: '/a' }])).toMatchObject({
    status: 422,
  });
  const history = await done(developer().get('/apps/ward/pages/history?limit=2'));
  expect(history.body.items).toMatchObject([
    { pattern: '/b', version: 2, removed: true, by: 'developer', via: 'console' },
    { pattern: '/a', version: 2, removed: false },
  ]);
  const older = await done(developer().get(`/apps/ward/pages/history?cursor=${history.body.nextCursor}`));
  expect(older.body.items).toMatchObject([
    { pattern: '/b', version: 1, note: 'begin' },
    { pattern: '/a', version: 1, note: 'begin' },
  ]);
  expect(older.body.nextCursor).toBeUndefined();
  const one = await done(developer().get('/apps/ward/pages/history?pattern=/b'));
  expect(one.body.items).toMatchObject([{ version: 2 }, { version: 1 }]);
});

test('one page is put, reverted and taken away by its version', async () => {
  const headers = (version: number) => ({ 'if-match': `"v${version}"` });
  const made = await developer().call('PUT', '/apps/ward/pages', {
    body: page('/one', ['debug']),
    headers: headers(0),
  });
  expect([made.status, made.headers.get('etag')]).toEqual([201, '"v1"']);
  const again = { body: page('/one', []), headers: headers(0) };
  expect(await developer().call('PUT', '/apps/ward/pages', again)).toMatchObject({ status: 412 });
  await done(developer().call('PUT', '/apps/ward/pages', { ...again, headers: headers(1) }));
  const revert = { body: { pattern: '/one', version: 1 }, headers: headers(2) };
  const reverted = await done(developer().call('POST', '/apps/ward/pages/revert', revert));
  expect(reverted.body).toMatchObject({ version: 3, features: ['debug'] });
  const gone = (version: number) =>
    developer().call('DELETE', '/apps/ward/pages?pattern=/one', { headers: headers(version) });
  expect(await gone(2)).toMatchObject({ status: 412 });
  expect(await gone(3)).toMatchObject({ status: 204 });
  expect(await gone(0)).toMatchObject({ status: 404 });
});

test('what a change would do is counted, and a count that no longer holds is refused', async () => {
  await done(change([put(page('/chat', ['messaging', 'voice_note']), 0), put(page('/shop', []), 0)]));
  for (const [user, path] of [
    ['ann', '/chat'],
    ['ann', '/chat'],
    ['bob', '/chat'],
    ['cas', '/shop'],
  ] as const) {
    await connect(user, path);
  }
  const impact = async (changes: object[]) =>
    (await done(developer().post('/apps/ward/pages/impact', { changes }))).body;
  expect(await impact([put(page('/chat', ['messaging', 'debug']), 1)])).toEqual({
    ...{ connections: 3, users: 2, closed: { connections: 0, users: 0 } },
    features: [
      { feature: 'voice_note', taken: 3, given: 0 },
      { feature: 'debug', taken: 0, given: 3 },
    ],
  });
  const off = put(page('/chat', [], { enabled: false }), 1);
  const closing = { connections: 3, users: 2, closed: { connections: 3, users: 2 }, features: [] };
  expect(await impact([off])).toEqual(closing);
  // Without a policy there is no WebSocket either.
  expect(await impact([{ op: 'remove', ifVersion: 1, pattern: '/chat' }])).toEqual(closing);
  expect(await impact([put(page('/chat', ['messaging', 'voice_note'], { requireRoles: ['nurse'] }), 1)])).toEqual(
    closing,
  );
  expect(await change([off], { expected: 40 })).toMatchObject({
    status: 409,
    body: { code: 'impact_changed', impact: { closed: { connections: 3 } } },
  });
  expect(await listed()).toContain('/chat v1');
  await done(change([off], { expected: 4 }));
  expect(await listed()).toContain('/chat v2');
});

test('a console sees a change arrive: enforced at once, confirmed as the clients say so', async () => {
  await done(change([put(page('/live', ['messaging', 'voice_note']), 0)]));
  const [ann, bob, old] = [
    await connect('ann', '/live', 1),
    await connect('bob', '/live', 1),
    await connect('old', '/live'),
  ];
  const { body } = await done(developer().post('/live/token'));
  const watcher = clients.keep(await SocketClient.open(world.server, body.app));
  const device = { id: 'browser', type: 'desktop' };
  await watcher.ask('connect', { page: '/console/live', device, visible: true, token: body.token });
  expect(await watcher.ask('subscribe', { topic: 'rollout.ward' })).toMatchObject({ ok: true });
  const versions = (expected: object[]) =>
    watcher.event('policy_rollout', ({ data }) => {
      const pages = data['pages'] as { pattern: string; versions: unknown }[];
      const found = pages.find(({ pattern }) => pattern === '/live')?.versions;
      return JSON.stringify(found) === JSON.stringify(expected);
    });
  await versions([{ version: 1, confirmed: 2, enforced: 1, silent: 1 }]);
  await done(change([put(page('/live', ['messaging']), 1)]));
  await versions([{ version: 2, confirmed: 0, enforced: 3, silent: 1 }]);
  await ann.ask('heartbeat', { policyVersion: 2 });
  await versions([{ version: 2, confirmed: 1, enforced: 2, silent: 1 }]);
  await bob.ask('heartbeat', { policyVersion: 2 });
  await versions([{ version: 2, confirmed: 2, enforced: 1, silent: 1 }]);
  const rollout = await done(world.members.viewer.get('/apps/ward/pages/rollout'));
  expect(rollout.body).toMatchObject({
    pages: expect.arrayContaining([
      { pattern: '/live', versions: [{ version: 2, confirmed: 2, enforced: 1, silent: 1 }] },
    ]) as unknown,
    unheard: 0,
  });
  // On another page it has confirmed nothing.
  await done(change([put(page('/other', []), 0)]));
  await old.ask('page', { page: '/other' });
  await ann.ask('page', { page: '/other' });
  const moved = await done(world.members.viewer.get('/apps/ward/pages/rollout'));
  expect(moved.body.pages).toContainEqual({
    pattern: '/other',
    versions: [{ version: 1, confirmed: 0, enforced: 2, silent: 2 }],
  });
});

test('what the provision file manages is said to be, and stays', async () => {
  const { body } = await done(developer().get('/apps/demo/pages'));
  const [managed] = body.pages;
  expect(managed).toMatchObject({ managed: true });
  const { pattern, version } = managed;
  const answer = await developer().post('/apps/demo/pages/changes', {
    changes: [{ op: 'remove', ifVersion: version, pattern }],
  });
  expect(answer).toMatchObject({ status: 409, body: { code: 'managed_by_file' } });
});

test('in a protected app a developer changes no page', async () => {
  const { headers } = await done(world.members.admin.get('/apps/ward'));
  const ifMatch = { 'if-match': headers.get('etag') ?? '' };
  await done(world.members.admin.call('PATCH', '/apps/ward', { body: { protected: true }, headers: ifMatch }));
  const changes = [put(page('/guarded', []), 0)];
  expect(await change(changes)).toMatchObject({ status: 403, body: { needs: 'admin' } });
  await done(world.members.admin.post('/apps/ward/pages/changes', { changes }));
});
