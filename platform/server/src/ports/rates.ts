// How often something may be done in a span of time, counted over all nodes. Not the counters that are kept
// for days: stores/usage.ts.

/** At most `limit` of `key` in `perMs`. */
export interface Rate {
  /**
   * Scoped by the caller, e.g. `push:demo:fcm`. Keys that are taken together are alike up to their second
   * colon: an engine of several servers has them on one.
   */
  key: string;
  limit: number;
  perMs: number;
}

/** `key` is the first of those asked for that is used up, and `afterMs` when its window ends. */
export type RateAnswer = { ok: true } | { ok: false; key: string; afterMs: number };

/**
 * Guarantees: counts are shared by all nodes. Windows are fixed: one begins with the first that is taken,
 * lasts `perMs`, and grants no more than `limit`. A limit that is changed holds at once, for the window that
 * runs as well. Nothing is durable: an engine that starts anew may begin a new window. Rejects with
 * `unavailable` when the counts can't be reached; whether to go on without them is the caller's to decide.
 */
export interface Rates {
  /**
   * Takes one of each, or of none when one of them is used up. Several keys are taken in one step: nobody
   * sees some of them taken.
   */
  take(rates: readonly Rate[]): Promise<RateAnswer>;
  /** The answer that `take` would give now; takes nothing. */
  peek(rates: readonly Rate[]): Promise<RateAnswer>;
}
