// The wait for a connection to Redis outlasts tries that fail, and is bounded. Needs a Redis.

import { expect, onTestFinished, test } from 'vitest';
import { startRedis } from '../../../test/support/redis-server.ts';
import { createVirtualClock } from '../../../test/support/virtual-clock.ts';
import { createSystemClock } from '../clock.ts';
import { connectRedis, type RedisConnection } from './connect.ts';
import { untilReady } from './until-ready.ts';

async function startKilled(): Promise<{
  connect: () => RedisConnection;
  restart: () => Promise<void>;
}> {
  const redis = await startRedis();
  onTestFinished(() => redis.stop());
  await redis.kill();
  const connect = (): RedisConnection => {
    const connection = connectRedis({ url: redis.url }, 'test');
    // As owners of connections have one.
    connection.on('error', () => undefined);
    onTestFinished(() => connection.disconnect());
    return connection;
  };
  return { connect, restart: () => redis.restart() };
}

const failedOnce = (connection: RedisConnection): Promise<void> =>
  new Promise((resolve) => void connection.once('error', () => resolve()));

test('a Redis that comes after some tries is waited for, and no listener is left', async () => {
  const { connect, restart } = await startKilled();
  const connection = connect();
  const ready = untilReady(connection, { clock: createSystemClock(), limitMs: 15_000 });
  await failedOnce(connection);
  await restart();
  await ready;
  expect(connection.status).toBe('ready');
  await untilReady(connection, { clock: createSystemClock(), limitMs: 0 });
  expect(['error', 'ready'].map((name) => connection.listenerCount(name))).toEqual([1, 0]);
});

test('one that does not come is unavailable when the time is over, for the reason of the last try', async () => {
  const { connect } = await startKilled();
  const [connection, clock] = [connect(), createVirtualClock()];
  const ready = untilReady(connection, { clock, limitMs: 5000 });
  const refused = expect(ready).rejects.toMatchObject({
    code: 'unavailable',
    cause: { message: expect.stringContaining('ECONNREFUSED') },
  });
  await failedOnce(connection);
  await clock.advance(5000);
  await refused;
});
