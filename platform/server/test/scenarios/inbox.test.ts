// A user's inbox read back over HTTP: events that were sent by name are there, as they were delivered, for a
// user who was away too long.

import { inboxPageSchema } from '@belfry/protocol';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createClients } from '../support/clients.ts';
import { broadcast, succeed } from '../support/clinic.ts';
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

async function notify(userId: string, count: number): Promise<void> {
  for (let n = 1; n <= count; n += 1)
    await broadcast(server, { kind: 'direct', audience: { users: [userId] }, data: { title: `number ${n}` } });
}

async function read(query: string, token?: string) {
  return inboxPageSchema.parse(await succeed(server.api('GET', `/inbox/messages${query}`, undefined, token), 'inbox'));
}

test('events of an inbox are read back as they were delivered, from either end', async () => {
  const iris = await clients.connect({ userId: 'iris' });
  await notify('iris', 5);
  const last = await iris.event('direct_message', ({ seq }) => seq === 5);
  const token = await server.tokenOf('iris');

  const newest = await read('?limit=2', token);
  expect(newest).toMatchObject({ events: [{ seq: 4 }, { seq: 5 }], hasMore: true });
  expect(newest.events[1]).toEqual(last);
  expect(await read('?limit=2&beforeSeq=4', token)).toMatchObject({ events: [{ seq: 2 }, { seq: 3 }], hasMore: true });
  expect(await read('?afterSeq=3', token)).toMatchObject({ events: [{ seq: 4 }, { seq: 5 }], hasMore: false });
  expect(await read('?userId=iris&afterSeq=4')).toMatchObject({ events: [{ seq: 5, stream: 'i:iris' }] });
});

test('a gap that a client gets is filled from the inbox', async () => {
  await notify('jack', 3);
  const jack = await clients.connect({ userId: 'jack', resume: [{ stream: 'i:jack', epoch: 'another', seq: 1 }] });
  expect(jack.connected['resumed']).toMatchObject([{ stream: 'i:jack', gap: { from: 1, to: 3 } }]);
  const { events } = await read('?afterSeq=0', await server.tokenOf('jack'));
  expect(events.map(({ seq, data }) => [seq, data['title']])).toEqual([1, 2, 3].map((n) => [n, `number ${n}`]));
});

test('an inbox is read by its own user, or by a key that names the user', async () => {
  const token = await server.tokenOf('mallory');
  expect((await server.api('GET', '/inbox/messages?userId=iris', undefined, token)).status).toBe(403);
  expect((await server.api('GET', '/inbox/messages')).status).toBe(422);
  expect(await read('', token)).toEqual({ events: [], hasMore: false });
});
