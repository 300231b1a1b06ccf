// A call that others wait for: one at a time, given up after a while or when it is of no use any more. What
// is called is the caller's.
import type { Clock } from './types.ts';

/** The longest delay that `setTimeout` takes. */
export const longestTimerMs = 2 ** 31 - 1;

export class TimedCall<T> {
  readonly #clock: Clock;
  #current: { promise: Promise<T>; abort: AbortController } | undefined;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Runs it, or joins the one that is under way. */
  join(withinMs: number, run: (signal: AbortSignal) => Promise<T>): Promise<T> {
    if (this.#current) return this.#current.promise;
    const abort = new AbortController();
    const cancelTimer = this.#clock.setTimer(() => this.abort('No answer in time.'), withinMs);
    const promise = run(abort.signal).finally(() => {
      cancelTimer();
      if (this.#current?.abort === abort) this.#current = undefined;
    });
    this.#current = { promise, abort };
    return promise;
  }

  /** Callers that wait get the reason; the next `join` runs anew. */
  abort(reason: string): void {
    this.#current?.abort.abort(new Error(reason));
    this.#current = undefined;
  }
}
