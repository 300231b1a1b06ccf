// The wait for a connection to Redis that has just been made. Tries that fail meanwhile do not end it, as
// `once` of node:events would have them: the connection tries again by itself.

import { BelfryError } from '@belfry/protocol';
import type { Clock } from '../../ports/clock.ts';
import type { RedisConnection } from './connect.ts';

/**
 * Resolves when it stands. Rejects with `unavailable` when it does not within `limitMs`; the cause is what
 * the last try failed with.
 */
export async function untilReady(
  connection: RedisConnection,
  { clock, limitMs }: { clock: Pick<Clock, 'after'>; limitMs: number },
): Promise<void> {
  if (connection.status === 'ready') return;
  let lastError: unknown;
  const onError = (error: unknown): void => {
    lastError = error;
  };
  const { promise, resolve } = Promise.withResolvers<boolean>();
  const onReady = (): void => resolve(true);
  connection.on('error', onError).once('ready', onReady);
  const timeout = clock.after(limitMs, () => resolve(false));
  const isReady = await promise;
  timeout.cancel();
  connection.off('error', onError).off('ready', onReady);
  if (!isReady) throw new BelfryError('unavailable', { cause: lastError });
}
