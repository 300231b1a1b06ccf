// One list that somebody looks at: which rows fit, in which order, how many of what, and what has changed in the
// part that is looked at since it was last said. Knows no sessions and sends nothing. What is counted: view-counts.ts.

import { RowOrder } from './row-order.ts';
import { differing, fieldsOf, haveSameNumbers } from './row-changes.ts';
import { ViewCounts } from './view-counts.ts';
import type {
  Compare,
  PartOptions,
  Place,
  Put,
  SortKey,
  Test,
  ViewAnswer,
  ViewDelta,
  ViewNumbers,
  ViewRow,
  ViewShape,
  Window,
} from './view-shape.ts';

/** `missing`: the one condition that it does not meet; empty where it meets all. */
interface Known<R> {
  row: R;
  missing: string;
}

/** Values that change all the time move their rows no more often. */
const moveEveryMs = 2000;
const mostFreshAtOnce = 20;

export class View<R extends ViewRow> {
  readonly #tests: readonly Test<R>[];
  readonly #compare: Compare<R>;
  /** Undefined where the list is whole. */
  readonly #part: PartOptions<R> | undefined;
  /** Rows that fit, and those that miss one condition: they count in the facet of its field. */
  readonly #known = new Map<string, Known<R>>();
  readonly #counts: ViewCounts<R>;
  /** The list as it is looked at: without those that wait. */
  readonly #order: RowOrder<R>;
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
    part?: PartOptions<R>;
  }) {
    this.#part = deps.part;
    this.#tests = deps.tests;
    this.#compare = deps.compare;
    this.#order = new RowOrder(deps.compare);
    this.#window = deps.window;
    this.#counts = new ViewCounts(deps.shape, { isPart: deps.part !== undefined });
    for (const row of deps.rows) this.#know(row);
    this.#order.set(this.all());
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
    if (refresh || window.follows) {
      this.#merge(this.#fresh, this.#moved);
      this.#moved.clear();
    }
    return this.answer();
  }

  answer(): ViewAnswer<R> {
    // A part may begin behind its last row.
    const most = Math.max(0, this.#order.length - (this.#part === undefined ? 1 : 0));
    const from = Math.min(this.#window.from, most);
    this.#window = { ...this.#window, from };
    const rows = this.#rowsFrom(from);
    this.#sent = new Map(rows.map((row) => [row.id, row]));
    this.#isChanged = false;
    this.#saidNumbers = this.#numbers();
    return { n: this.#n, from, rows, ...this.#saidNumbers, facets: this.#counts.facets() };
  }

  /** Undefined where nothing has changed. */
  delta(nowMs: number): ViewDelta | undefined {
    const movesNow = this.#window.follows && nowMs - this.#movedAtMs >= moveEveryMs && this.#moved.size > 0;
    const hasWaiting = this.#window.follows && this.#fresh.size > 0;
    if (!this.#isChanged && !this.#counts.isChanged && !movesNow && !hasWaiting) return undefined;
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
    const facets = this.#counts.changedFacets();
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

  /** Of what was said last. */
  get number(): number {
    return this.#n;
  }

  get numbers(): ViewNumbers {
    return this.#numbers();
  }

  get from(): number {
    return this.#window.from;
  }

  /** Of a part: the place of each so-manieth row, the first one too. */
  marks(every: number): Place[] {
    const marked = this.#order.slice(0).filter((_, at) => at % every === 0);
    return marked.map((row) => this.#placeOf(row));
  }

  /** Of a part: how many rows stand before a place; `andAt`: the row that has this place too. */
  countBefore(place: Place, { andAt = false } = {}): number {
    const compare = this.#part?.comparePlaces ?? (() => 0);
    const end = andAt ? 1 : 0;
    return this.#order.firstIndex((row) => compare(this.#placeOf(row), place) >= end);
  }

  /** Rows that have a place. */
  get length(): number {
    return this.#order.length;
  }

  /** Of a part: people who came and went since the last call. */
  takePeople(): { came: string[]; went: string[] } {
    return this.#counts.takePeople();
  }

  /** Of a part: all of them. */
  people(): string[] {
    return this.#counts.allPeople();
  }

  /** Of a part: what rows are placed by that say another thing now, by id; a list of one, of none for no value. */
  places(): [id: string, key: SortKey[]][] {
    return [...this.#sent.values()].flatMap((row) => {
      const place = this.#placeBeside(row);
      return place === undefined ? [] : [[row.id, place] as [string, SortKey[]]];
    });
  }

  #putsOf(
    rows: readonly R[],
    { moved, gone }: { moved: ReadonlySet<string>; gone: ReadonlySet<string> },
  ): { put: Put[]; out: string[] } {
    const put: Put[] = [];
    const next = new Map<string, R>();
    const placed = ({ id, ...fields }: Put & { id: string }, row: R, at: number): Put => {
      const place = this.#placeBeside(row);
      return { ...fields, id, at, ...(place === undefined ? {} : { place }) };
    };
    for (const [at, row] of rows.entries()) {
      next.set(row.id, row);
      const had = this.#sent.get(row.id);
      if (had === undefined) put.push(placed({ ...fieldsOf(row), id: row.id }, row, at));
      else if (moved.has(row.id)) put.push(placed({ ...differing(had, row), id: row.id }, row, at));
      else if (had !== row) put.push({ ...differing(had, row), id: row.id });
    }
    const out = [...this.#sent.keys()].filter((id) => !next.has(id) && !gone.has(id));
    this.#sent = next;
    return { put, out };
  }

  #rowsFrom(from: number): R[] {
    return this.#order.slice(from, from + this.#window.size).flatMap(({ id }) => this.#known.get(id)?.row ?? []);
  }

  #numbers(): ViewNumbers {
    return { ...this.#counts.numbers(), fresh: this.#fresh.size };
  }

  #keepsPlace(before: R, row: R): boolean {
    return this.#compare(before, row) === 0;
  }

  #members(): R[] {
    return Array.from(this.#known.values()).flatMap(({ row, missing }) => (missing === '' ? [row] : []));
  }

  #placeBeside(row: R): SortKey[] | undefined {
    if (this.#part === undefined) return undefined;
    const placed = this.#order.byId(row.id);
    const key = placed === undefined ? undefined : this.#part.keyOf(placed);
    if (key === this.#part.keyOf(row)) return undefined;
    return key === undefined ? [] : [key];
  }

  #placeOf(placed: R): Place {
    return { id: placed.id, key: this.#part?.keyOf(placed) };
  }

  /** Returns how many of them stood before the window. */
  #takeOut(ids: Set<string>): number {
    const before = this.#order.takeOut(ids, this.#window.from);
    ids.clear();
    return before;
  }

  /** The new ones and these take their places; the others stand where they did, also those that are yet to move. */
  #merge(fresh: Set<string>, moved: ReadonlySet<string>): void {
    this.#order.place([...fresh, ...moved].flatMap((id) => this.#known.get(id)?.row ?? []));
    fresh.clear();
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
    this.#counts.count(row, missing, 1);
    return missing;
  }

  #forget({ row, missing }: Known<R>): void {
    this.#known.delete(row.id);
    this.#counts.count(row, missing, -1);
  }
}
