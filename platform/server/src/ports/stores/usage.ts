// How much of something an app has used, by day. Not how much it may use: that is its settings.

import type { AppId } from '../app-id.ts';

export interface UsageCount {
  /** `2026-01-31`, UTC. */
  day: string;
  /** The counter, e.g. `push` or `push:hook`. */
  name: string;
  count: number;
}

/**
 * Guarantees: durable as messages; sums are exact however many nodes add at once. An `add` with an unknown
 * outcome that is repeated counts twice.
 */
export interface UsageStore {
  /**
   * Adds, and answers the totals after it in the order given. Counters of days before `forgetBefore` are
   * dropped.
   */
  add(app: AppId, counts: readonly UsageCount[], forgetBefore: string): Promise<readonly number[]>;
  /** All counters of the day, by name. */
  read(app: AppId, day: string): Promise<ReadonlyMap<string, number>>;
}
