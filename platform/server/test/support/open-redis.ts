// A connection to a Redis of a test, ready for commands. Its errors are dropped: a test sees them in the commands
// that fail.

import { createSystemClock } from '../../src/drivers/clock.ts';
import { connectRedis, type RedisConnection } from '../../src/drivers/redis/connect.ts';
import { untilReady } from '../../src/drivers/redis/until-ready.ts';

/** For the first connection: a test that fails for want of one is to say so. */
const readyLimitMs = 15_000;

/**
 * Resolves at the next such event. Failed tries between, which ioredis reports as errors, do not reject it, unlike
 * `once` of node:events.
 */
export function eventOf(connection: RedisConnection, name: 'ready' | 'reconnecting'): Promise<void> {
  return new Promise((resolve) => {
    connection.once(name, () => resolve());
  });
}

/** Whoever opens it ends it with `disconnect`. */
export async function openRedis(url: string, name: string): Promise<RedisConnection> {
  const connection = connectRedis({ url }, name);
  connection.on('error', () => undefined);
  await untilReady(connection, { clock: createSystemClock(), limitMs: readyLimitMs });
  return connection;
}
