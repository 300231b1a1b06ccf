// A long list in parts, each small enough to be worked on at once.

/** Each of `size`, but for the last; none of an empty list. */
export function* partsOf<T>(all: readonly T[], size: number): Generator<T[], void> {
  for (let start = 0; start < all.length; start += size) yield all.slice(start, start + size);
}
