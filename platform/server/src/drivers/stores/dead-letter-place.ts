// Where a page of dead letters begins: the time and id of the last letter of the page before. Not the list
// itself.

import type { DeadLetterRecord } from '../../ports/stores/index.ts';

type Place = Pick<DeadLetterRecord, 'diedAt' | 'id'>;

export function placeOf({ diedAt, id }: Place): string {
  return `${diedAt} ${id}`;
}

/** Without one, a place before the latest letter. */
export function readPlace(after: string | undefined): Place {
  if (after === undefined) return { diedAt: Number.MAX_SAFE_INTEGER, id: '' };
  const gap = after.indexOf(' ');
  return { diedAt: Number(after.slice(0, gap)), id: after.slice(gap + 1) };
}
