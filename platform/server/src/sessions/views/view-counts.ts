// What a list counts: how many rows fit, how many people they are, and by which value of each facet. Which rows there
// are: view.ts.

import type { Facet, ViewNumbers, ViewShape } from './view-shape.ts';

export const shownFacetValues = 50;
/** Of a part: those that are the most here may be few elsewhere. */
const partFacetValues = 1000;

export class ViewCounts<R> {
  readonly #shape: ViewShape<R>;
  readonly #isPart: boolean;
  readonly #facets = new Map<string, Map<string, number>>();
  /** Facets in which something was counted since, and what was last said of each. */
  readonly #counted = new Set<string>();
  readonly #said = new Map<string, string>();
  readonly #people = new Map<string, number>();
  /** Of a part: who came (true) or went since that was taken. */
  readonly #changedPeople = new Map<string, boolean>();
  #strangers = 0;
  #total = 0;

  constructor(shape: ViewShape<R>, { isPart }: { isPart: boolean }) {
    this.#shape = shape;
    this.#isPart = isPart;
    for (const facet of shape.facets.keys()) this.#facets.set(facet, new Map());
  }

  has(facet: string): boolean {
    return this.#facets.has(facet);
  }

  get isChanged(): boolean {
    return this.#counted.size > 0;
  }

  /** `missing`: the one condition that the row does not meet; it counts in the facet of this alone. */
  count(row: R, missing: string, by: 1 | -1): void {
    for (const [name, valueOf] of this.#shape.facets) {
      if (missing !== '' && missing !== name) continue;
      const counts = this.#facets.get(name);
      if (counts !== undefined) add(counts, valueOf(row), by);
      this.#counted.add(name);
    }
    if (missing !== '') return;
    this.#total += by;
    const person = this.#shape.personOf(row);
    if (person === undefined) this.#strangers += by;
    else this.#countPerson(person, by);
  }

  numbers(): Omit<ViewNumbers, 'fresh'> {
    return { total: this.#total, people: this.#people.size, strangers: this.#strangers };
  }

  facets(): Record<string, Facet[]> {
    for (const name of this.#facets.keys()) this.#counted.add(name);
    this.#said.clear();
    return this.changedFacets();
  }

  /** Those that are another than was said last. */
  changedFacets(): Record<string, Facet[]> {
    const changed: [string, Facet[]][] = [];
    for (const name of this.#counted) {
      const shown = mostFirst(this.#facets.get(name) ?? []).slice(0, this.#isPart ? partFacetValues : shownFacetValues);
      const text = JSON.stringify(shown);
      if (this.#said.get(name) === text) continue;
      this.#said.set(name, text);
      changed.push([name, shown]);
    }
    this.#counted.clear();
    return Object.fromEntries(changed);
  }

  takePeople(): { came: string[]; went: string[] } {
    const changed = [...this.#changedPeople];
    this.#changedPeople.clear();
    const of = (isHere: boolean): string[] => changed.flatMap(([person, is]) => (is === isHere ? [person] : []));
    return { came: of(true), went: of(false) };
  }

  allPeople(): string[] {
    this.#changedPeople.clear();
    return [...this.#people.keys()];
  }

  #countPerson(person: string, by: 1 | -1): void {
    const before = this.#people.has(person);
    add(this.#people, person, by);
    const isHere = this.#people.has(person);
    if (!this.#isPart || before === isHere) return;
    // Who went and came in between has not changed.
    if (!this.#changedPeople.delete(person)) this.#changedPeople.set(person, isHere);
  }
}

export function mostFirst(counts: Iterable<readonly [value: string, count: number]>): Facet[] {
  const facets = Array.from(counts, ([value, count]) => ({ value, count }));
  return facets.sort((a, b) => b.count - a.count || (a.value < b.value ? -1 : 1));
}

/** A value that is nobody's any more is no value. */
export function add(counts: Map<string, number>, value: string, by: number): void {
  const count = (counts.get(value) ?? 0) + by;
  if (count === 0) counts.delete(value);
  else counts.set(value, count);
}
