// The rows of a list in order, each as it was when it got its place. Where a few of many leave or come, the others are
// neither compared nor copied one by one into a new list. Which rows there are: view.ts.

import { firstIndex } from './first-index.ts';
import type { Compare, ViewRow } from './view-shape.ts';

export class RowOrder<R extends ViewRow> {
  /** Holds no two rows for equal. */
  readonly #compare: Compare<R>;
  readonly #placed = new Map<string, R>();
  #rows: R[] = [];

  constructor(compare: Compare<R>) {
    this.#compare = compare;
  }

  get length(): number {
    return this.#rows.length;
  }

  /** As it was when it got its place. */
  byId(id: string): R | undefined {
    return this.#placed.get(id);
  }

  slice(from: number, to?: number): R[] {
    return this.#rows.slice(from, to);
  }

  /** The first index from which on it is true of all, or `length`. */
  firstIndex(isTrue: (row: R) => boolean): number {
    return this.#firstIndex(this.#rows.length, isTrue);
  }

  /** These rows, which are in order, and no others. */
  set(rows: readonly R[]): void {
    this.#rows = [...rows];
    this.#placed.clear();
    for (const row of rows) this.#placed.set(row.id, row);
  }

  /** Rows of these ids leave; returns how many of them stood before the index `end`. */
  takeOut(ids: Iterable<string>, end = 0): number {
    const places = [...ids].flatMap((id) => this.#placeOf(id) ?? []).sort((a, b) => a - b);
    const [first] = places;
    if (first === undefined) return 0;
    const rows = this.#rows;
    let to = first;
    let gone = 0;
    for (let from = first; from < rows.length; from += 1) {
      const row = rows[from];
      if (row === undefined) continue;
      if (places[gone] === from) {
        gone += 1;
        this.#placed.delete(row.id);
      } else {
        rows[to] = row;
        to += 1;
      }
    }
    rows.length = to;
    return places.filter((place) => place < end).length;
  }

  /** They take their places; those that are there already leave their old ones. */
  place(coming: readonly R[]): void {
    this.takeOut(coming.map(({ id }) => id));
    const rows = this.#rows;
    let from = rows.length;
    // From the end, so that each of the others is moved at most once.
    const lastFirst = coming.toSorted((a, b) => this.#compare(b, a));
    for (const row of lastFirst) rows.push(row);
    for (const [count, row] of lastFirst.entries()) {
      const by = lastFirst.length - count;
      const at = this.#firstIndex(from, (other) => this.#compare(row, other) <= 0);
      for (; from > at; from -= 1) {
        const other = rows[from - 1];
        if (other !== undefined) rows[from - 1 + by] = other;
      }
      rows[at + by - 1] = row;
      this.#placed.set(row.id, row);
    }
  }

  #placeOf(id: string): number | undefined {
    const placed = this.#placed.get(id);
    if (placed === undefined) return undefined;
    return this.firstIndex((row) => this.#compare(placed, row) <= 0);
  }

  #firstIndex(length: number, isTrue: (row: R) => boolean): number {
    return firstIndex(length, (index) => {
      const row = this.#rows[index];
      return row !== undefined && isTrue(row);
    });
  }
}
