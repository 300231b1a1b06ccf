// Things that pass, as somebody watches them: never more than a person can read. Where more pass, some are taken by
// chance, and how many there were is said beside them.

import type { Said, Turns } from './turns.ts';

interface StreamViewOptions {
  /** Rows of one round at most. */
  perRound: number;
  /** Called when nobody watches any more. */
  end: () => void;
  /** In [0, 1). */
  random?: () => number;
}

export interface Passed<R> {
  /** In the order in which they passed. */
  rows: R[];
  /** How many there were. */
  seen: number;
}

export class StreamView<R> implements Turns {
  readonly everyRounds = 1;
  readonly #options: StreamViewOptions;
  #kept: { at: number; row: R }[] = [];
  #seen = 0;
  #n = 0;

  constructor(options: StreamViewOptions) {
    this.#options = options;
  }

  /** `make` is called where the row is kept, so that what is not shown costs next to nothing. */
  take(make: () => R): void {
    const { perRound, random = Math.random } = this.#options;
    const at = this.#seen;
    this.#seen += 1;
    if (this.#kept.length < perRound) {
      this.#kept.push({ at, row: make() });
      return;
    }
    // Each of all that pass has the same chance.
    const place = Math.floor(random() * this.#seen);
    if (place < perRound) this.#kept[place] = { at, row: make() };
  }

  next(): Said | undefined {
    const passed = this.passed();
    if (passed === undefined) return undefined;
    this.#n += 1;
    return { action: 'view_delta', data: { n: this.#n, ...passed } };
  }

  /** What there was since the last call. */
  passed(): Passed<R> | undefined {
    if (this.#seen === 0) return undefined;
    const rows = this.#kept.sort((a, b) => a.at - b.at).map(({ row }) => row);
    const passed = { rows, seen: this.#seen };
    this.#kept = [];
    this.#seen = 0;
    return passed;
  }

  end(): void {
    this.#options.end();
  }
}
