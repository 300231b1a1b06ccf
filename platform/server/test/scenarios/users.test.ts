// What an app keeps of its users, over a whole server: set and changed over HTTP, filled from tokens, found by
// name; and what each has not read. Erasing: erasure.test.ts.

import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { putConversation, say, succeed } from '../support/clinic.ts';
import { SocketClient } from '../support/socket-client.ts';
import { startWholeServer, type WholeServer } from '../support/whole-server.ts';

let server: WholeServer;
beforeAll(async () => void (server = await startWholeServer()));
afterAll(() => server.stop());

const at = (userId: string): string => `/users/${encodeURIComponent(userId)}`;
const userOf = async (userId: string) => (await succeed(server.api('GET', at(userId)), userId))['user'];

describe('what is known of a user', () => {
  test('PUT replaces what was set, PATCH changes what is given, and both answer with the whole', async () => {
    const body = {
      name: 'Ann',
      locale: 'de-AT',
      timeZone: 'Europe/Vienna',
      metadata: { plan: 'pro', seats: { a: 1 } },
    };
    expect(await succeed(server.api('PUT', at('ann'), body), 'put')).toEqual({ user: { userId: 'ann', ...body } });
    const change = { name: 'Ann Miller', locale: null, metadata: { plan: null, seats: { b: 2 } } };
    const changed = {
      userId: 'ann',
      name: 'Ann Miller',
      timeZone: 'Europe/Vienna',
      metadata: { seats: { a: 1, b: 2 } },
    };
    expect(await succeed(server.api('PATCH', at('ann'), change), 'patch')).toEqual({ user: changed });
    expect(await userOf('ann')).toEqual(changed);
    await succeed(server.api('PUT', at('ann'), { avatar: 'a.png' }), 'put');
    expect(await userOf('ann')).toEqual({ userId: 'ann', avatar: 'a.png' });
  });

  test('a token fills what is empty, and nothing that was set', async () => {
    await succeed(server.api('PUT', at('auth0|b/o b'), { name: 'Bob of the app' }), 'put');
    const token = await server.tokenOf('auth0|b/o b', { name: 'Bob of the token', avatar: 'token.png' });
    const own = await server.api('GET', at('auth0|b/o b'), undefined, token);
    expect(own.body['user']).toMatchObject({ name: 'Bob of the app' });
    await expect.poll(() => userOf('auth0|b/o b')).toMatchObject({ name: 'Bob of the app', avatar: 'token.png' });
    await succeed(server.api('PATCH', at('auth0|b/o b'), { name: null }), 'patch');
    expect(await userOf('auth0|b/o b')).toMatchObject({ name: 'Bob of the token' });
  });

  test('a user changes their own name, and neither their metadata nor anybody else', async () => {
    await succeed(server.api('PUT', at('carol'), { metadata: { plan: 'free' } }), 'put');
    const token = await server.tokenOf('carol');
    const patch = async (userId: string, body: object) => {
      const { status, body: answer } = await server.api('PATCH', at(userId), body, token);
      return [status, answer['path'] ?? answer['user']];
    };
    const named = { userId: 'carol', name: 'C.', metadata: { plan: 'free' } };
    expect(await patch('carol', { name: 'C.' })).toEqual([200, named]);
    expect(await patch('carol', { metadata: { plan: 'pro' } })).toEqual([403, ['metadata']]);
    expect(await patch('ann', { name: 'C.' })).toEqual([403, ['id']]);
    expect((await server.api('PUT', at('carol'), {}, token)).status).toBe(403);
    expect((await server.api('GET', '/users', undefined, token)).status).toBe(403);
    expect(await userOf('carol')).toMatchObject(named);
  });

  test('of changes that come at once none is lost', async () => {
    await succeed(server.api('PUT', at('dave'), {}), 'put');
    const names = Array.from({ length: 5 }, (_, i) => `k${i}`);
    await Promise.all(
      names.map((name) => succeed(server.api('PATCH', at('dave'), { metadata: { [name]: 1 } }), 'patch')),
    );
    expect(await userOf('dave')).toEqual({
      userId: 'dave',
      metadata: Object.fromEntries(names.map((name) => [name, 1])),
    });
  });

  test('metadata is bounded, also when it grows bit by bit', async () => {
    const long = 'x'.repeat(5000);
    await succeed(server.api('PUT', at('erin'), { metadata: { a: long } }), 'put');
    const grown = await server.api('PATCH', at('erin'), { metadata: { b: long } });
    expect([grown.status, grown.body['code'], grown.body['path']]).toEqual([413, 'too_large', ['metadata']]);
    expect((await server.api('PUT', at('erin'), { metadata: { a: long + long } })).status).toBe(422);
    expect(await userOf('erin')).toEqual({ userId: 'erin', metadata: { a: long } });
  });

  test('users are listed page by page, and found by what they are called', async () => {
    for (const [userId, name] of [
      ['list-1', 'Zoë Quill'],
      ['list-2', 'Quillan'],
      ['list-3', 'A. Quilter'],
    ] as const) {
      await succeed(server.api('PUT', at(userId), { name }), 'put');
    }
    const page = async (query: string) => {
      const { users, nextCursor } = await succeed(server.api('GET', `/users?${query}`), query);
      return { ids: (users as { userId: string }[]).map(({ userId }) => userId), nextCursor };
    };
    const first = await page('q=QUIL&limit=2');
    expect(first.ids).toEqual(['list-1', 'list-2']);
    const cursor = encodeURIComponent(String(first.nextCursor));
    expect(await page(`q=QUIL&limit=2&cursor=${cursor}`)).toEqual({ ids: ['list-3'], nextCursor: undefined });
    expect((await page('q=zoe')).ids).toEqual(['list-1']);
    expect((await page('limit=100')).ids).toEqual(expect.arrayContaining(['ann', 'list-1', 'list-2', 'list-3']));
    // A cursor is of the list that it was given for.
    expect((await server.api('GET', `/users?q=zoe&cursor=${cursor}`)).body['code']).toBe('bad_cursor');
  });
});

test('the connections of a user are listed under their name and under the older one', async () => {
  const client = await SocketClient.connect(server, { userId: 'frank' });
  const { connections } = await succeed(server.api('GET', '/users/frank/connections'), 'connections');
  expect(connections).toMatchObject([{ connectionId: client.id }]);
  expect(await succeed(server.api('GET', '/users/frank/devices'), 'devices')).toEqual({ devices: connections });
  await client.end();
});

describe('what a user has not read', () => {
  const unreadOf = (userId: string, token?: string) =>
    succeed(server.api('GET', `/users/${userId}/unread`, undefined, token), 'unread');

  test('is counted in all conversations and in each, as the rows of the list say', async () => {
    for (const id of ['u-quiet', 'u-one', 'u-two']) await putConversation(server, id, ['gina', 'hal']);
    await say(server, 'u-one', { from: 'hal' });
    const { messageId } = await say(server, 'u-two', { from: 'hal' });
    await say(server, 'u-two', { from: 'hal' });
    await say(server, 'u-quiet', { from: 'gina' });
    const conversations = [
      { conversationId: 'u-two', unreadCount: 2 },
      { conversationId: 'u-one', unreadCount: 1 },
    ];
    expect(await unreadOf('gina')).toEqual({ total: 3, conversations, hasMore: false });
    expect(await unreadOf('gina', await server.tokenOf('gina'))).toEqual({ total: 3, conversations, hasMore: false });
    const { conversations: rows } = await succeed(server.api('GET', '/conversations?userId=gina'), 'list');
    const counts = (rows as { id: string; unreadCount: number }[]).map(({ id, unreadCount }) => [id, unreadCount]);
    expect(Object.fromEntries(counts)).toEqual({ 'u-quiet': 0, 'u-one': 1, 'u-two': 2 });
    await succeed(server.api('DELETE', `/messages/${messageId}`), 'delete');
    await succeed(server.api('POST', '/conversations/u-one/read', { userId: 'gina', seq: 1 }), 'read');
    expect(await unreadOf('gina')).toEqual({
      total: 1,
      conversations: [{ conversationId: 'u-two', unreadCount: 1 }],
      hasMore: false,
    });
  });

  test('is nothing for somebody who is in no conversation, and is nobody else’s to ask', async () => {
    expect(await unreadOf('nobody')).toEqual({ total: 0, conversations: [], hasMore: false });
    expect((await server.api('GET', '/users/gina/unread', undefined, await server.tokenOf('hal'))).status).toBe(403);
  });
});
