// Pages of a list that is bounded and at hand as a whole. Lists without a bound are paged by their stores.

import { pagedQuerySchema } from '@belfry/protocol';
import * as z from 'zod';
import type { CursorScope, PageCursors } from '../../page-cursor.ts';

export { pagedQuerySchema };

const positionSchema = z.object({ after: z.string() });

interface PageAsked<T> {
  scope: CursorScope;
  query: z.output<typeof pagedQuerySchema>;
  /** The list is in the order of these texts; no two are the same. */
  keyOf: (item: T) => string;
  cursors: Pick<PageCursors, 'seal' | 'open'>;
  limits: { pageSize: number };
}

/** What comes and goes between two pages moves no other row. Throws `bad_cursor`. */
export function pageOf<T>(all: readonly T[], asked: PageAsked<T>): { items: T[]; more: { nextCursor?: string } } {
  const { scope, query, keyOf, cursors, limits } = asked;
  const { cursor, limit = limits.pageSize } = query;
  const after = cursor === undefined ? undefined : cursors.open(scope, cursor, positionSchema).after;
  const sorted = all
    .map((item) => ({ item, key: keyOf(item) }))
    .toSorted((a, b) => (a.key < b.key ? -1 : 1))
    .filter(({ key }) => after === undefined || key > after);
  const rows = sorted.slice(0, limit);
  const last = rows.at(-1);
  const hasMore = sorted.length > rows.length && last !== undefined;
  const more = hasMore ? { nextCursor: cursors.seal(scope, { after: last.key }) } : {};
  return { items: rows.map(({ item }) => item), more };
}
