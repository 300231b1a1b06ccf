// The counters of one app on one day: as the store had them last, with what was counted since. Calls no
// store.

import type { UsageCount } from '../../ports/stores/index.ts';

export class DayCounts {
  readonly day: string;
  /** Monotonic ms; when the store was last heard. */
  readAt = -Infinity;
  #totals = new Map<string, number>();
  /** Of any day, not handed to the store so far. */
  readonly #pending: UsageCount[];

  /** Counts of before midnight that are not stored yet come along. */
  constructor(day: string, before: DayCounts | undefined) {
    this.day = day;
    this.#pending = before?.takePending() ?? [];
  }

  total(name: string): number {
    return this.#totals.get(name) ?? 0;
  }

  count(name: string, by: number): void {
    this.#totals.set(name, this.total(name) + by);
    this.#hold({ day: this.day, name, count: by });
  }

  /** The store was read. */
  adopt(stored: ReadonlyMap<string, number>, readAt: number): void {
    this.readAt = readAt;
    this.#totals = new Map(stored);
    for (const { day, name, count } of this.#pending)
      if (day === this.day) this.#totals.set(name, this.total(name) + count);
  }

  /** Counts that are due to be stored; they are no longer pending. */
  takePending(): UsageCount[] {
    return this.#pending.splice(0);
  }

  /** The counts could not be stored. */
  putBack(sent: readonly UsageCount[]): void {
    for (const each of sent) this.#hold(each);
  }

  /** The counts were stored, and the store answered the totals over all nodes. */
  learn(sent: readonly UsageCount[], totals: readonly number[]): void {
    for (const [index, { day, name }] of sent.entries()) {
      if (day !== this.day) continue;
      const since = this.#pending.find((each) => each.name === name && each.day === day)?.count ?? 0;
      this.#totals.set(name, (totals[index] ?? 0) + since);
    }
  }

  #hold({ day, name, count }: UsageCount): void {
    const same = this.#pending.find((each) => each.name === name && each.day === day);
    if (same === undefined) this.#pending.push({ day, name, count });
    else same.count += count;
  }
}
