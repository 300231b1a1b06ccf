// Ends the wait for somebody else's code after a time. Cannot end the code itself: a loop that never yields
// stops the whole process.
import type { Clock } from '../ports/clock.ts';

/** The error of `withinLimit` when the time was over. Its name is the platform's for the same thing. */
export class TimeLimitError extends Error {
  override readonly name = 'TimeoutError';

  constructor(limitMs: number) {
    super(`did not finish within ${limitMs} ms`);
  }
}

interface Limit {
  clock: Clock;
  limitMs: number;
  /** Ends the wait as well, with its own reason. */
  signal?: AbortSignal | undefined;
}

/**
 * Ends as `run` does, or rejects when the time is over or the signal aborts, whichever is first. `run` is
 * given a signal that is aborted in either case. What it does after that is dropped, its rejection included.
 */
export async function withinLimit<T>(limit: Limit, run: (signal: AbortSignal) => T | Promise<T>): Promise<T> {
  const ended = new AbortController();
  const end = (reason: unknown): void => ended.abort(reason);
  const onAbort = (): void => end(limit.signal?.reason);
  if (limit.signal?.aborted === true) onAbort();
  limit.signal?.addEventListener('abort', onAbort, { once: true });
  const timer = limit.clock.after(limit.limitMs, () => end(new TimeLimitError(limit.limitMs)));
  try {
    ended.signal.throwIfAborted();
    const cut = new Promise<never>((_resolve, reject) => {
      ended.signal.addEventListener('abort', () => reject(ended.signal.reason as Error), { once: true });
    });
    return await Promise.race([run(ended.signal), cut]);
  } finally {
    timer.cancel();
    limit.signal?.removeEventListener('abort', onAbort);
  }
}
