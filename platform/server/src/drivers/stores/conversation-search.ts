// Which conversations a search finds among those that it looks at, and where the next page begins. Not how they are
// read, nor who is in them.

import { folded } from '../../ports/stores/search-terms.ts';
import type { ConversationPlace } from '../../ports/stores/index.ts';

/** So many are looked at in one call: a rare one among many holds nobody up. */
export const lookAt = 1000;

/** Whether each word of `q` is in the id or the title. */
export function wordsMatch(q: string): (conversation: { id: string; title?: string | undefined }) => boolean {
  const words = folded(q).split(/\s+/).filter(Boolean);
  return ({ id, title = '' }) => {
    const text = folded(`${id}\n${title}`);
    return words.every((word) => text.includes(word));
  };
}

/** `looked` are the rows that were looked at, in order; fewer than `lookAt` of them are the last there are. */
export function foundPage<T extends ConversationPlace>(
  looked: readonly T[],
  isFound: (row: T) => boolean,
  limit: number,
): { rows: T[]; next?: ConversationPlace } {
  const rows: T[] = [];
  for (const row of looked) {
    if (rows.length === limit) return { rows, ...placeAfter(rows.at(-1)) };
    if (isFound(row)) rows.push(row);
  }
  return { rows, ...(looked.length < lookAt ? {} : placeAfter(looked.at(-1))) };
}

function placeAfter(row: ConversationPlace | undefined): { next?: ConversationPlace } {
  return row === undefined ? {} : { next: { activeAt: row.activeAt, id: row.id } };
}
