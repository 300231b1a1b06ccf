// People of an app see which clients were refused, and why: at the upgrade, at connect, in a request, at a
// command.

import { once } from 'node:events';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { createClients } from '../support/clients.ts';
import { done, startConsoleWorld, type ConsoleWorld } from '../support/console-world.ts';

let world: ConsoleWorld;
const clients = createClients(() => world.server);
beforeAll(async () => {
  world = await startConsoleWorld({ app: { allowedOrigins: ['https://shop.example'] } });
}, 60_000);
afterEach(() => clients.closeAll());
afterAll(() => world.server.stop());

interface Refusal {
  stage: string;
  reason: string;
  count: number;
}

async function refusals(): Promise<Refusal[]> {
  const { body } = await done(world.members.developer.get('/apps/demo/refusals'));
  return body.items as Refusal[];
}

async function refusal(reason: string): Promise<Refusal | undefined> {
  return (await refusals()).find((each) => each.reason === reason);
}

test('an origin that is not on the list, by the page list and by the socket', async () => {
  const origin = 'http://localhost:5173';
  const answer = await fetch(`${world.server.url}/api/v1/pages?app=demo&origin=${encodeURIComponent(origin)}`);
  expect(answer.status).toBe(403);
  await answer.text();
  const socket = new WebSocket(`${world.server.url.replace('http', 'ws')}/ws?app=demo`, 'belfry.v1', { origin });
  await once(socket, 'error');
  expect(await refusal('origin_not_allowed')).toMatchObject({ origin, count: 2, stage: 'upgrade', code: 'forbidden' });
});

test('a token for another app, with the page that it was used on', async () => {
  const token = await world.server.tokenOf('bob');
  const wrong = `${token.slice(0, -4)}AAAA`;
  await expect(clients.connect({ token: wrong, page: '/chat' })).rejects.toThrow(/bad_token/);
  expect(await refusal('wrong_signature')).toMatchObject({ stage: 'connect', page: '/chat', address: '127.0.0.1' });
  const headers = { authorization: `Bearer ${wrong}`, origin: 'https://shop.example' };
  const answer = await fetch(`${world.server.url}/api/v1/conversations`, { headers });
  expect(answer.status).toBe(401);
  await answer.text();
  expect((await refusals())[0]).toMatchObject({ stage: 'http', origin: 'https://shop.example', count: 1 });
  expect(JSON.stringify(await refusals())).not.toContain(wrong.split('.')[1]);
});

test('a page without a policy, and a visitor where a user is wanted', async () => {
  await expect(clients.connect({ userId: 'bob', page: '/nowhere' })).rejects.toThrow(/page_disabled/);
  expect(await refusal('page_without_policy')).toMatchObject({ page: '/nowhere', code: 'page_disabled' });
  await expect(clients.connect({ page: '/chat' })).rejects.toThrow(/unauthorized/);
  expect(await refusal('no_token')).toMatchObject({ page: '/chat', code: 'unauthorized' });
});

test('a command that the page has no feature for', async () => {
  const bob = await clients.connect({ userId: 'bob', page: '/admin' });
  const answer = await bob.ask('typing', { conversationId: 'c1', typing: true });
  expect(answer.error?.code).toBe('feature_disabled');
  const kept = (await refusals())[0];
  expect(kept).toMatchObject({ stage: 'command', code: 'feature_disabled', page: '/admin', count: 1 });
  expect(kept?.reason).toBe('feature_disabled:typing_indicator');
});

test('what is ready for a first client, and the one that is there', async () => {
  const before = await done(world.members.developer.get('/apps/demo/connecting'));
  expect(before.body).toMatchObject({
    ...{ disabled: false, allowedOrigins: ['https://shop.example'], tokens: 'belfry', connection: null },
    pages: expect.arrayContaining([expect.objectContaining({ pattern: '/chat', requireAuth: true })]) as unknown,
  });
  await clients.connect({ userId: 'bob', page: '/chat' });
  const after = await done(world.members.developer.get('/apps/demo/connecting'));
  expect(after.body.connection).toMatchObject({ userId: 'bob', page: '/chat', deviceType: 'desktop' });
});
