// Lets one of a kind through in so long, and counts the others: for log lines that somebody outside can cause.
// What is said is the caller's.
import { LRUCache } from 'lru-cache';

interface Sample {
  /** Monotonic. */
  readonly nextAtMs: number;
  /** Held back since the last that was let through. */
  readonly held: number;
}

export class Sampling {
  readonly #everyMs: number;
  readonly #samples: LRUCache<string, Sample>;

  /** `maxKinds`: of so many the last time is remembered. */
  constructor({ everyMs, maxKinds }: { everyMs: number; maxKinds: number }) {
    this.#everyMs = everyMs;
    this.#samples = new LRUCache({ max: maxKinds });
  }

  /** How many came since the last of the kind that was let through, with this one; undefined: it is held back. */
  take(kind: string, nowMs: number): number | undefined {
    const { nextAtMs, held } = this.#samples.get(kind) ?? { nextAtMs: nowMs, held: 0 };
    if (nowMs < nextAtMs) {
      this.#samples.set(kind, { nextAtMs, held: held + 1 });
      return undefined;
    }
    this.#samples.set(kind, { nextAtMs: nowMs + this.#everyMs, held: 0 });
    return held + 1;
  }
}
