// One page of records that are at hand, in the order of a key. Not which records.

import type { Page, PageRequest } from '../../../ports/stores/index.ts';

export function pageOf<T>(
  records: readonly T[],
  { after = '', limit }: PageRequest,
  placeOf: (record: T) => string,
): Page<T> {
  const sorted = records.toSorted((a, b) => (placeOf(a) < placeOf(b) ? -1 : 1));
  const found = sorted.filter((record) => placeOf(record) > after);
  const items = found.slice(0, limit);
  const last = items.at(-1);
  return { items, ...(found.length > limit && last !== undefined ? { next: placeOf(last) } : {}) };
}
