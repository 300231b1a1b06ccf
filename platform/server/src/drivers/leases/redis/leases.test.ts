// The Redis driver keeps the contract of the leases, each node over a connection of its own, and faults of Redis
// reach its callers as the port says.

import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { leasesContract } from '../../../../test/contracts/leases.contract.ts';
import { eventOf, openRedis } from '../../../../test/support/open-redis.ts';
import { startRedis, type RedisServer } from '../../../../test/support/redis-server.ts';
import type { RedisConnection } from '../../redis/connect.ts';
import { RedisLeases } from './redis-leases.ts';

let redis: RedisServer;
beforeAll(async () => {
  redis = await startRedis();
});
afterAll(() => redis.stop());

const connect = (name: string): Promise<RedisConnection> => openRedis(redis.url, name);

leasesContract('redis', async () => {
  const connections = [await connect('n1'), await connect('n2')] as const;
  const [one, two] = connections;
  return {
    nodes: [new RedisLeases(one), new RedisLeases(two)],
    pass: (ms) => delay(ms),
    dispose: async () => connections.forEach((each) => each.disconnect()),
  };
});

test('a holder learns at its next renewal that Redis has lost everything', async () => {
  const connection = await connect('n1');
  onTestFinished(() => connection.disconnect());
  const leases = new RedisLeases(connection);
  const lease = await leases.acquire('flushed', 60_000);
  await connection.flushall();
  expect(await lease?.renew()).toBe(false);
  expect(await leases.acquire('flushed', 60_000)).toBeDefined();
});

test('a Redis that is away rejects as unavailable, and leases go on when it is back', async () => {
  const connection = await connect('n1');
  onTestFinished(() => connection.disconnect());
  const leases = new RedisLeases(connection);
  const lease = await leases.acquire('away', 60_000);
  await redis.kill();
  await expect(leases.acquire('another', 1000)).rejects.toMatchObject({ code: 'unavailable' });
  await expect(lease?.renew()).rejects.toMatchObject({ code: 'unavailable' });
  const isBack = eventOf(connection, 'ready');
  await redis.restart();
  await isBack;
  expect(await lease?.renew()).toBe(false);
  expect(await leases.acquire('away', 1000)).toBeDefined();
});
