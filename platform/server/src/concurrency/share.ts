// How much of a shared pool one of those who share it may hold. Pure; who is served next is served.ts, and
// the pool itself fair-pool.ts.

/**
 * Whether one who holds `held` places may have another: no more than are left free, and the first place
 * always, where there is one. Alone one holds half of the pool; two hold a third each; with each further one
 * the shares shrink, so that a place is left for who comes next. (The dynamic threshold by which switches
 * share their buffers.)
 */
export function mayHoldMore(held: number, free: number): boolean {
  return free > 0 && (held === 0 || held < free);
}

/** How many more one who holds `held` may have before `mayHoldMore` says no, if nobody else moves. */
export function roomFor(held: number, free: number): number {
  if (!mayHoldMore(held, free)) return 0;
  return Math.max(1, Math.ceil((free - held) / 2));
}
