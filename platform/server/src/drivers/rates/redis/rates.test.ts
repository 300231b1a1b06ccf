// The Redis driver keeps the contract of the rates, each node over a connection of its own, and faults of Redis
// reach its callers as the port says.

import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { ratesContract } from '../../../../test/contracts/rates.contract.ts';
import { eventOf, openRedis } from '../../../../test/support/open-redis.ts';
import { startRedis, type RedisServer } from '../../../../test/support/redis-server.ts';
import { RedisRates } from './redis-rates.ts';

let redis: RedisServer;
beforeAll(async () => {
  redis = await startRedis();
});
afterAll(() => redis.stop());

ratesContract('redis', async () => {
  const connections = [await openRedis(redis.url, 'n1'), await openRedis(redis.url, 'n2')] as const;
  const [one, two] = connections;
  return {
    nodes: [new RedisRates(one), new RedisRates(two)],
    pass: (ms) => delay(ms),
    dispose: async () => connections.forEach((each) => each.disconnect()),
  };
});

test('every window ends by itself, so that Redis keeps none for ever', async () => {
  const connection = await openRedis(redis.url, 'n1');
  onTestFinished(() => connection.disconnect());
  await connection.flushall();
  const rates = new RedisRates(connection);
  const asked = [
    { key: 'push:demo', limit: 5, perMs: 60_000 },
    { key: 'push:demo:fcm', limit: 5, perMs: 1000 },
  ];
  await rates.take(asked);
  await rates.take(asked);
  const keys = await connection.keys('*');
  expect(keys).toHaveLength(2);
  for (const key of keys) expect(await connection.pttl(key)).toBeGreaterThan(0);
});

test('a Redis that is away rejects as unavailable, and a new window begins when it is back', async () => {
  const connection = await openRedis(redis.url, 'n1');
  onTestFinished(() => connection.disconnect());
  const rates = new RedisRates(connection);
  const one = { key: 'away', limit: 1, perMs: 60_000 };
  await rates.take([one]);
  await redis.kill();
  await expect(rates.take([one])).rejects.toMatchObject({ code: 'unavailable' });
  const isBack = eventOf(connection, 'ready');
  await redis.restart();
  await isBack;
  expect(await rates.take([one])).toEqual({ ok: true });
});
