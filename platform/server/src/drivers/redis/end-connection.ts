// The end of a connection to Redis, in whatever state it is. Commands under way fail.

import type { RedisConnection } from './connect.ts';

/** Resolves when it has ended; with a Redis that does not answer, that takes as long as ioredis waits for it. */
export async function endConnection(connection: RedisConnection): Promise<void> {
  const { status } = connection;
  if (status === 'end') return;
  const ended = new Promise<void>((resolve) => {
    connection.once('end', () => resolve());
  });
  connection.disconnect();
  // Between two tries there is nothing that could end, and ioredis never says so.
  if (status !== 'reconnecting') await ended;
}
