// The queue on BullMQ keeps its contract on a Redis Cluster: all keys of one queue are in one slot, and
// waiting for tickets works. A cluster of one server, which refuses what spans slots as a large one does.

import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, expect, onTestFinished, test, vi } from 'vitest';
import { queueContract } from '../../../../test/contracts/queue.contract.ts';
import { queueTurnsContract } from '../../../../test/contracts/queue-turns.contract.ts';
import { openRedis } from '../../../../test/support/open-redis.ts';
import { startRedis, type RedisServer } from '../../../../test/support/redis-server.ts';
import { newApp } from '../../../../test/support/samples.ts';
import { silentLog } from '../../../ports/log.ts';
import { createSystemClock } from '../../clock.ts';
import { BullmqQueue } from './bullmq-queue.ts';

// Waits follow each other, and each has seconds on a busy machine.
vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });

let redis: RedisServer;
beforeAll(async () => {
  redis = await startRedis(['--cluster-enabled', 'yes', '--cluster-announce-ip', '127.0.0.1']);
  const admin = await openRedis(redis.url, 'test');
  await admin.call('CLUSTER', 'ADDSLOTSRANGE', '0', '16383');
  await vi.waitFor(async () => expect(await admin.call('CLUSTER', 'INFO')).toContain('cluster_state:ok'), 10_000);
  admin.disconnect();
});
afterAll(() => redis.stop());

const soon = (check: () => void | Promise<void>) => vi.waitFor(check, { timeout: 15_000, interval: 10 });

async function open(): Promise<BullmqQueue> {
  const surroundings = { clock: createSystemClock(), log: silentLog };
  const address = { url: `${redis.url}?cluster=true` };
  const queue = new BullmqQueue({ address, node: 'n1', surroundings });
  await queue.connect();
  return queue;
}

const create = async () => {
  let queue = await open();
  return {
    queue,
    pass: (ms: number) => delay(ms),
    now: () => performance.now(),
    async kill() {
      await queue.abort();
      queue = await open();
      return queue;
    },
    dispose: () => queue.close(),
  };
};

queueContract('bullmq, Redis Cluster', create, { virtualTime: false });
queueTurnsContract('bullmq, Redis Cluster', create);

test('jobs are run, put off, tried again and repeated', async () => {
  const queue = await open();
  onTestFinished(() => queue.close());
  expect(queue.state()).toBe('up');
  const ran: [string, number][] = [];
  await queue.work('q', { concurrency: 4, maxAttempts: 2 }, async ({ id, attempt, payload }) => {
    ran.push([id, attempt]);
    if (payload === 'throws') throw new Error('refused');
    return payload === 'again' ? { again: { delayMs: 50, payload: null } } : { done: true };
  });
  let rounds = 0;
  await queue.every('round', 100, async () => void (rounds += 1));
  await queue.add('q', [
    { id: 'now', app: newApp(), payload: null },
    { id: 'late', app: newApp(), user: '山田 {x}', payload: null, delayMs: 200 },
    { id: 'again', app: newApp(), payload: 'again' },
    { id: 'throws', app: newApp(), payload: 'throws' },
  ]);
  await soon(async () => expect(await queue.counts('q')).toEqual({ waiting: 0, delayed: 0, active: 0 }));
  expect(ran.toSorted()).toEqual([
    ['again', 1],
    ['again', 1],
    ['late', 1],
    ['now', 1],
    ['throws', 1],
    ['throws', 2],
  ]);
  await soon(() => expect(rounds).toBeGreaterThan(2));
});

test('jobs go on when the cluster was away', async () => {
  const queue = await open();
  onTestFinished(() => queue.close());
  const ran: string[] = [];
  await queue.work('away', { concurrency: 2, maxAttempts: 2 }, async ({ id }) => {
    ran.push(id);
    return { done: true };
  });
  await redis.kill();
  await expect(queue.add('away', [{ id: 'a', app: newApp(), payload: null }])).rejects.toMatchObject({
    code: 'unavailable',
  });
  await redis.restart();
  await soon(() => queue.add('away', [{ id: 'b', app: newApp(), payload: null }]));
  await soon(() => expect(ran).toContain('b'));
});
