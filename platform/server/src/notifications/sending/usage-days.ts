// The days by which use is counted, and how long they are kept: the same for all counters of an app, since one
// that is added drops old days of all. What is counted: quotas.ts, broadcasting/kind-counts.ts.

const dayMs = 86_400_000;
const keptDays = 35;

/** UTC's, as `2026-01-31`. */
export function dayOf(atMs: number): string {
  return new Date(atMs).toISOString().slice(0, 10);
}

/** Days before it are dropped. */
export function keptSince(nowMs: number): string {
  return dayOf(nowMs - keptDays * dayMs);
}
