// The end of a connection to Redis, in whatever state it is. Commands under way fail.

import type { RedisConnection } from './connect.ts';

/** ioredis does not always say that a connection has ended, above all one that was about to connect. */
const longestMs = 1000;

/** Resolves when it has ended; to be called once. */
export async function endConnection(connection: RedisConnection): Promise<void> {
  const { status } = connection;
  if (status === 'end') return;
  const { promise: ended, resolve } = Promise.withResolvers<undefined>();
  connection.once('end', () => resolve(undefined));
  connection.disconnect();
  // Between two tries there is nothing that could end.
  if (status === 'reconnecting') return;
  const timeout = setTimeout(() => resolve(undefined), longestMs);
  await ended;
  clearTimeout(timeout);
}
