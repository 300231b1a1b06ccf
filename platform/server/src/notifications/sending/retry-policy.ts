// Says whether and when a push is tried again. Keeps no state and sets no timer.
import type { StoredMessage } from '../../ports/stores/index.ts';

/**
 * A service that stumbles is often back in a second; one that is down for long is asked a few times an hour.
 */
const firstMs = 1_000;
const longestMs = 15 * 60_000;
/**
 * A job that was due in time may be picked up a little later by a busy worker, and a push with a life of 0 s
 * still has to be tried once.
 */
const firstTrySlackMs = 5_000;

export type RetryVerdict = { retry: true; afterMs: number } | { retry: false; because: 'ttl' | 'attempts' };

interface RetryQuestion {
  /** The number of the attempt that failed; 1 is the first, 0 is one that is not counted. */
  attempt: number;
  maxAttempts: number;
  /** The wait that the service asked for (Retry-After): never sooner. */
  afterMs: number | undefined;
  /** How long the push is still worth having, ms. */
  leftMs: number;
  /** In [0, 1). */
  random: () => number;
}

/** Full jitter over 1 s, 2 s, 4 s ... 15 min: those that failed together do not come back together. */
export function retryVerdict({ attempt, maxAttempts, afterMs = 0, leftMs, random }: RetryQuestion): RetryVerdict {
  if (attempt >= maxAttempts) return { retry: false, because: 'attempts' };
  const most = Math.min(longestMs, firstMs * 2 ** Math.min(Math.max(attempt - 1, 0), 20));
  const wait = Math.ceil(Math.max(afterMs, random() * most));
  return wait >= leftMs ? { retry: false, because: 'ttl' } : { retry: true, afterMs: wait };
}

/**
 * ms that a push for this message is still worth having, from the end of its wait; not above 0 when it is
 * over. Two stamps are compared, as a life of hours has to survive a restart, and no monotonic clock does.
 */
export function lifeLeftMs(
  message: Pick<StoredMessage, 'storedAt' | 'policy'>,
  { nowMs, waitMs, attempt }: { nowMs: number; waitMs: number; attempt: number },
): number {
  const lifeMs = waitMs + message.policy.ttlSeconds * 1000 + (attempt === 1 ? firstTrySlackMs : 0);
  return message.storedAt + lifeMs - nowMs;
}

/**
 * The time to live that the provider gets: the policy's, less the whole minutes that have gone by. A few
 * seconds of waiting are nobody's business.
 */
export function ttlLeftSeconds(message: Pick<StoredMessage, 'storedAt' | 'policy'>, nowMs: number): number {
  const minutes = Math.max(0, Math.floor((nowMs - message.storedAt) / 60_000));
  return Math.max(message.policy.ttlSeconds === 0 ? 0 : 1, message.policy.ttlSeconds - minutes * 60);
}
