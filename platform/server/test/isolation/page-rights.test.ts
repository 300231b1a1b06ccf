// A page is what a client says it is on. The rights that it opens, over a whole server with the pages of a
// fresh installation: roles, topics, presence.

import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { defaultPages } from '../../src/tenancy/default-pages.ts';
import { createClients } from '../support/clients.ts';
import { putConversation, succeed } from '../support/clinic.ts';
import { SocketClient } from '../support/socket-client.ts';
import { startWholeServer, type WholeServer } from '../support/whole-server.ts';

let server: WholeServer;
const clients = createClients(() => server);

const lobby = { pattern: '/lobby', enabled: true, requireAuth: false, features: ['system_notifications'] };
const team = { pattern: '/team', enabled: true, features: ['presence', 'messaging'] };

beforeAll(async () => {
  server = await startWholeServer({ app: { pages: [...defaultPages, { ...lobby, topics: ['news', 'ward-*'] }] } });
  await succeed(server.api('PUT', '/pages', team), 'page');
});
afterAll(async () => {
  await clients.closeAll();
  await server.stop();
});

const admin = (userId = 'ada') => server.tokenOf(userId, { roles: ['reception', 'admin'] });

/** The error and the close code of a `connect`. */
async function connectTo(page: string, token?: string): Promise<[string | undefined, number | undefined]> {
  const client = clients.keep(await SocketClient.open(server));
  const device = { id: 'd', type: 'desktop' };
  const answer = await client.ask('connect', {
    page,
    device,
    visible: true,
    ...(token === undefined ? {} : { token }),
  });
  if (answer.ok === true) return [undefined, undefined];
  return [answer.error?.code, await client.closed()];
}

describe('a page of admins', () => {
  test.each(['/admin', '/test-websocket'])('%s takes whose token has the role', async (page) => {
    expect(await connectTo(page, await admin())).toEqual([undefined, undefined]);
  });

  test.each<[string, Record<string, unknown>]>([
    ['without roles', {}],
    ['with other roles', { roles: ['reception'] }],
    ['whose role only looks like it', { roles: ['admin2', 'constructor', 'superadmin'] }],
    ['who is called so', { name: 'admin' }],
    ['whose topics name it', { topics: ['admin', 'stats'] }],
  ])('is closed to a user %s', async (_who, claims) => {
    for (const page of ['/admin', '/admin/', '//admin', '/%61dmin', '/x/../admin', '/test-websocket']) {
      expect(await connectTo(page, await server.tokenOf('mallory', claims))).toEqual(['forbidden', 4503]);
    }
  });

  test('is closed to visitors', async () => {
    expect(await connectTo('/admin')).toEqual(['unauthorized', 4501]);
  });

  test('is not come to by moving there, and what it shows stays unseen', async () => {
    const mallory = await clients.connect({ userId: 'mallory' });
    expect(await mallory.ask('page', { page: '/admin' })).toMatchObject({ error: { code: 'forbidden' } });
    expect(await mallory.ask('subscribe', { topic: 'stats' })).toMatchObject({ error: { code: 'forbidden' } });
    expect(await mallory.ask('presence', { userIds: ['ada'] })).toMatchObject({ error: { code: 'feature_disabled' } });
    const other = await clients.connect({ userId: 'passer-by' });
    await other.barrier();
    await mallory.barrier();
    expect(mallory.events('device_connected')).toEqual([]);
  });

  test('shows those who have the role all that it showed', async () => {
    const client = await clients.connect({ token: await admin(), page: '/admin' });
    expect(await client.ask('subscribe', { topic: 'stats' })).toMatchObject({ ok: true });
    expect(await client.ask('subscribe', { topic: 'anything' })).toMatchObject({ ok: true });
    await clients.connect({ userId: 'seen' });
    await client.event('device_connected', ({ data }) => data['userId'] === 'seen');
    const { data } = await client.ask('presence', { userIds: ['seen'] });
    expect(data['states']).toMatchObject([{ userId: 'seen', online: true }]);
  });

  test('is left with the role: another token closes the connection', async () => {
    const client = await clients.connect({ token: await admin('demoted'), page: '/admin' });
    expect(await client.ask('auth', { token: await server.tokenOf('demoted') })).toMatchObject({ ok: true });
    expect(await client.closed()).toBe(4503);
  });
});

test('a page that begins to want a role closes the connections of those who do not have it, and no others', async () => {
  const page = { pattern: '/ward', enabled: true, features: ['messaging'] };
  await succeed(server.api('PUT', '/pages', page), 'page');
  const [nurse, guest] = [
    await clients.connect({ token: await server.tokenOf('nina', { roles: ['nurse'] }), page: '/ward' }),
    await clients.connect({ userId: 'gus', page: '/ward' }),
  ];
  await succeed(server.api('PUT', '/pages', { ...page, requireRoles: ['nurse', 'doctor'] }), 'page');
  expect(await guest.closed()).toBe(4503);
  await nurse.event('page_config_changed');
  expect(await nurse.ask('heartbeat')).toMatchObject({ ok: true });
  expect(nurse.closeCode).toBeUndefined();
});

describe('a topic', () => {
  test.each([
    ['news', true],
    ['ward-7', true],
    ['stats', false],
    ['news-of-others', false],
    ['anything', false],
    ['constructor', false],
  ])('%s on a page with patterns, for a visitor: %s', async (topic, isAllowed) => {
    const visitor = await clients.connect({ page: '/lobby' });
    const answer = await visitor.ask('subscribe', { topic });
    expect([answer.ok, answer.error?.code]).toEqual(isAllowed ? [true, undefined] : [false, 'forbidden']);
  });

  test('on a page without patterns is for those whose token names it', async () => {
    const client = await clients.connect({ token: await server.tokenOf('tom', { topics: ['vip'] }), page: '/team' });
    expect(await client.ask('subscribe', { topic: 'vip' })).toMatchObject({ ok: true });
    expect(await client.ask('subscribe', { topic: 'news' })).toMatchObject({ error: { code: 'forbidden' } });
  });

  test('is left at once when its pattern is taken away', async () => {
    const page = { pattern: '/hall', enabled: true, features: ['notifications'] };
    await succeed(server.api('PUT', '/pages', { ...page, topics: ['hall'] }), 'page');
    const client = await clients.connect({ userId: 'hal', page: '/hall' });
    expect(await client.ask('subscribe', { topic: 'hall' })).toMatchObject({ ok: true });
    await succeed(server.api('PUT', '/pages', { ...page, topics: ['other'] }), 'page');
    await client.event('page_config_changed');
    const audience = { topic: 'hall' };
    await succeed(
      server.api('POST', '/broadcasts', { kind: 'announcement', audience, data: { title: 't' } }),
      'notice',
    );
    await client.barrier();
    expect(client.events('announcement')).toEqual([]);
  });
});

describe('presence', () => {
  test('of people one shares no conversation with is that of somebody never seen', async () => {
    await putConversation(server, 'c-p', ['pat', 'paul']);
    const pat = await clients.connect({ userId: 'pat', page: '/team' });
    for (const userId of ['paul', 'stranger']) await clients.connect({ userId });
    const { data } = await pat.ask('presence', { userIds: ['stranger', 'paul', 'pat', 'unknown'], watch: true });
    expect(data['states']).toEqual([
      { userId: 'stranger', online: false, deviceTypes: [] },
      expect.objectContaining({ userId: 'paul', online: true }),
      expect.objectContaining({ userId: 'pat', online: true }),
      { userId: 'unknown', online: false, deviceTypes: [] },
    ]);
  });

  test('is watched of those alone one shares a conversation with, and as long as one does', async () => {
    await putConversation(server, 'c-w1', ['wendy', 'will']);
    await putConversation(server, 'c-w2', ['wendy', 'walt']);
    const wendy = await clients.connect({ userId: 'wendy', page: '/team' });
    await wendy.ask('presence', { userIds: ['will', 'walt', 'wanda'], watch: true });
    await succeed(server.api('DELETE', '/conversations/c-w1/participants/will'), 'removal');
    for (const userId of ['wanda', 'will', 'walt']) await clients.connect({ userId });
    await wendy.event('presence_update', ({ data }) => data['userId'] === 'walt');
    await wendy.barrier();
    expect(wendy.events('presence_update').map(({ data }) => data['userId'])).toEqual(['walt']);
  });

  test('is everybody’s on a page whose policy says so, and not after it no longer does', async () => {
    const page = { pattern: '/desk', enabled: true, features: ['presence'] };
    await succeed(server.api('PUT', '/pages', { ...page, presence: 'everyone' }), 'page');
    const desk = await clients.connect({ userId: 'dora', page: '/desk' });
    await clients.connect({ userId: 'somebody' });
    const online = { states: [{ userId: 'somebody', online: true }] };
    expect((await desk.ask('presence', { userIds: ['somebody'] })).data).toMatchObject(online);
    await succeed(server.api('PUT', '/pages', page), 'page');
    await desk.event('page_config_changed');
    const { data } = await desk.ask('presence', { userIds: ['somebody'] });
    expect(data['states']).toEqual([{ userId: 'somebody', online: false, deviceTypes: [] }]);
  });
});

describe('policies over HTTP', () => {
  const rules = { requireRoles: ['nurse'], topics: ['ward-*'], presence: 'everyone' };
  const page = { pattern: '/kept', enabled: true, features: ['messaging'] };

  test('show roles, topics and presence to API keys, and to nobody else', async () => {
    await succeed(server.api('PUT', '/pages', { ...page, ...rules }), 'page');
    const read = async (token?: string) => {
      const { body } = await server.api('GET', '/pages', undefined, token);
      return (body['pages'] as Record<string, unknown>[]).find(({ pattern }) => pattern === '/kept') ?? {};
    };
    const withoutKey = await fetch(`${server.url}/api/v1/pages?app=demo`);
    expect(await withoutKey.text()).not.toMatch(/requireRoles|nurse|ward-|topics|everyone/);
    expect(await read()).toMatchObject(rules);
    expect(Object.keys(await read(await server.tokenOf('anybody')))).not.toContain('requireRoles');
    const { body } = await server.api('GET', '/pages/history?pattern=/kept');
    expect(body['versions']).toMatchObject([{ version: 1, policy: rules }]);
  });

  test('keep them through a change and a revert', async () => {
    const changed = await server.api('PUT', '/pages', page);
    expect(changed.body['page']).not.toHaveProperty('requireRoles');
    const reverted = await server.api('POST', '/pages/revert', { pattern: '/kept', version: 1 });
    expect(reverted.body['page']).toMatchObject({ ...rules, version: 3 });
    const again = await server.api('PUT', '/pages', { ...page, ...rules });
    expect(again.body['page']).toMatchObject({ version: 3 });
  });

  test('are answered with a warning for each feature that nobody declares', async () => {
    const features = ['messaging', 'telepathy', 'presence', 'time_travel'];
    const { status, body } = await server.api('PUT', '/pages', { pattern: '/odd', enabled: true, features });
    expect(status).toBe(201);
    expect(body['warnings']).toEqual([
      { path: ['features', 1], message: 'nobody declares the feature telepathy' },
      { path: ['features', 3], message: 'nobody declares the feature time_travel' },
    ]);
    const kind = { action: 'thought', audience: 'conversation', durable: 'conversation', feature: 'telepathy' };
    await succeed(server.api('PUT', '/kinds/thought', kind), 'kind');
    const after = await server.api('PUT', '/pages', { pattern: '/odd', enabled: true, features });
    expect(after.body['warnings']).toMatchObject([{ path: ['features', 3] }]);
    expect((await server.api('PUT', '/pages', team)).body['warnings']).toEqual([]);
  });

  test.each<[Record<string, unknown>, (string | number)[]]>([
    [{ pattern: '/a/:id/b/:id' }, ['pattern']],
    [{ requireRoles: [] }, ['requireRoles']],
    [{ requireRoles: ['Not A Role'] }, ['requireRoles', 0]],
    [{ requireRoles: ['nurse'], requireAuth: false }, ['requireRoles']],
    [{ topics: [''] }, ['topics', 0]],
    [{ topics: ['a*b'] }, ['topics', 0]],
    [{ topics: ['**'] }, ['topics', 0]],
    [{ topics: 'all' }, ['topics']],
    [{ presence: 'nobody' }, ['presence']],
    [{ roles: ['admin'] }, ['roles']],
  ])('refuse %o', async (change, path) => {
    const { status, body } = await server.api('PUT', '/pages', { ...page, ...change });
    expect([status, body['code'], body['path']]).toEqual([422, 'invalid_body', path]);
  });
});

test('a provision file that names a feature which nobody declares starts, and says so', async () => {
  const odd = await startWholeServer({
    app: { pages: [{ pattern: '/odd', enabled: true, features: ['messaging', 'telepathy'] }] },
  });
  try {
    expect(await odd.line(({ msg }) => msg === 'config problem')).toMatchObject({
      level: 'warn',
      path: 'tenants[0].apps[0].pages[0].features[1]',
      reason: 'nobody declares the feature telepathy',
    });
  } finally {
    await odd.stop();
  }
});
