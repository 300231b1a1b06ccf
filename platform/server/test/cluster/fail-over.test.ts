// Two nodes and a worker over a Redis that sentinels watch. Its master is killed while people talk: the sentinels name
// the replica, and nothing that was answered is lost, whoever is connected where.

import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { createSystemClock } from '../../src/drivers/clock.ts';
import { lookAtRedis } from '../../src/drivers/redis/look.ts';
import { putConversation, registerDevice, say } from '../support/clinic.ts';
import { startMongo, type MongoServer } from '../support/mongo-server.ts';
import { startPushReceiver, type PushReceiver } from '../support/push-receiver.ts';
import { startRedisSentinels, type RedisSentinels } from '../support/redis-sentinels.ts';
import { SocketClient } from '../support/socket-client.ts';
import { startWholeNodes } from '../support/whole-nodes.ts';
import type { WholeServer } from '../support/whole-server.ts';

vi.setConfig({ testTimeout: 90_000, hookTimeout: 90_000 });

/** Between two messages; the fail-over takes some of them. */
const betweenMs = 50;
const afterwards = 10;

let mongo: MongoServer;
let sentinels: RedisSentinels;
let receiver: PushReceiver;
let nodes: WholeServer[] = [];

beforeAll(async () => {
  [mongo, sentinels, receiver] = await Promise.all([startMongo(), startRedisSentinels(), startPushReceiver()]);
  nodes = await startWholeNodes({ mongo, redisUrl: sentinels.url, pushUrl: receiver.url });
});
afterAll(async () => {
  await Promise.all(nodes.map((each) => each.stop()));
  await Promise.all([receiver.close(), sentinels.stop(), mongo.stop()]);
});

test('the master is killed while people talk: all that was answered arrives once, in order; presence and pushes go on', async () => {
  const [one, two] = nodes as [WholeServer, WholeServer];
  expect((await lookAtRedis({ url: sentinels.url }, createSystemClock())).reachedAs).toBe('sentinel');
  await putConversation(one, 'c1', ['alice', 'bob']);
  await registerDevice(one, 'dave');
  const [alice, bob] = [
    await SocketClient.connect(one, { userId: 'alice' }),
    await SocketClient.connect(two, { userId: 'bob' }),
  ];
  const answered: number[] = [];
  const talk = async (): Promise<void> => {
    const { status, body } = await one.api('POST', '/conversations/c1/messages', {
      senderId: 'alice',
      type: 'text',
      content: { text: 'still there?' },
    });
    if (status === 201) answered.push(Number(body['seq']));
    await pause(betweenMs);
  };
  for (let count = 0; count < afterwards; count++) await talk();

  await sentinels.master.kill();
  while ((await sentinels.masterPort()) !== sentinels.replica.port) await talk();
  const atFailOver = answered.length;
  while (answered.length < atFailOver + afterwards) await talk();

  const last = Math.max(...answered);
  await bob.event('new_message', ({ seq }) => seq === last);
  const got = bob.events('new_message').map(({ seq }) => Number(seq));
  expect(got).toEqual(Array.from({ length: last }, (_, at) => at + 1));
  expect(got).toEqual(expect.arrayContaining(answered));
  await vi.waitFor(async () => {
    const { body } = await one.api('GET', '/users/bob/connections');
    expect(body).toMatchObject({ connections: [{ node: 'n2' }] });
  }, 30_000);
  await putConversation(one, 'c2', ['alice', 'dave']);
  const { messageId } = await say(two, 'c2', { from: 'alice' });
  await receiver.received(1, ({ body }) => (body.notification.data['messageIds'] as string[]).includes(messageId));
  await alice.end();
  await bob.end();
});
