// Two nodes and a worker over a real Redis, or a Redis Cluster, and a real server of MongoDB's protocol: what
// one node takes reaches the clients of the other, and what reaches nobody is pushed by the worker.

import { afterAll, beforeAll, describe, expect, onTestFinished, test, vi } from 'vitest';
import { putConversation, registerDevice, say } from '../support/clinic.ts';
import { startMongo, type MongoServer } from '../support/mongo-server.ts';
import { startPushReceiver, type PushReceiver } from '../support/push-receiver.ts';
import { startRedisCluster } from '../support/redis-cluster.ts';
import { startRedis } from '../support/redis-server.ts';
import { SocketClient, type ConnectOptions } from '../support/socket-client.ts';
import { startWholeNodes } from '../support/whole-nodes.ts';
import type { WholeServer } from '../support/whole-server.ts';

// Waits follow each other, and each has seconds on a busy machine.
vi.setConfig({ testTimeout: 60_000, hookTimeout: 120_000 });

let mongo: MongoServer;
let receiver: PushReceiver;
let nodes: WholeServer[] = [];

function node(at: 1 | 2): WholeServer {
  const found = nodes[at - 1];
  if (found === undefined) throw new Error(`node ${at} is not there`);
  return found;
}

async function connect(at: 1 | 2, userId: string, more: ConnectOptions = {}): Promise<SocketClient> {
  const client = await SocketClient.connect(node(at), { userId, ...more });
  onTestFinished(() => client.end());
  return client;
}

describe.each([
  { over: 'a Redis', start: startRedis },
  { over: 'a Redis Cluster', start: startRedisCluster },
])('over $over', ({ start }) => {
  let redis: { url: string; stop(): Promise<void> };
  beforeAll(async () => {
    [mongo, redis, receiver] = await Promise.all([startMongo(), start(), startPushReceiver()]);
    nodes = await startWholeNodes({ mongo, redisUrl: redis.url, pushUrl: receiver.url });
  });
  afterAll(async () => {
    await Promise.all(nodes.map((each) => each.stop()));
    await Promise.all([receiver.close(), redis.stop(), mongo.stop()]);
  });

  test('a message that one node takes reaches a client of the other, in order', async () => {
    await putConversation(node(1), 'c1', ['alice', 'bob']);
    const bob = await connect(2, 'bob');
    for (const text of ['one', 'two', 'three']) await say(node(1), 'c1', { from: 'alice', text });
    const third = await bob.event('new_message', ({ seq }) => seq === 3);
    expect(third.conversationId).toBe('c1');
    const seqs = bob.frames.filter(({ action }) => action === 'new_message').map(({ seq }) => seq);
    expect(seqs).toEqual([1, 2, 3]);
  });

  test('a user of one node is present on the other', async () => {
    await connect(1, 'carol');
    const { body } = await node(2).api('GET', '/users/carol/connections');
    expect(body).toMatchObject({ connections: [{ node: 'n1' }] });
  });

  test('what reaches nobody is pushed by the worker', async () => {
    await putConversation(node(2), 'c2', ['alice', 'dave']);
    await registerDevice(node(1), 'dave');
    const { messageId } = await say(node(2), 'c2', { from: 'alice' });
    await receiver.received(1);
    expect(receiver.pushes).toMatchObject([
      { body: { userId: 'dave', notification: { data: { messageIds: [messageId] } } } },
    ]);
  });
});
