// The end of a connection to Redis, in whatever state it is. Commands under way fail.

import { Cluster } from 'ioredis';
import type { RedisConnection } from './connect.ts';

/** ioredis does not always say that a connection has ended, above all one that was about to connect. */
const longestMs = 1000;

/** Resolves when it has ended; to be called once. */
export async function endConnection(connection: RedisConnection): Promise<void> {
  const { status } = connection;
  if (status === 'end') return;
  if (status === 'reconnecting') {
    await endBetweenTries(connection);
    return;
  }
  const { promise: ended, resolve } = Promise.withResolvers<undefined>();
  connection.once('end', () => resolve(undefined));
  connection.disconnect();
  const timeout = setTimeout(() => resolve(undefined), longestMs);
  await ended;
  clearTimeout(timeout);
}

/** Commands that wait for the next try fail with the try. Without one, ioredis forgets them, and their timers run on. */
async function endBetweenTries(connection: RedisConnection): Promise<void> {
  connection.disconnect();
  if (connection instanceof Cluster) return;
  const lastTry = connection.connect();
  connection.disconnect();
  await Promise.allSettled([lastTry]);
}
