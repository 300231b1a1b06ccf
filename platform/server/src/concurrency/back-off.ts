// The pause before something that failed is tried again. Sets no timer, and does not say when to give up.

export interface BackOffRange {
  /** The first wait, ms; doubled by each further failure. */
  baseMs: number;
  /** No wait is longer, ms. */
  maxMs: number;
  /** In [0, 1). */
  random?: (() => number) | undefined;
}

/** Waits differ by up to a fifth, so that those that failed together do not come back together. */
const spread = 0.2;

/**
 * After the `failures`th failure in a row: at least `baseMs` doubled by each failure after the first, and up
 * to a quarter more. Near the bound it differs downwards, so that it still differs and stays within `maxMs`.
 */
export function backOffMs(failures: number, { baseMs, maxMs, random = Math.random }: BackOffRange): number {
  const plain = baseMs * 2 ** Math.max(failures - 1, 0);
  const most = Math.min(plain / (1 - spread), maxMs);
  return Math.ceil(most * (1 - spread + spread * random()));
}

/** Counts the failures of one thing. */
export class BackOff {
  readonly #range: BackOffRange;
  #failures = 0;

  constructor(range: BackOffRange) {
    this.#range = range;
  }

  /** It failed once more: how long to wait, ms. */
  next(): number {
    this.#failures += 1;
    return backOffMs(this.#failures, this.#range);
  }

  /** It succeeded. */
  reset(): void {
    this.#failures = 0;
  }
}
