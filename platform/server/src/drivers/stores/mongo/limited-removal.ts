// Removes the first so many of what a filter finds, in an order. MongoDB has a limit for reads alone.

import type { AppId } from '../../../ports/app-id.ts';
import { trusted, type Collection, type Filter, type ReadOptions } from './collection.ts';

export interface LimitedRemoval<T> {
  filter: Filter<T>;
  sort: NonNullable<ReadOptions<T>['sort']>;
  limit: number;
}

/** How many were removed. */
export async function removeFirst<T extends object>(
  collection: Collection<T>,
  { filter, sort, limit }: LimitedRemoval<T>,
): Promise<number> {
  if (limit <= 0) return 0;
  const found = await collection.find(filter, { sort, limit, only: [] });
  if (found.length === 0) return 0;
  return collection.removeMany({ _id: trusted({ $in: found.map(({ _id }) => _id) }) });
}

/** The oldest of an app above `keep`, at most `limit`. */
export async function trimOldest<T extends { app: string }>(
  collection: Collection<T>,
  app: AppId,
  { keep, limit, sort }: { keep: number; limit: number; sort: LimitedRemoval<T>['sort'] },
): Promise<number> {
  const filter = { app } as Filter<T>;
  const excess = (await collection.count(filter)) - keep;
  return removeFirst(collection, { filter, sort, limit: Math.min(limit, excess) });
}
