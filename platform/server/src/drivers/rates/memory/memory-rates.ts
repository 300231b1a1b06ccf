// Rates of the embedded engine: one process does everything, so it counts in memory. Several nodes of a test
// share one object.

import type { Clock } from '../../../ports/clock.ts';
import type { Rate, RateAnswer, Rates } from '../../../ports/rates.ts';

interface Window {
  /** Monotonic ms. */
  endsAt: number;
  taken: number;
}

/**
 * Windows that are over and are looked for with each take: more than one can begin, so that memory holds
 * little but windows that run.
 */
const sweptAtOnce = 2;

export class MemoryRates implements Rates {
  readonly #clock: Pick<Clock, 'monotonic'>;
  /**
   * By their length, then by key. Windows of one length end in the order in which they began, which is the
   * order of a Map.
   */
  readonly #windows = new Map<number, Map<string, Window>>();

  constructor(clock: Pick<Clock, 'monotonic'>) {
    this.#clock = clock;
  }

  /** How many windows are kept, running or not yet swept. */
  get size(): number {
    return [...this.#windows.values()].reduce((sum, { size }) => sum + size, 0);
  }

  async take(rates: readonly Rate[]): Promise<RateAnswer> {
    const answer = this.#answer(rates);
    if (answer.ok) for (const rate of rates) this.#count(rate);
    return answer;
  }

  async peek(rates: readonly Rate[]): Promise<RateAnswer> {
    return this.#answer(rates);
  }

  #answer(rates: readonly Rate[]): RateAnswer {
    const now = this.#clock.monotonic();
    for (const { key, limit, perMs } of rates) {
      const window = this.#windows.get(perMs)?.get(key);
      const running = window !== undefined && window.endsAt > now ? window : undefined;
      if ((running?.taken ?? 0) >= limit) return { ok: false, key, afterMs: (running?.endsAt ?? now + perMs) - now };
    }
    return { ok: true };
  }

  #count({ key, perMs }: Rate): void {
    const now = this.#clock.monotonic();
    const ofLength = this.#windows.get(perMs) ?? new Map<string, Window>();
    this.#windows.set(perMs, ofLength);
    const window = ofLength.get(key);
    if (window !== undefined && window.endsAt > now) {
      window.taken += 1;
      return;
    }
    // Deleted first: a key that is set again keeps its old place in the order.
    ofLength.delete(key);
    ofLength.set(key, { endsAt: now + perMs, taken: 1 });
    let swept = 0;
    for (const [oldest, { endsAt }] of ofLength) {
      if (endsAt > now || swept === sweptAtOnce) break;
      ofLength.delete(oldest);
      swept += 1;
    }
  }
}
