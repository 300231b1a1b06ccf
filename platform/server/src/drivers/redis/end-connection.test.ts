// How a connection to Redis ends. Needs a Redis.

import { once } from 'node:events';
import type { Redis } from 'ioredis';
import { expect, onTestFinished, test } from 'vitest';
import { eventOf } from '../../../test/support/open-redis.ts';
import { startRedis } from '../../../test/support/redis-server.ts';
import { connectRedis } from './connect.ts';
import { endConnection } from './end-connection.ts';

test('a command that waits for a Redis that is away fails when the connection ends', async () => {
  const redis = await startRedis();
  onTestFinished(() => redis.stop());
  const commands = connectRedis({ url: redis.url }, 'test') as Redis;
  const connection = commands.duplicate({ enableOfflineQueue: true, retryStrategy: () => 60_000 });
  commands.disconnect();
  connection.on('error', () => undefined);
  await once(connection, 'ready');
  const lost = eventOf(connection, 'reconnecting');
  await redis.kill();
  await lost;
  const command = expect(connection.get('key')).rejects.toThrow('Connection is closed');
  await endConnection(connection);
  await command;
  expect(connection.status).toBe('end');
});

test('a connection that stands ends at once', async () => {
  const redis = await startRedis();
  onTestFinished(() => redis.stop());
  const connection = connectRedis({ url: redis.url }, 'test');
  await once(connection, 'ready');
  await endConnection(connection);
  expect(connection.status).toBe('end');
});
