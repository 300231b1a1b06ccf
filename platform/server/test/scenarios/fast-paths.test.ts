// Proof that the short ways are taken, seen from outside by the counts of the server. Their behaviour is
// tested where they are.

import { afterAll, beforeAll, expect, test } from 'vitest';
import { createClients } from '../support/clients.ts';
import { putConversation, succeed } from '../support/clinic.ts';
import type { SocketClient } from '../support/socket-client.ts';
import { startWholeServer, type WholeServer } from '../support/whole-server.ts';

let server: WholeServer;
const clients = createClients(() => server);

beforeAll(async () => {
  server = await startWholeServer({ env: { METRICS_TOKEN: 'a-token-for-whoever-reads-the-metrics' } });
});
afterAll(async () => {
  await clients.closeAll();
  await server.stop();
});

/** More than the lists that are looked up anew for every message. */
const people = 40;
const messages = 10;

async function counted(name: string): Promise<number> {
  const response = await fetch(`${server.url}/metrics`, {
    headers: { authorization: 'Bearer a-token-for-whoever-reads-the-metrics' },
  });
  const line = (await response.text()).split('\n').find((each) => each.startsWith(`belfry_${name} `));
  return Number(line?.split(' ')[1] ?? 0);
}

async function crowd(conversation: string): Promise<SocketClient[]> {
  const userIds = Array.from({ length: people }, (_, index) => `${conversation}.${index}`);
  await putConversation(server, conversation, userIds);
  return await Promise.all(userIds.map((userId) => clients.connect({ userId })));
}

const send = (conversation: string) =>
  succeed(
    server.api('POST', '/broadcasts', {
      kind: 'system_notification',
      audience: { conversation },
      data: { title: 'News' },
    }),
    'broadcast',
  );

test('an event is encoded once however many get it, and leaves with others in one write', async () => {
  const everybody = await crowd('once');
  const [encoded, writes] = [await counted('events_encoded_total'), await counted('socket_writes_total')];
  await Promise.all(Array.from({ length: messages }, () => send('once')));
  await Promise.all(everybody.map((client) => client.event('system_notification', ({ seq }) => seq === messages)));
  expect((await counted('events_encoded_total')) - encoded).toBe(messages);
  expect((await counted('socket_writes_total')) - writes).toBeLessThanOrEqual(people * messages);
  const seqs = everybody.map((client) => client.events('system_notification').map(({ seq }) => seq));
  expect(new Set(seqs.map((each) => each.join()))).toEqual(new Set(['1,2,3,4,5,6,7,8,9,10']));
});

test('acknowledgements are carried out in the turn they come in, and are stored', async () => {
  const everybody = await crowd('acks');
  await send('acks');
  await Promise.all(everybody.map((client) => client.event('system_notification')));
  const before = await counted('commands_at_once_total');
  for (const client of everybody) client.send('ack', { cursors: [{ stream: 'c:acks', seq: 1 }] });
  await Promise.all(everybody.map((client) => client.barrier()));
  expect((await counted('commands_at_once_total')) - before).toBe(people);
});

test('messages of a batch to one conversation are stored together', async () => {
  await putConversation(server, 'batch', ['batch.ann', 'batch.bob']);
  const broadcasts = Array.from({ length: 200 }, (_, n) => ({
    ...{ kind: 'message', audience: { conversation: 'batch' }, sender: 'batch.ann' },
    data: { type: 'text', content: { text: `${n}` } },
  }));
  const before = await counted('store_commit_seconds_count');
  const { results } = await succeed(server.api('POST', '/broadcasts/batch', { broadcasts }), 'batch');
  expect((results as { seq: number }[]).map(({ seq }) => seq)).toEqual(broadcasts.map((_, n) => n + 1));
  // One by one it would be a commit for each.
  expect((await counted('store_commit_seconds_count')) - before).toBeLessThanOrEqual(20);
});

test('clients that were cut off together get the messages they missed by one read of the log', async () => {
  const everybody = await crowd('storm');
  await Promise.all(everybody.map((client) => client.end()));
  for (let n = 0; n < messages; n += 1) await send('storm');
  const before = await counted('log_reads_total');
  const resume = [{ stream: 'c:storm', epoch: 'e1', seq: 0 }];
  const back = await Promise.all(
    Array.from({ length: people }, (_, index) => clients.connect({ userId: `storm.${index}`, resume })),
  );
  await Promise.all(back.map((client) => client.event('system_notification', ({ seq }) => seq === messages)));
  for (const client of back)
    expect(client.events('system_notification').map(({ seq }) => seq)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
  expect((await counted('log_reads_total')) - before).toBeLessThanOrEqual(2);
});
