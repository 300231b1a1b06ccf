// Users as common issuers name them, through everything an id passes through: tokens, sockets, paths,
// streams, caches, pushes, journeys.

import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { createClients } from '../support/clients.ts';
import {
  broadcast,
  putConversation,
  readJourney,
  recipientIn,
  registerDevice,
  say,
  succeed,
} from '../support/clinic.ts';
import { issuerIds } from '../support/issuers.ts';
import { webhookSecret } from '../support/provision.ts';
import { startPushReceiver, type PushReceiver } from '../support/push-receiver.ts';
import { startWholeServer, type WholeServer } from '../support/whole-server.ts';

let receiver: PushReceiver;
let server: WholeServer;
const clients = createClients(() => server);
beforeAll(async () => {
  receiver = await startPushReceiver();
  const config = { url: receiver.url, secret: webhookSecret };
  server = await startWholeServer({
    settings: { waitMs: 100 },
    app: { providers: [{ id: 'hook', plugin: 'webhook', config }] },
  });
});
afterAll(async () => {
  await clients.closeAll();
  await server.stop();
  await receiver.close();
});

describe.each(issuerIds)('a user of %s', (_issuer, userId) => {
  const path = encodeURIComponent(userId);
  const room = `room-${issuerIds.findIndex(([, id]) => id === userId)}`;
  beforeEach(() => putConversation(server, room, [userId, 'bob']));

  test('signs in, receives, writes, reads, types and comes back to missed messages', async () => {
    const bob = await clients.connect({ userId: 'bob' });
    const ann = await clients.connect({ userId });
    expect(ann.connected).toMatchObject({ userId });
    await broadcast(server, { kind: 'direct', audience: { users: [userId] }, data: { title: 'one' } });
    const { stream = '', seq = 0, data } = await ann.event('direct_message', ({ data: { title } }) => title === 'one');
    expect([stream, data['title']]).toEqual([`i:${userId}`, 'one']);

    await ann.ask('typing', { conversationId: room, isTyping: true });
    expect((await bob.event('typing_status', (event) => event.conversationId === room)).data).toMatchObject({ userId });
    const sent = { conversationId: room, cid: 'a', type: 'text', content: { text: 'hi' }, mentions: [userId] };
    expect(await ann.ask('message', sent)).toMatchObject({ ok: true });
    expect((await bob.event('new_message', (event) => event.conversationId === room)).data).toMatchObject({
      senderId: userId,
      mentions: [userId],
    });
    await say(server, room, { from: 'bob' });
    const told = await ann.event('new_message', (event) => event.conversationId === room && event.seq === 2);
    expect(await ann.ask('read', { conversationId: room, seq: told.seq })).toMatchObject({ ok: true });

    await ann.end();
    await broadcast(server, { kind: 'direct', audience: { users: [userId] }, data: { title: 'two' } });
    const back = await clients.connect({ userId, resume: [{ stream, epoch: 'e1', seq }] });
    expect(back.connected['resumed']).toMatchObject([{ stream, from: seq + 1, to: seq + 1 }]);
    await back.event('direct_message', ({ data: { title } }) => title === 'two');
  });

  test('is found by path and query of every route, and nobody else is', async () => {
    const ann = await clients.connect({ userId });
    const get = (target: string) => succeed(server.api('GET', target), target);
    expect(await get(`/users/${path}/devices`)).toMatchObject({
      devices: expect.arrayContaining([expect.objectContaining({ connectionId: ann.connected['connectionId'] })]),
    });
    expect(await get(`/presence?userId=${path}&userId=nobody`)).toMatchObject({
      states: [
        { userId, online: true },
        { userId: 'nobody', online: false },
      ],
    });
    expect(await get(`/inbox/messages?userId=${path}`)).toMatchObject({ hasMore: false });
    expect(await get(`/conversations?userId=${path}`)).toMatchObject({ conversations: [{ id: room }] });
    expect(await get(`/connections?userId=${path}`)).toMatchObject({
      connections: expect.arrayContaining([expect.objectContaining({ userId })]),
    });
    const participant = `/conversations/${room}/participants/${path}`;
    await succeed(server.api('PUT', participant, { role: 'consultant' }), participant);
    expect((await get(`/conversations/${room}`))['conversation']).toMatchObject({
      participants: expect.arrayContaining([expect.objectContaining({ userId, role: 'consultant' })]),
    });
    const preferences = `/users/${path}/preferences`;
    const quiet = { level: 'none' };
    await succeed(server.api('PUT', preferences, quiet), preferences);
    expect(await get(preferences)).toMatchObject(quiet);
    await succeed(server.api('PUT', preferences, { level: 'all' }), preferences);
    await ann.end();
  });

  test('is pushed to, with a journey, until they are signed out', async () => {
    await registerDevice(server, userId);
    const { messageId } = await say(server, room, { from: 'bob', text: 'are you there?' });
    const [push] = await receiver.received(1, ({ body }) => body.userId === userId && body.type === 'push');
    expect(push?.body).toMatchObject({ userId });
    expect(recipientIn(await readJourney(server, messageId), userId)).toMatchObject({ userId });

    const ann = await clients.connect({ userId });
    await succeed(server.api('POST', `/users/${path}/sign-out`), 'sign-out');
    expect(await ann.closed()).toBe(4507);
  });
});

test('a token that is refused, on a socket or over HTTP, leaves a line and a count that say why', async () => {
  const [head = '', , tail = ''] = (await server.tokenOf('ann')).split('.');
  const forged = `${head}.${Buffer.from('{"sub":"root","aud":"demo"}').toString('base64url')}.${tail}`;
  await expect(clients.connect({ token: forged })).rejects.toThrow();
  const line = await server.line(({ msg, reason }) => msg === 'token refused' && reason === 'wrong_signature');
  expect(line).toMatchObject({ level: 'info', app: 'demo', count: 1 });
  expect(JSON.stringify(line)).not.toContain(tail);

  expect((await server.api('GET', '/conversations', undefined, 'not.a.token')).status).toBe(401);
  await server.line(({ msg, reason }) => msg === 'token refused' && reason === 'unknown_app');
  const metrics = await (await fetch(`${server.url}/metrics`)).text();
  expect(metrics).toContain('belfry_tokens_refused_total{reason="wrong_signature"} 1');
});
