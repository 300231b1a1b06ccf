// One list that somebody looks at: which rows fit, in which order, how many of what, and what has changed in the
// part that is looked at since it was last said. Knows no sessions and sends nothing.

export interface ViewRow {
  readonly id: string;
}

/** One condition, by the name of its field. */
export interface Test<R> {
  field: string;
  passes: (row: R) => boolean;
}

export type Compare<R> = (a: R, b: R) => number;

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

/** `missing`: the one condition that it does not meet; empty where it meets all. */
interface Known<R> {
  row: R;
  missing: string;
}

const shownFacetValues = 50;
/** Values that change all the time move their rows no more often. */
const moveEveryMs = 2000;
const mostFreshAtOnce = 20;

export class View<R extends ViewRow> {
  readonly #tests: readonly Test<R>[];
  readonly #compare: Compare<R>;
  readonly #shape: ViewShape<R>;
  /** Rows that fit, and those that miss one condition: they count in the facet of its field. */
  readonly #known = new Map<string, Known<R>>();
  readonly #counts = new Map<string, Map<string, number>>();
  /** Facets in which something was counted since, and what was last said of each. */
  readonly #countedFacets = new Set<string>();
  readonly #saidFacets = new Map<string, string>();
  readonly #people = new Map<string, number>();
  #strangers = 0;
  #total = 0;
  /** Ids of the list as it is looked at: without those that wait. */
  #order: string[] = [];
  #fresh = new Set<string>();
  #moved = new Set<string>();
  #left = new Set<string>();
  #movedAtMs = 0;
  #mergedAtMs = 0;
  #window: Window;
  /** What the one who looks has, in order. */
  #sent = new Map<string, R>();
  #saidNumbers: ViewNumbers | undefined;
  #isChanged = false;
  #n = 0;

  constructor(deps: {
    tests: readonly Test<R>[];
    compare: Compare<R>;
    shape: ViewShape<R>;
    rows: Iterable<R>;
    window: Window;
  }) {
    this.#tests = deps.tests;
    this.#compare = deps.compare;
    this.#shape = deps.shape;
    this.#window = deps.window;
    for (const facet of deps.shape.facets.keys()) this.#counts.set(facet, new Map());
    for (const row of deps.rows) this.#know(row);
    this.#sort();
  }

  /** The row is another now, or with undefined is no more. */
  change(id: string, row: R | undefined): void {
    const before = this.#known.get(id);
    if (before !== undefined) this.#forget(before);
    const wasListed = before?.missing === '';
    const isListed = row !== undefined && this.#know(row) === '';
    if (!wasListed && !isListed) return;
    this.#isChanged = true;
    if (!isListed) {
      // One that waited has never been seen.
      if (!this.#fresh.delete(id)) this.#left.add(id);
      this.#moved.delete(id);
    } else if (!wasListed) {
      // It is in its old place still where it left in the same moment.
      if (this.#left.delete(id)) this.#moved.add(id);
      else this.#fresh.add(id);
    } else if (!this.#fresh.has(id) && !this.#keepsPlace(before.row, row)) this.#moved.add(id);
  }

  /** What the one who looks needs from here on; `refresh` lets the new ones in. */
  look(window: Window, { refresh = false }: { refresh?: boolean } = {}): ViewAnswer<R> {
    this.#window = window;
    this.#takeOut(this.#left);
    if (refresh || window.follows) this.#sort();
    return this.answer();
  }

  answer(): ViewAnswer<R> {
    const from = Math.min(this.#window.from, Math.max(0, this.#order.length - 1));
    this.#window = { ...this.#window, from };
    const rows = this.#rowsFrom(from);
    this.#sent = new Map(rows.map((row) => [row.id, row]));
    this.#isChanged = false;
    for (const name of this.#counts.keys()) this.#countedFacets.add(name);
    this.#saidFacets.clear();
    this.#saidNumbers = this.#numbers();
    return { n: this.#n, from, rows, ...this.#saidNumbers, facets: this.#changedFacets() };
  }

  /** Undefined where nothing has changed. */
  delta(nowMs: number): ViewDelta | undefined {
    const movesNow = this.#window.follows && nowMs - this.#movedAtMs >= moveEveryMs && this.#moved.size > 0;
    const hasWaiting = this.#window.follows && this.#fresh.size > 0;
    if (!this.#isChanged && this.#countedFacets.size === 0 && !movesNow && !hasWaiting) return undefined;
    const gone = [...this.#left].filter((id) => this.#sent.has(id));
    const before = this.#takeOut(this.#left);
    let moved: ReadonlySet<string> = new Set();
    if (this.#window.follows) {
      if (movesNow) {
        moved = this.#moved;
        this.#moved = new Set();
        this.#movedAtMs = nowMs;
      }
      // Where many come, their places change all the time: then they wait for each other.
      const mergesNow = this.#fresh.size <= mostFreshAtOnce || nowMs - this.#mergedAtMs >= moveEveryMs;
      if (mergesNow) this.#mergedAtMs = nowMs;
      this.#merge(mergesNow ? this.#fresh : new Set(), moved);
    }
    const from = this.#window.follows ? this.#window.from : Math.max(0, this.#window.from - before);
    this.#window = { ...this.#window, from };
    const { put, out } = this.#putsOf(this.#rowsFrom(from), { moved, gone: new Set(gone) });
    const facets = this.#changedFacets();
    const numbers = this.#numbers();
    this.#isChanged = false;
    const isSame = put.length + gone.length + out.length + Object.keys(facets).length === 0;
    if (isSame && before === 0 && haveSameNumbers(numbers, this.#saidNumbers)) return undefined;
    this.#saidNumbers = numbers;
    this.#n += 1;
    const changed = Object.keys(facets).length === 0 ? {} : { facets };
    return { n: this.#n, from, ...numbers, put, gone, out, ...changed };
  }

  /** For what is said in place of a delta. */
  nextNumber(): number {
    this.#n += 1;
    return this.#n;
  }

  /** All that fit, in order. */
  all(): R[] {
    return this.#members().toSorted(this.#compare);
  }

  compare(a: R, b: R): number {
    return this.#compare(a, b);
  }

  #putsOf(
    rows: readonly R[],
    { moved, gone }: { moved: ReadonlySet<string>; gone: ReadonlySet<string> },
  ): { put: Put[]; out: string[] } {
    const put: Put[] = [];
    const next = new Map<string, R>();
    for (const [at, row] of rows.entries()) {
      next.set(row.id, row);
      const had = this.#sent.get(row.id);
      if (had === undefined) put.push({ ...fieldsOf(row), id: row.id, at });
      else if (moved.has(row.id)) put.push({ ...differing(had, row), id: row.id, at });
      else if (had !== row) put.push({ ...differing(had, row), id: row.id });
    }
    const out = [...this.#sent.keys()].filter((id) => !next.has(id) && !gone.has(id));
    this.#sent = next;
    return { put, out };
  }

  #rowsFrom(from: number): R[] {
    return this.#order.slice(from, from + this.#window.size).flatMap((id) => this.#known.get(id)?.row ?? []);
  }

  #numbers(): ViewNumbers {
    return { total: this.#total, people: this.#people.size, strangers: this.#strangers, fresh: this.#fresh.size };
  }

  #changedFacets(): Record<string, Facet[]> {
    const changed: [string, Facet[]][] = [];
    for (const name of this.#countedFacets) {
      const counts = Array.from(this.#counts.get(name) ?? [], ([value, count]) => ({ value, count }));
      counts.sort((a, b) => b.count - a.count || (a.value < b.value ? -1 : 1));
      const shown = counts.slice(0, shownFacetValues);
      const text = JSON.stringify(shown);
      if (this.#saidFacets.get(name) === text) continue;
      this.#saidFacets.set(name, text);
      changed.push([name, shown]);
    }
    this.#countedFacets.clear();
    return Object.fromEntries(changed);
  }

  #keepsPlace(before: R, row: R): boolean {
    return this.#compare(before, row) === 0;
  }

  #members(): R[] {
    return Array.from(this.#known.values()).flatMap(({ row, missing }) => (missing === '' ? [row] : []));
  }

  #sort(): void {
    this.#order = this.all().map(({ id }) => id);
    this.#fresh.clear();
    this.#moved.clear();
    this.#left.clear();
  }

  /** Returns how many of them stood before the window. */
  #takeOut(ids: Set<string>): number {
    if (ids.size === 0) return 0;
    let before = 0;
    const { from } = this.#window;
    this.#order = this.#order.filter((id, at) => {
      if (!ids.has(id)) return true;
      if (at < from) before += 1;
      return false;
    });
    ids.clear();
    return before;
  }

  /** The new ones and these take their places: one walk along the list, whatever its length. */
  #merge(fresh: Set<string>, moved: ReadonlySet<string>): void {
    if (fresh.size === 0 && moved.size === 0) return;
    const coming = [...fresh, ...moved].flatMap((id) => this.#known.get(id)?.row ?? []).sort(this.#compare);
    const staying = moved.size === 0 ? this.#order : this.#order.filter((id) => !moved.has(id));
    const merged: string[] = [];
    let next = 0;
    for (const id of staying) {
      // One that is yet to move stands where it does not belong, and says nothing of its neighbours.
      const row = this.#moved.has(id) ? undefined : this.#known.get(id)?.row;
      for (; this.#isBefore(coming[next], row); next += 1) merged.push(coming[next]?.id ?? '');
      merged.push(id);
    }
    for (const { id } of coming.slice(next)) merged.push(id);
    this.#order = merged;
    fresh.clear();
  }

  #isBefore(row: R | undefined, other: R | undefined): boolean {
    return row !== undefined && other !== undefined && this.#compare(row, other) <= 0;
  }

  #know(row: R): string | undefined {
    let missing = '';
    for (const { field, passes } of this.#tests) {
      if (passes(row)) continue;
      // Two conditions, or one that nothing is counted by.
      if (missing !== '' || !this.#counts.has(field)) return undefined;
      missing = field;
    }
    this.#known.set(row.id, { row, missing });
    this.#count(row, missing, 1);
    return missing;
  }

  #forget({ row, missing }: Known<R>): void {
    this.#known.delete(row.id);
    this.#count(row, missing, -1);
  }

  #count(row: R, missing: string, by: 1 | -1): void {
    for (const [name, valueOf] of this.#shape.facets) {
      if (missing !== '' && missing !== name) continue;
      const counts = this.#counts.get(name);
      if (counts !== undefined) add(counts, valueOf(row), by);
      this.#countedFacets.add(name);
    }
    if (missing !== '') return;
    this.#total += by;
    const person = this.#shape.personOf(row);
    if (person === undefined) this.#strangers += by;
    else add(this.#people, person, by);
  }
}

function haveSameNumbers(numbers: ViewNumbers, said: ViewNumbers | undefined): boolean {
  if (numbers.total !== said?.total || numbers.fresh !== said.fresh) return false;
  return numbers.people === said.people && numbers.strangers === said.strangers;
}

function add(counts: Map<string, number>, value: string, by: number): void {
  const count = (counts.get(value) ?? 0) + by;
  if (count === 0) counts.delete(value);
  else counts.set(value, count);
}

function fieldsOf(row: ViewRow): Readonly<Record<string, unknown>> {
  return Object.fromEntries(Object.entries(row));
}

function differing<R extends ViewRow>(had: R, row: R): Record<string, unknown> {
  const [was, is] = [new Map(Object.entries(had)), new Map(Object.entries(row))];
  const changed = [...is].filter(([field, value]) => was.get(field) !== value);
  const taken = [...was.keys()].filter((field) => !is.has(field)).map((field) => [field, null] as const);
  return Object.fromEntries([...changed, ...taken]);
}
