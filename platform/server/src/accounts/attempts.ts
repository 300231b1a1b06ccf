// How long somebody waits who guesses: the answer to each try comes later than the one before, and after ten
// there is one try a minute. Counted on this node; what is bounded over all nodes is said in sign-in.ts.

import { BelfryError } from '@belfry/protocol';
import type { LRUCache } from 'lru-cache';
import { leastUsed } from '../caching/least-used.ts';
import { pause } from '../concurrency/pause.ts';
import type { Clock } from '../ports/clock.ts';

/** Before the answer to each try, by how many failed before it. */
const delaysMs = [0, 0, 0, 1000, 2000, 4000, 8000, 16_000, 32_000, 60_000];
/** Then it is refused until so long after the last. */
const pauseMs = 60_000;
/** Nobody who forgot a password waits for longer. */
const forgetMs = 60 * 60_000;
/** Names come from whoever knocks. */
const maxKept = 20_000;

interface Tries {
  count: number;
  lastAtMs: number;
}

export class Attempts {
  readonly #clock: Clock;
  readonly #tries: LRUCache<string, Tries>;

  constructor(clock: Clock) {
    this.#clock = clock;
    this.#tries = leastUsed(maxKept);
  }

  /**
   * Counts a try of each name and waits as long as the one that failed most often has to. Throws
   * `rate_limited` beyond ten.
   */
  async begin(names: readonly string[]): Promise<void> {
    const nowMs = this.#clock.monotonic();
    const tries = names.map((name) => this.#triesOf(name, nowMs));
    const most = Math.max(...tries.map(({ count }) => count));
    const waits = tries
      .filter(({ count }) => count >= delaysMs.length)
      .map(({ lastAtMs }) => lastAtMs + pauseMs - nowMs);
    const afterMs = Math.max(0, ...waits);
    if (afterMs > 0) throw new BelfryError('rate_limited', { afterMs });
    // Before the wait: those who try at once are counted one after the other.
    names.forEach((name, at) => this.#tries.set(name, { count: (tries[at]?.count ?? 0) + 1, lastAtMs: nowMs }));
    const delayMs = delaysMs[most] ?? 0;
    if (delayMs > 0) await pause(this.#clock, delayMs);
  }

  /** It was no guess. */
  succeeded({ whole, once }: { whole: readonly string[]; once: readonly string[] }): void {
    for (const name of whole) this.#tries.delete(name);
    for (const name of once) {
      const tries = this.#tries.get(name);
      if (tries !== undefined) this.#tries.set(name, { ...tries, count: Math.max(0, tries.count - 1) });
    }
  }

  /** How many failed in a row. */
  failuresOf(name: string): number {
    return this.#tries.get(name)?.count ?? 0;
  }

  #triesOf(name: string, nowMs: number): Tries {
    const tries = this.#tries.get(name);
    if (tries === undefined || nowMs - tries.lastAtMs > forgetMs) return { count: 0, lastAtMs: nowMs };
    return tries;
  }
}
