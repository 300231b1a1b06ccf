// The work of the playground's page, over a whole server: two people, a message, a push to a pretend phone,
// its journey. The page itself is tested in a browser.

import { afterAll, beforeAll, expect, test } from 'vitest';
import { setTimeout as pause } from 'node:timers/promises';
import { callOnce } from '../hostile/http-call.ts';
import { createClients } from '../support/clients.ts';
import { startWholeServer, type WholeServer } from '../support/whole-server.ts';

let server: WholeServer;
const clients = createClients(() => server);

beforeAll(async () => {
  // Without providers of its own the app has the default one, which writes to the log.
  server = await startWholeServer({ app: { providers: [] } });
});
afterAll(async () => {
  await clients.closeAll();
  await server.stop();
});

async function ask(name: string, body: unknown): Promise<Record<string, unknown>> {
  const answer = await callOnce(server.url, `/playground/api/${name}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...server.playgroundHeaders },
    body: JSON.stringify(body),
  });
  expect(answer.status, answer.text).toBe(200);
  return answer.body;
}

test('the bare address names the playground', async () => {
  expect((await callOnce(server.url, '/')).body).toMatchObject({ playground: '/playground/' });
});

test('a user who is away is shown the push on a pretend phone, and the journey says so', async () => {
  await ask('conversation', { app: 'demo', id: 'playground', userIds: ['alice'] });
  // Asked again it adds the missing users, and takes nobody out.
  const { conversation } = await ask('conversation', { app: 'demo', id: 'playground', userIds: ['bob'] });
  expect(conversation).toMatchObject({ participants: [{ userId: 'alice' }, { userId: 'bob' }] });

  const { token: bob } = await ask('token', { app: 'demo', userId: 'bob' });
  const phone = { provider: 'logging', target: { playground: 'bob' }, deviceType: 'mobile' };
  const { deviceId } = (await server.api('POST', '/devices', phone, String(bob))).body;
  const at = { app: 'demo', deviceId };
  expect(await ask('pushes', at)).toEqual({ pushes: [] });

  const { token: alice } = await ask('token', { app: 'demo', userId: 'alice', name: 'Alice' });
  const client = await clients.connect({ token: String(alice) });
  const sent = await client.ask('message', {
    conversationId: 'playground',
    cid: 'a-1',
    type: 'text',
    content: { text: 'hello' },
  });
  await server.line(({ msg, deviceId: id }) => msg === 'push' && id === deviceId);
  expect(await ask('pushes', at)).toMatchObject({
    pushes: [{ title: 'Alice', body: 'hello', cleared: false, data: { conversationId: 'playground' } }],
  });

  const messageId = sent.data['messageId'];
  for (;;) {
    const journey = await ask('journey', { app: 'demo', messageId });
    const [recipient] = journey['recipients'] as { userId: string; push: { reason: string }[] }[];
    if (recipient?.push[0]?.reason === 'accepted_by_provider') break;
    await pause(25);
  }

  expect((await server.api('POST', '/conversations/playground/read', { seq: 1 }, String(bob))).status).toBe(200);
  await server.line(({ msg }) => msg === 'push cleared');
  expect(await ask('pushes', at)).toMatchObject({ pushes: [{ cleared: true }] });
});

test('a broadcast is explained, and then made', async () => {
  const request = { kind: 'announcement', audience: { everyone: true }, data: { title: 'Maintenance', body: '23:00' } };
  expect(await ask('explain', { app: 'demo', request })).toHaveProperty('counts');
  expect(await ask('broadcast', { app: 'demo', request })).toMatchObject({ duplicate: false });
});
