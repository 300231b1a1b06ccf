// Walks the documents of an app in the order of a unique index, a part at a time, for those that may name a
// person. What is done to them is the stores' business.

import type { AppId } from '../../../ports/app-id.ts';
import type { Erased, EraseRequest } from '../../../ports/stores/index.ts';
import { trusted, type Collection, type Filter, type Stored } from './collection.ts';
import { ascending } from './body.ts';

export interface Scan<T> {
  /** Fields of a unique index after its `app`, all texts. */
  order: readonly (keyof T & string)[];
  /** What a document has to look like to be read whole; any of these. */
  hits: readonly Filter<T>[];
}

export interface ScannedPart<T> {
  /** Undefined where nothing is left. */
  next?: string;
  /** Bounds of the part, for other collections of the same order. */
  after: readonly string[] | undefined;
  last: readonly string[] | undefined;
  rows: readonly Stored<T>[];
}

/**
 * The keys first, then the documents that are hits: most are none, and may be large. What was there at the
 * beginning is looked at, since what it is sorted by never changes.
 */
export async function scanPart<T extends { app: string }>(
  collection: Collection<T>,
  scope: { app: AppId; request: Pick<EraseRequest, 'after' | 'limit'> },
  { order, hits }: Scan<T>,
): Promise<ScannedPart<T>> {
  const { app, request } = scope;
  const after = request.after === undefined ? undefined : (JSON.parse(request.after) as string[]);
  const beyond = after === undefined ? [] : [tupleFilter(order, after, '$gt')];
  const keys = await collection.find(allOf([{ app }, ...beyond]), {
    sort: ascending<T>(...order),
    limit: request.limit,
    only: order,
  });
  const lastRow = keys.at(-1);
  if (lastRow === undefined) return { after, last: undefined, rows: [] };
  const last = order.map((field) => String(lastRow[field]));
  const range = [{ app }, ...beyond, { $or: [tupleFilter(order, last, '$lt'), tupleEqual(order, last)] }];
  const rows = await collection.find(allOf([...range, { $or: [...hits] }]), {
    sort: ascending<T>(...order),
  });
  return { after, last, rows, ...(keys.length === request.limit && { next: JSON.stringify(last) }) };
}

/** `change` says whether the document was taken away or changed. */
export async function eraseRows<T>(
  { rows, next }: ScannedPart<T>,
  change: (row: Stored<T>) => Promise<boolean>,
): Promise<Erased> {
  let erased = 0;
  for (const row of rows) if (await change(row)) erased += 1;
  return { erased, ...(next !== undefined && { next }) };
}

/** Those texts hold it, as it is. */
export function containing(text: string): unknown {
  return trusted({ $regex: text.replaceAll(/[\\^$.*+?()[\]{}|]/g, String.raw`\$&`) });
}

type Condition = Readonly<Record<string, unknown>>;

function allOf(conditions: readonly Condition[]): Condition {
  return { $and: conditions };
}

/** Tuples before or behind this one: that differ so in a field, and in none before it. */
function tupleFilter(order: readonly string[], values: readonly string[], operator: '$gt' | '$lt'): Condition {
  const alternatives = order.map((field, at) => ({
    ...tupleEqual(order.slice(0, at), values),
    [field]: trusted({ [operator]: values[at] }),
  }));
  return { $or: alternatives };
}

function tupleEqual(order: readonly string[], values: readonly string[]): Condition {
  return Object.fromEntries(order.map((field, at) => [field, values[at]]));
}
