// What a list that lives is made of and what is said of it: rows, conditions, windows, answers and changes. Keeping
// one: view.ts.

export interface ViewRow {
  readonly id: string;
}

/** One condition, by the name of its field. */
export interface Test<R> {
  field: string;
  passes: (row: R) => boolean;
}

export type Compare<R> = (a: R, b: R) => number;

/** What a row is sorted by. */
export type SortKey = string | number | undefined;

/** Where a row stands among others. */
export interface Place {
  readonly id: string;
  readonly key: SortKey;
}

export interface ViewShape<R> {
  /** What is counted by value. */
  facets: ReadonlyMap<string, (row: R) => string>;
  /** The person that a row is of; undefined for nobody's. */
  personOf: (row: R) => string | undefined;
}

export interface Facet {
  value: string;
  count: number;
}

/** `follows`: rows that are new take their place at once; else they wait until the list is refreshed. */
export interface Window {
  from: number;
  size: number;
  follows: boolean;
}

export interface ViewNumbers {
  /** All that fit, those that wait included. */
  total: number;
  /** Different people among them, and rows of nobody. */
  people: number;
  strangers: number;
  /** New ones that wait. */
  fresh: number;
}

export interface ViewAnswer<R> extends ViewNumbers {
  n: number;
  from: number;
  rows: readonly R[];
  facets: Readonly<Record<string, readonly Facet[]>>;
}

/** What the node that puts parts of a list together needs beside a part's answers and deltas. */
export interface PartOptions<R> {
  keyOf: (row: R) => SortKey;
  comparePlaces: Compare<Place>;
}

/** A field that is null is gone. `at`: its place among the rows of the window; without it the row stays. */
export type Put = { id: string; at?: number } & Readonly<Record<string, unknown>>;

/**
 * To be applied in this order: `gone`, `out` and those of `put` that have a place leave; each of `put` changes its
 * row or takes its place, in the order given; what is beyond the window's size falls off.
 */
export interface ViewDelta extends ViewNumbers {
  n: number;
  from: number;
  put: readonly Put[];
  /** Fit no more, or are no more. */
  gone: readonly string[];
  /** Have moved out of the window. */
  out: readonly string[];
  /** Only those that changed. */
  facets?: Readonly<Record<string, readonly Facet[]>>;
}
