// Remembers in which order keys were served, so that who was served least recently goes first. Holds nothing
// back: that is share.ts.

/** Keys beyond these count as never served; those are the ones that were served longest ago. */
const remembered = 10_000;

export class Served {
  /** By key when it was served last, counted in turns. In the order of the turns. */
  readonly #turns = new Map<string, number>();
  #count = 0;

  /** It has its turn now. */
  record(key: string): void {
    this.#count += 1;
    this.#turns.delete(key);
    this.#turns.set(key, this.#count);
    if (this.#turns.size <= remembered) return;
    const [oldest] = this.#turns.keys();
    if (oldest !== undefined) this.#turns.delete(oldest);
  }

  /** The one that was served least recently, one that never was before all others; of several the first. */
  first<T>(candidates: Iterable<T>, keyOf: (candidate: T) => string): T | undefined {
    let found: T | undefined;
    let least = Infinity;
    for (const candidate of candidates) {
      const turn = this.#turns.get(keyOf(candidate)) ?? 0;
      if (turn >= least) continue;
      found = candidate;
      least = turn;
    }
    return found;
  }
}
