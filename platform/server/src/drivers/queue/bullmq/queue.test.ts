// The queue on BullMQ keeps the contract of the queue on a real Redis.

import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, vi } from 'vitest';
import { queueContract } from '../../../../test/contracts/queue.contract.ts';
import { queueEveryContract } from '../../../../test/contracts/queue-every.contract.ts';
import { queueSurvivalContract } from '../../../../test/contracts/queue-survival.contract.ts';
import { queueTurnsContract } from '../../../../test/contracts/queue-turns.contract.ts';
import { startRedis, type RedisServer } from '../../../../test/support/redis-server.ts';
import { silentLog } from '../../../ports/log.ts';
import { createSystemClock } from '../../clock.ts';
import { BullmqQueue } from './bullmq-queue.ts';

// Waits follow each other, and each has seconds on a busy machine.
vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });

let redis: RedisServer;
beforeAll(async () => {
  redis = await startRedis();
});
afterAll(() => redis.stop());

/**
 * Of queues of which none is killed the lock is that of the product: a busy machine renews it late, and a job
 * whose lock is over runs twice.
 */
const create = async (settings: { lockMs?: number } = {}) => {
  const surroundings = { clock: createSystemClock(), log: silentLog };
  const open = async () => {
    const opened = new BullmqQueue({ address: { url: redis.url }, node: 'n1', surroundings, ...settings });
    await opened.connect();
    return opened;
  };
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

const createMortal = () => create({ lockMs: 2000 });

queueContract('bullmq', create, { virtualTime: false });
queueEveryContract('bullmq', createMortal);
queueTurnsContract('bullmq', create);
queueSurvivalContract('bullmq', createMortal, { virtualTime: false });
