// Several advances of one cursor made one, so that each cursor that moved is told once. Not the comparison with what is stored.

import type { CursorAdvance } from '../../ports/stores/index.ts';

/** One a (user, stream), in the order of their first mention; fields that were not given are 0. */
export function mergeAdvances(changes: readonly CursorAdvance[]): Required<CursorAdvance>[] {
  const merged = new Map<string, Required<CursorAdvance>>();
  for (const { userId, stream, delivered = 0, seen = 0, seenMobile = 0, read = 0 } of changes) {
    // JSON keeps ("a", "bc") and ("ab", "c") apart.
    const key = JSON.stringify([stream, userId]);
    const before = merged.get(key);
    merged.set(key, {
      userId,
      stream,
      delivered: Math.max(delivered, before?.delivered ?? 0),
      seen: Math.max(seen, before?.seen ?? 0),
      seenMobile: Math.max(seenMobile, before?.seenMobile ?? 0),
      read: Math.max(read, before?.read ?? 0),
    });
  }
  return [...merged.values()];
}
