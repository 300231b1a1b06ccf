// A broadcast under an idempotency key: done once, answered as often as it is asked for. What a broadcast does is broadcast.ts.

import { BelfryError, isBelfryError, type BroadcastRequest, type BroadcastResult } from '@belfry/protocol';
import { uuidv7 } from 'uuidv7';
import type { AppId } from '../ports/app-id.ts';
import type { Clock } from '../ports/clock.ts';
import type { IdempotencyStore } from '../ports/stores/index.ts';
import { hashOf } from './body-hash.ts';

/**
 * Calls `run` with the id that the broadcast goes by, or answers as the first time with `duplicate: true`. Throws `idempotency_conflict` for another request
 * under the key, `conflict` while the first is being worked on, and what `run` throws.
 */
export type Idempotent = (
  app: AppId,
  what: { request: BroadcastRequest; key: string },
  run: (id: string) => Promise<BroadcastResult>,
) => Promise<BroadcastResult>;

/** A broadcast that was begun and not finished within this long was cut off by a kill. */
const leaseMs = 30_000;

export function createIdempotent({
  store,
  clock,
  keepMs,
}: {
  store: IdempotencyStore;
  clock: Clock;
  keepMs: number;
}): Idempotent {
  return async (app, { request, key: given }, run) => {
    const key = `broadcast:${given}`;
    const begun = await store.begin(app, {
      key,
      bodyHash: hashOf(request),
      token: uuidv7(),
      nowMs: clock.now(),
      leaseMs,
      keepMs,
    });
    switch (begun.state) {
      case 'other_body':
        throw new BelfryError('idempotency_conflict', { path: ['idempotencyKey'] });
      case 'in_progress':
        throw new BelfryError('conflict', { message: 'The first request with this key is still being worked on.' });
      case 'done':
        // What is stored under the key is what `finish` was given below.
        return { ...(begun.answer as BroadcastResult), duplicate: true };
      case 'mine':
        break;
    }
    const result = await runOrAbandon(app, key, () => run(begun.token));
    // It is done, whether or not that could be noted: a repetition after the lease does it again under the same id, and finds it in the log.
    await store.finish(app, key, result).catch(() => undefined);
    return result;
  };

  async function runOrAbandon<T>(app: AppId, key: string, run: () => Promise<T>): Promise<T> {
    try {
      return await run();
    } catch (error) {
      // What was refused had no effect. After anything else the outcome is unknown, and the lease keeps the key for a redo under the same id.
      if (isBelfryError(error) && error.code !== 'unavailable' && error.code !== 'internal')
        await store.abandon(app, key).catch(() => undefined);
      throw error;
    }
  }
}
