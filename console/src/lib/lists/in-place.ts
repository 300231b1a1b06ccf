// A list that changes while somebody reads it: rows keep their places and change in place, those that went go, those
// that came before them wait, those that were read after them follow.

export function inPlace<T>(shown: readonly T[], fresh: readonly T[], idOf: (row: T) => string): T[] {
  const now = new Map(fresh.map((row) => [idOf(row), row]));
  const kept = shown.flatMap((row) => now.get(idOf(row)) ?? []);
  const places = new Map(fresh.map((row, place) => [idOf(row), place]));
  const lastPlace = Math.max(-1, ...kept.map((row) => places.get(idOf(row)) ?? -1));
  return [...kept, ...fresh.slice(lastPlace + 1)];
}
