// One list out of the parts that nodes keep of it: rows by their places, numbers added, people counted once. Knows no
// nodes but by name, and asks nobody: shared-view.ts. What a part is: view-parts.ts.

import { firstIndex } from './first-index.ts';
import { codesOf, type PartAnswer, type PartWord } from './part.ts';
import { changedRow, differing, fieldsOf, haveSameNumbers } from './row-changes.ts';
import { add, mostFirst, shownFacetValues } from './view-counts.ts';
import type {
  Compare,
  Facet,
  Place,
  Put,
  SortKey,
  ViewAnswer,
  ViewDelta,
  ViewNumbers,
  ViewRow,
  Window,
} from './view-shape.ts';

interface Entry<R> {
  row: R;
  place: Place;
}

interface Part<R> {
  n: number;
  from: number;
  /** Rows of the whole part that have a place. */
  length: number;
  entries: Entry<R>[];
  numbers: Pick<ViewNumbers, 'total' | 'strangers' | 'fresh'>;
  people: Set<string>;
  facets: Map<string, readonly Facet[]>;
}

export class MergedView<R extends ViewRow> {
  readonly #keyOf: (row: R) => SortKey;
  readonly #compare: Compare<Place>;
  readonly #parts = new Map<string, Part<R>>();
  /** Of each person, in how many parts they are. */
  readonly #people = new Map<string, number>();
  readonly #gone = new Set<string>();
  #window: Window;
  /** The window begins with the first row that is not before it; undefined: with the very first. */
  #first: Place | undefined;
  #sent = new Map<string, R>();
  #saidFacets = new Map<string, string>();
  #said: (ViewNumbers & { from: number }) | undefined;
  #isChanged = false;
  #n = 0;

  constructor(deps: {
    keyOf: (row: R) => SortKey;
    compare: Compare<Place>;
    window: Window;
    takenAt?: number | undefined;
  }) {
    this.#keyOf = deps.keyOf;
    this.#compare = deps.compare;
    this.#window = deps.window;
    this.#n = deps.takenAt ?? 0;
  }

  get window(): Window {
    return this.#window;
  }

  /** Of what was said last. */
  get number(): number {
    return this.#n;
  }

  /** The number of the last word that was taken. */
  numberOf(node: string): number | undefined {
    return this.#parts.get(node)?.n;
  }

  /** The part of a node, whole. */
  put(node: string, answer: PartAnswer<R>): void {
    const before = this.#parts.get(node);
    if (before !== undefined) this.#takeOut(before);
    const places = new Map(answer.places);
    const part: Part<R> = {
      ...{ n: answer.n, from: answer.from, length: answer.length },
      entries: answer.rows.map((row) => this.#entryOf(row, places.get(row.id))),
      numbers: answer.numbers,
      people: new Set(codesOf(answer.people)),
      facets: new Map(Object.entries(answer.facets)),
    };
    for (const person of part.people) add(this.#people, person, 1);
    this.#parts.set(node, part);
    for (const { row } of part.entries) this.#gone.delete(row.id);
    this.#isChanged = true;
  }

  /** False where words before it are missing: the part is to be asked for anew. */
  take(node: string, word: PartWord<R>): boolean {
    const part = this.#parts.get(node);
    // What is older is in the part already.
    if (part === undefined || word.n <= part.n) return true;
    if (word.n !== part.n + 1) return false;
    part.n = word.n;
    part.length = word.length;
    part.numbers = word.numbers;
    for (const person of codesOf(word.came)) if (addTo(part.people, person)) add(this.#people, person, 1);
    for (const person of codesOf(word.went)) if (part.people.delete(person)) add(this.#people, person, -1);
    for (const [name, facet] of Object.entries(word.facets ?? {})) part.facets.set(name, facet);
    part.from = word.from;
    this.#change(part, word);
    this.#isChanged = true;
    return true;
  }

  /** A node is no more, and its rows with it. */
  drop(node: string): void {
    const part = this.#parts.get(node);
    if (part === undefined) return;
    this.#takeOut(part);
    this.#parts.delete(node);
    this.#isChanged = true;
  }

  /** Begins another window, of which all parts are here. */
  look(window: Window): ViewAnswer<R> {
    this.#window = window;
    const entries = this.#entries();
    const base = this.#base();
    const at = Math.min(Math.max(0, window.from - base), Math.max(0, entries.length - 1));
    this.#first = window.from === 0 ? undefined : entries[at]?.place;
    return this.answer();
  }

  answer(): ViewAnswer<R> {
    const { from, rows } = this.#rows();
    this.#sent = new Map(rows.map((row) => [row.id, row]));
    this.#gone.clear();
    this.#saidFacets.clear();
    this.#isChanged = false;
    const numbers = this.#numbers();
    this.#said = { ...numbers, from };
    return { n: this.#n, from, rows, ...numbers, facets: this.#changedFacets() };
  }

  /** Undefined where nothing has changed. */
  delta(): ViewDelta | undefined {
    if (!this.#isChanged) return undefined;
    this.#isChanged = false;
    const { from, rows } = this.#rows();
    const { put, gone, out } = this.#difference(rows);
    const facets = this.#changedFacets();
    const numbers = this.#numbers();
    this.#gone.clear();
    const isSame = put.length + gone.length + out.length + Object.keys(facets).length === 0;
    const said = this.#said;
    if (isSame && said?.from === from && haveSameNumbers(numbers, said)) return undefined;
    this.#said = { ...numbers, from };
    this.#n += 1;
    return { n: this.#n, from, ...numbers, put, gone, out, ...(Object.keys(facets).length === 0 ? {} : { facets }) };
  }

  /** For what is said in place of a delta. */
  nextNumber(): number {
    this.#n += 1;
    return this.#n;
  }

  /** Rows of the window are not here: the parts are to be asked for anew. */
  get isShort(): boolean {
    const { entries, skipped, bound } = this.#inSight();
    const wanted = skipped + this.#window.size;
    const last = entries[Math.min(wanted, entries.length) - 1];
    if (bound === undefined) return false;
    return entries.length < wanted || (last !== undefined && this.#compare(last.place, bound) > 0);
  }

  #change(part: Part<R>, { put, gone, out }: PartWord<R>): void {
    for (const id of gone) this.#gone.add(id);
    const had = new Map(part.entries.map((entry) => [entry.row.id, entry]));
    const placed = new Set(put.flatMap(({ id, at }) => (at === undefined ? [] : [id])));
    const leaving = new Set([...gone, ...out, ...placed]);
    const changed = new Map(put.filter(({ at }) => at === undefined).map((each) => [each.id, each]));
    const entries = part.entries
      .filter(({ row }) => !leaving.has(row.id))
      .map((entry) => {
        const change = changed.get(entry.row.id);
        return change === undefined ? entry : { row: changedRow(entry.row, change), place: entry.place };
      });
    for (const { at, place, ...change } of put) {
      if (at === undefined) continue;
      this.#gone.delete(change.id);
      const row = changedRow(had.get(change.id)?.row, change);
      entries.splice(at, 0, this.#entryOf(row, place));
    }
    part.entries = entries;
  }

  #entryOf(row: R, place: readonly SortKey[] | undefined): Entry<R> {
    return { row, place: { id: row.id, key: place === undefined ? this.#keyOf(row) : place[0] } };
  }

  #takeOut(part: Part<R>): void {
    for (const person of part.people) add(this.#people, person, -1);
    for (const { row } of part.entries) this.#gone.add(row.id);
  }

  #base(): number {
    return [...this.#parts.values()].reduce((sum, { from }) => sum + from, 0);
  }

  #entries(): Entry<R>[] {
    const all = [...this.#parts.values()].flatMap(({ entries }) => entries);
    return all.sort((a, b) => this.#compare(a.place, b.place));
  }

  /** `bound`: rows behind it may be missing. */
  #inSight(): { entries: Entry<R>[]; skipped: number; bound: Place | undefined } {
    const entries = this.#entries();
    const first = this.#first;
    const at = first === undefined ? 0 : entries.findIndex(({ place }) => this.#compare(place, first) >= 0);
    const skipped = at < 0 ? entries.length : at;
    const ends = [...this.#parts.values()]
      .filter(({ from, entries: own, length }) => from + own.length < length)
      .flatMap(
        ({ entries: own }) =>
          own
            .map(({ place }) => place)
            .sort(this.#compare)
            .at(-1) ?? [],
      );
    return { entries, skipped, bound: ends.sort(this.#compare)[0] };
  }

  #rows(): { from: number; rows: R[] } {
    const { entries, skipped, bound } = this.#inSight();
    const seen = entries.slice(skipped, skipped + this.#window.size);
    const known = bound === undefined ? seen : seen.filter(({ place }) => this.#compare(place, bound) <= 0);
    return { from: this.#base() + skipped, rows: known.map(({ row }) => row) };
  }

  #difference(rows: readonly R[]): Pick<ViewDelta, 'put' | 'gone' | 'out'> {
    const next = new Map(rows.map((row) => [row.id, row]));
    const left = [...this.#sent.keys()].filter((id) => !next.has(id));
    const stays = staying([...this.#sent.keys()], [...next.keys()]);
    const put: Put[] = [];
    for (const [at, row] of rows.entries()) {
      const had = this.#sent.get(row.id);
      if (had === undefined) put.push({ ...fieldsOf(row), id: row.id, at });
      else if (!stays.has(row.id)) put.push({ ...differing(had, row), id: row.id, at });
      else if (had !== row) put.push({ ...differing(had, row), id: row.id });
    }
    const gone = left.filter((id) => this.#gone.has(id));
    this.#sent = next;
    return { put, gone, out: left.filter((id) => !this.#gone.has(id)) };
  }

  #numbers(): ViewNumbers {
    const sums = { total: 0, strangers: 0, fresh: 0 };
    for (const { numbers } of this.#parts.values()) {
      sums.total += numbers.total;
      sums.strangers += numbers.strangers;
      sums.fresh += numbers.fresh;
    }
    return { ...sums, people: this.#people.size };
  }

  #changedFacets(): Record<string, Facet[]> {
    const sums = new Map<string, Map<string, number>>();
    for (const { facets } of this.#parts.values()) {
      for (const [name, facet] of facets) {
        const counts = sums.get(name) ?? new Map<string, number>();
        sums.set(name, counts);
        for (const { value, count } of facet) add(counts, value, count);
      }
    }
    const changed: [string, Facet[]][] = [];
    for (const [name, counts] of sums) {
      const shown = mostFirst(counts).slice(0, shownFacetValues);
      const text = JSON.stringify(shown);
      if (this.#saidFacets.get(name) === text) continue;
      this.#saidFacets.set(name, text);
      changed.push([name, shown]);
    }
    return Object.fromEntries(changed);
  }
}

/** The most that may keep their places among each other, out of those that were there and are. */
function staying(before: readonly string[], now: readonly string[]): ReadonlySet<string> {
  const at = new Map(before.map((id, place) => [id, place]));
  const all: { id: string; place: number; behind: number | undefined }[] = [];
  /** Of chains of each length, the end of the one that ends first. */
  const tails: number[] = [];
  for (const id of now) {
    const place = at.get(id);
    if (place === undefined) continue;
    const length = firstIndex(tails.length, (tail) => (all[tails[tail] ?? 0]?.place ?? 0) >= place);
    all.push({ id, place, behind: tails[length - 1] });
    tails[length] = all.length - 1;
  }
  const kept = new Set<string>();
  for (let each = tails.at(-1); each !== undefined; each = all[each]?.behind) kept.add(all[each]?.id ?? '');
  return kept;
}

function addTo(set: Set<string>, value: string): boolean {
  if (set.has(value)) return false;
  set.add(value);
  return true;
}
