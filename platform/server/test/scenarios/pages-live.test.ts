// A page policy that is changed while people are on the page: they get it within a second, and the server
// keeps to it at once.

import { mayReconnect } from '@belfry/protocol';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createClients } from '../support/clients.ts';
import { putConversation, say, succeed } from '../support/clinic.ts';
import { SocketClient } from '../support/socket-client.ts';
import { startWholeServer, type WholeServer } from '../support/whole-server.ts';

let server: WholeServer;
const clients = createClients(() => server);

beforeAll(async () => {
  server = await startWholeServer();
});
afterAll(async () => {
  await clients.closeAll();
  await server.stop();
});

interface Policy {
  pattern: string;
  version: number;
  features: string[];
  enabled: boolean;
}

const full = ['messaging', 'typing_indicator', 'read_receipts'];

async function putPage(pattern: string, change: Record<string, unknown> = {}): Promise<Policy> {
  const body = await succeed(
    server.api('PUT', '/pages', { pattern, enabled: true, features: full, ...change }),
    pattern,
  );
  return body['page'] as Policy;
}

/** Somebody on the page and in the conversation `room`. */
async function visit(userId: string, page: string): Promise<SocketClient> {
  await putConversation(server, `room-${userId}`, [userId, 'host']);
  return await clients.connect({ userId, page });
}

test('a feature that is taken away is reported to clients within a second, and refused from then on', async () => {
  await putPage('/room');
  const client = await visit('typist', '/room');
  const typing = { conversationId: 'room-typist', isTyping: true };
  expect(await client.ask('typing', typing)).toMatchObject({ ok: true });

  const changedAt = performance.now();
  const { version } = await putPage('/room', { features: ['messaging'] });
  const { data } = await client.event('page_config_changed');
  expect(performance.now() - changedAt).toBeLessThan(1000);
  expect(data).toMatchObject({ pattern: '/room', version, page: { version, features: ['messaging'] } });
  expect(await client.ask('typing', typing)).toMatchObject({ ok: false, error: { code: 'feature_disabled' } });
  expect(client.closeCode).toBeUndefined();
});

test('an event whose feature was taken away is not sent any more, and sent again after a revert', async () => {
  const { version } = await putPage('/quiet');
  const client = await visit('quiet', '/quiet');
  await putPage('/quiet', { features: ['presence'] });
  await client.event('page_config_changed');
  const { seq: unseen } = await say(server, 'room-quiet', { from: 'host', text: 'unseen' });
  await client.barrier();
  expect(client.events('new_message')).toEqual([]);

  const reverted = await succeed(server.api('POST', '/pages/revert', { pattern: '/quiet', version }), 'revert');
  expect(reverted['page']).toMatchObject({ version: version + 2, features: full });
  await client.event('page_config_changed', ({ data }) => data['version'] === version + 2);
  await say(server, 'room-quiet', { from: 'host', text: 'seen' });
  await client.event('new_message');
  expect(client.events('new_message').map(({ data }) => data['content'])).toEqual([{ text: 'seen' }]);
  expect(client.events('skipped').map(({ data }) => data)).toEqual([
    { from: unseen, to: unseen, reason: 'feature_off_on_page' },
  ]);
});

test('a page that is disabled closes its connections with 4503 and takes no new ones, until it is reverted', async () => {
  const { version } = await putPage('/open');
  const client = await visit('guest', '/open');
  const bystander = await visit('neighbour', '/chat');

  await putPage('/open', { enabled: false });
  expect(await client.closed()).toBe(4503);
  expect(mayReconnect(4503)).toBe(false);
  expect(client.events('page_config_changed')[0]?.data).toMatchObject({ page: { enabled: false } });
  const again = clients.keep(await SocketClient.open(server));
  const answer = await again.ask('connect', {
    token: await server.tokenOf('guest'),
    page: '/open',
    device: { id: 'd-1', type: 'desktop' },
    visible: true,
  });
  expect(answer).toMatchObject({ ok: false, error: { code: 'page_disabled' } });
  expect(await again.closed()).toBe(4503);

  await succeed(server.api('POST', '/pages/revert', { pattern: '/open', version }), 'revert');
  const back = await visit('guest', '/open');
  expect(back.connected['page']).toMatchObject({ version: version + 2, enabled: true });
  await bystander.barrier();
  expect(bystander.events('page_config_changed')).toEqual([]);
});

test('a page that wants a user from now on closes the visitors that it has', async () => {
  await putPage('/lobby', { requireAuth: false, features: ['notifications'] });
  const visitor = await clients.connect({ page: '/lobby' });
  const user = await clients.connect({ userId: 'member', page: '/lobby' });
  expect(String(visitor.connected['userId'])).toMatch(/^visitor:/);
  await putPage('/lobby', { requireAuth: true, features: ['notifications'] });
  expect(await visitor.closed()).toBe(4503);
  await user.event('page_config_changed');
  await user.barrier();
});

test('a page that is taken away leaves its connections to the next best pattern', async () => {
  await putPage('/ward/*', { features: ['messaging'] });
  await putPage('/ward/one');
  const client = await visit('nurse', '/ward/one');
  expect((await server.api('DELETE', `/pages?pattern=${encodeURIComponent('/ward/one')}`)).status).toBe(204);
  expect((await client.event('page_config_changed')).data).toMatchObject({ pattern: '/ward/*' });
  await server.api('DELETE', `/pages?pattern=${encodeURIComponent('/ward/*')}`);
  // Nothing but `default` is left, and that is disabled.
  expect(await client.closed()).toBe(4503);
});

test('a page that the provision file manages is read-only', async () => {
  const { status, body } = await server.api('PUT', '/pages', { pattern: '/chat', enabled: false });
  expect([status, body['code']]).toEqual([409, 'managed_by_file']);
  const reverted = await server.api('POST', '/pages/revert', { pattern: '/chat', version: 1 });
  expect(reverted.status).toBe(409);
});

test('the history says who changed what, and GET /pages has another ETag after each change', async () => {
  await putPage('/versions');
  const before = await server.api('GET', '/pages');
  await putPage('/versions', { features: [] });
  const after = await server.api('GET', '/pages');
  expect(after.headers.get('etag')).not.toBe(before.headers.get('etag'));
  const { body } = await server.api('GET', '/pages/history?pattern=/versions');
  expect(body['versions']).toMatchObject([
    { version: 2, by: 'key:backend', policy: { features: [] } },
    { version: 1, by: 'key:backend', policy: { features: full } },
  ]);
});

test('the clients of a page can be listed, and the list follows a client that moves', async () => {
  await putPage('/first');
  await putPage('/second', { features: ['presence'] });
  const client = await visit('walker', '/first');
  const where = async () => (await server.api('GET', '/connections?userId=walker')).body['connections'];
  expect(await where()).toMatchObject([
    { connectionId: client.id, userId: 'walker', deviceType: 'desktop', page: '/first', pattern: '/first' },
  ]);
  expect((await client.ask('page', { page: '/second' })).data).toMatchObject({ page: { pattern: '/second' } });
  expect(await where()).toMatchObject([{ connectionId: client.id, page: '/second', pattern: '/second' }]);
  expect(await client.ask('typing', { conversationId: 'room-walker', isTyping: true })).toMatchObject({
    error: { code: 'feature_disabled' },
  });
});
