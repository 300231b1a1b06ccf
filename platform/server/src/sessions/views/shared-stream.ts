// What passes at all nodes, as one stream: rows of each, some of them by chance where more pass than one can read. What
// passes at one node: stream-view.ts.

import type { Passed } from './stream-view.ts';
import type { Said, Turns } from './turns.ts';

interface Row {
  at: string;
}

interface SharedStreamOptions {
  /** Rows of one round at most. */
  perRound: number;
  /** In [0, 1). */
  random?: () => number;
}

export class SharedStream implements Turns {
  readonly everyRounds = 1;
  readonly #options: SharedStreamOptions;
  #taken: { row: Row; order: number; chance: number }[] = [];
  #count = 0;
  #seen = 0;
  #n = 0;

  constructor(options: SharedStreamOptions) {
    this.#options = options;
  }

  /** `rows` were taken by chance out of `seen`. */
  take(rows: readonly Row[], seen: number): void {
    const { perRound, random = Math.random } = this.#options;
    this.#seen += seen;
    const weight = seen / Math.max(1, rows.length);
    // Each of all that passed has the same chance, whichever node it passed at.
    for (const row of rows) {
      this.#count += 1;
      this.#taken.push({ row, order: this.#count, chance: random() ** (1 / weight) });
    }
    if (this.#taken.length <= perRound) return;
    this.#taken.sort((a, b) => b.chance - a.chance);
    this.#taken.length = perRound;
  }

  next(): Said | undefined {
    const passed = this.passed();
    if (passed === undefined) return undefined;
    this.#n += 1;
    return { action: 'view_delta', data: { n: this.#n, ...passed } };
  }

  /** What there was since the last call. */
  passed(): Passed<Row> | undefined {
    if (this.#seen === 0) return undefined;
    const taken = this.#taken.sort((a, b) =>
      a.row.at === b.row.at ? a.order - b.order : a.row.at < b.row.at ? -1 : 1,
    );
    const rows = taken.map(({ row }) => row);
    const passed = { rows, seen: this.#seen };
    this.#taken = [];
    this.#seen = 0;
    return passed;
  }

  end(): void {
    this.#taken = [];
  }
}
