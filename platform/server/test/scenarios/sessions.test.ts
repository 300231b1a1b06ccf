// The end of connections, or their survival: closed by the API, signed out, their token run out, their token
// renewed.

import { mayReconnect } from '@belfry/protocol';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createClients } from '../support/clients.ts';
import { putConversation, say } from '../support/clinic.ts';
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

async function tryToConnect(token: string): Promise<{ code: unknown; close: number }> {
  const client = clients.keep(await SocketClient.open(server));
  const answer = await client.ask('connect', {
    token,
    page: '/chat',
    device: { id: 'd-1', type: 'desktop' },
    visible: true,
  });
  return { code: answer.error?.code, close: await client.closed() };
}

test('a connection that the API deletes closes with 4507, which says to stay away; the user’s others stay', async () => {
  const one = await clients.connect({ userId: 'alice' });
  const two = await clients.connect({ userId: 'alice' });
  expect((await server.api('DELETE', `/connections/${one.id}`)).status).toBe(204);
  expect(await one.closed()).toBe(4507);
  expect(mayReconnect(4507)).toBe(false);
  await two.barrier();
  // Other nodes are told of its end, and a cluster asks them where it is.
  await expect.poll(async () => (await server.api('DELETE', `/connections/${one.id}`)).status).toBe(404);
  const line = await server.line(({ msg, connectionId }) => msg === 'connection closed' && connectionId === one.id);
  expect(line).toMatchObject({ userId: 'alice', deviceType: 'desktop', page: '/chat', code: 4507 });
});

test('a connection that says which one it replaces closes that one with 4007, and nobody else’s', async () => {
  const lost = await clients.connect({ userId: 'rita' });
  const tab = await clients.connect({ userId: 'rita' });
  const other = await clients.connect({ userId: 'oscar' });

  const back = await clients.connect({ userId: 'rita', replaces: lost.id });
  expect(await lost.closed()).toBe(4007);
  expect(mayReconnect(4007)).toBe(true);

  const next = await clients.connect({ userId: 'rita', replaces: other.id });
  await clients.connect({ userId: 'rita', replaces: lost.id });
  for (const client of [tab, other, back, next]) await client.barrier();
});

test('a sign-out closes all of a user’s connections and refuses older tokens everywhere, while a new one works', async () => {
  const token = await server.tokenOf('bob');
  const open = [await clients.connect({ token }), await clients.connect({ token, deviceType: 'mobile' })];
  const bystander = await clients.connect({ userId: 'carol' });
  expect((await server.api('GET', '/conversations', undefined, token)).status).toBe(200);

  const askedAt = performance.now();
  const { status } = await server.api('POST', '/users/bob/sign-out');
  expect(status).toBeLessThan(300);
  expect(await Promise.all(open.map((client) => client.closed()))).toEqual([4507, 4507]);
  expect(performance.now() - askedAt).toBeLessThan(5000);

  expect(await tryToConnect(token)).toMatchObject({ close: 4507 });
  expect((await server.api('GET', '/conversations', undefined, token)).status).toBe(401);
  const fresh = await server.tokenOf('bob');
  expect((await server.api('GET', '/conversations', undefined, fresh)).status).toBe(200);
  const back = await clients.connect({ token: fresh });
  await back.barrier();
  await bystander.barrier();
});

test('a sign-out is still in force after a restart', async () => {
  const token = await server.tokenOf('dora');
  await server.api('POST', '/users/dora/sign-out');
  await clients.closeAll();
  await server.restart();
  expect(await tryToConnect(token)).toMatchObject({ close: 4507 });
});

test.concurrent(
  'a token that runs out is announced, then ends the connection with 4001, which says to come back',
  async () => {
    const client = await clients.connect({ token: await server.tokenOf('erin', { expiresInSeconds: 2 }) });
    const { data } = await client.event('auth_expiring');
    const expiresAt = Date.parse(String(data['expiresAt']));
    // Two seconds, rounded up to a whole one.
    expect(expiresAt - Date.now()).toBeLessThanOrEqual(3000);
    expect(await client.closed()).toBe(4001);
    expect(Date.now()).toBeGreaterThanOrEqual(expiresAt);
    expect(Date.now() - expiresAt).toBeLessThan(2000);
    expect(mayReconnect(4001)).toBe(true);
  },
);

test.concurrent('a token that has run out before is refused', async () => {
  const token = await server.tokenOf('erin', { expiresInSeconds: 1 });
  const client = await clients.connect({ token });
  await client.closed();
  expect(await tryToConnect(token)).toEqual({ code: 'token_expired', close: 4501 });
});

test.concurrent(
  'a connection whose token was renewed in time goes on, and is announced and ended by the new token’s time',
  async () => {
    await putConversation(server, 'c-renew', ['frank', 'gina']);
    const [first, second] = await Promise.all(
      [2, 5].map((seconds) => server.tokenOf('frank', { expiresInSeconds: seconds })),
    );
    const client = await clients.connect({ token: first ?? '' });
    const expiring = await client.event('auth_expiring');
    const renewed = await client.ask('auth', { token: second });
    expect(renewed).toMatchObject({ ok: true, data: { userId: 'frank' } });
    const until = String(renewed.data['expiresAt']);
    expect(Date.parse(until)).toBeGreaterThan(Date.parse(String(expiring.data['expiresAt'])));

    await client.event('auth_expiring', ({ data }) => data['expiresAt'] === until);
    await say(server, 'c-renew', { from: 'gina' });
    await client.event('new_message');
    expect(await client.closed()).toBe(4001);
    expect(Date.now()).toBeGreaterThanOrEqual(Date.parse(until));
  },
);

test('another user’s token renews nothing, and a bad one costs nothing', async () => {
  const client = await clients.connect({ userId: 'henry' });
  const foreign = await client.ask('auth', { token: await server.tokenOf('mallory') });
  expect(foreign).toMatchObject({ ok: false, error: { code: 'forbidden' } });
  expect(await client.ask('auth', { token: 'not.a.token' })).toMatchObject({ ok: false, error: { code: 'bad_token' } });
  await client.barrier();
});

test('the claims of a renewed token count: topics that it no longer names are dropped', async () => {
  const client = await clients.connect({ token: await server.tokenOf('iris', { topics: ['news'] }) });
  expect(await client.ask('subscribe', { topic: 'news' })).toMatchObject({ ok: true });
  await client.ask('auth', { token: await server.tokenOf('iris') });
  expect(await client.ask('subscribe', { topic: 'news' })).toMatchObject({ ok: false, error: { code: 'forbidden' } });
});
