// Random numbers that a seed repeats, so that a run that failed can be run again.
export interface Random {
  /** A whole number from `min` up to and including `max`. */
  between(min: number, max: number): number;
}

/** mulberry32. */
export function createRandom(seed: number): Random {
  let state = seed >>> 0;
  function next(): number {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  }
  return { between: (min, max) => min + Math.floor(next() * (max - min + 1)) };
}
