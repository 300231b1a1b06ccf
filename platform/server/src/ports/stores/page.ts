// Lists that are read page by page, so that none grows into one answer. Not the cursors that clients get:
// http/page-cursor.ts seals those.

export interface PageRequest {
  /** The `next` of the page before. */
  after?: string | undefined;
  limit: number;
}

export interface Page<T> {
  items: readonly T[];
  /** Where the next page begins; absent when this is the last. Means nothing to anybody but the store. */
  next?: string;
}

/** Read at once: enough that a list is mostly one call, and little enough that it holds nobody up. */
const readAtOnce = 500;

/**
 * Every page of a list that is known to be short enough to hold in memory. What changes while it is read may
 * be missed, as in any list.
 */
export async function readAllPages<T>(read: (page: PageRequest) => Promise<Page<T>>): Promise<T[]> {
  const all: T[] = [];
  let after: string | undefined;
  do {
    const { items, next } = await read({ after, limit: readAtOnce });
    all.push(...items);
    after = next;
  } while (after !== undefined);
  return all;
}
