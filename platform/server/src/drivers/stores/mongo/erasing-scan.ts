// Walks one collection of an app in the order of an index, a part at a time, for those documents that may
// name a person. What is done to them is the stores' business.

import { mongo } from 'mongoose';
import type { AppId } from '../../../ports/app-id.ts';
import type { Erased } from '../../../ports/stores/index.ts';
import { trusted, type Collection, type Filter, type Stored } from './collection.ts';

export interface ScanPart<T> {
  app: AppId;
  /** Of an index that begins with the app; together they are unique, and they do not get less. */
  order: readonly (keyof Stored<T> & string)[];
  after: string | undefined;
  /** So many are looked at. */
  limit: number;
  hits: Filter<T>;
  without?: readonly (keyof T & string)[];
}

export interface ScannedPart<T> {
  found: Stored<T>[];
  next?: string;
}

/** Only hits are carried over; most documents are none. */
export async function scanPart<T extends object>(
  collection: Collection<T>,
  { app, order, after, limit, hits, without = [] }: ScanPart<T>,
): Promise<ScannedPart<T>> {
  const sort = Object.fromEntries(order.map((field) => [field, 1])) as Partial<Record<keyof Stored<T>, 1>>;
  const isAfter = after === undefined ? [] : [beyond(order, '$gt', after)];
  const only = order.filter((field): field is keyof T & string => field !== '_id');
  const places = await collection.find({ $and: [{ app }, ...isAfter] }, { only, sort, limit });
  const last = places.at(-1);
  if (last === undefined) return { found: [] };
  const next = JSON.stringify(order.map((field) => (field === '_id' ? last._id.toHexString() : last[field])));
  const filter = { $and: [{ app }, hits, ...isAfter, beyond(order, '$lte', next)] } as Filter<T>;
  const found = await collection.find(filter, { sort, without });
  return { found, ...(places.length === limit && { next }) };
}

/** `change` says whether the document was taken away or changed. */
export async function eraseFound<T>(
  { found, next }: ScannedPart<T>,
  change: (document: Stored<T>) => Promise<boolean>,
): Promise<Erased> {
  let erased = 0;
  for (const document of found) if (await change(document)) erased += 1;
  return { erased, ...(next !== undefined && { next }) };
}

/** A text that has this one in it. */
export function containing(text: string): RegExp {
  return new RegExp(text.replaceAll(/[$()*+.?[\\\]^{|}]/g, String.raw`\$&`));
}

/** Of two places the first field that differs decides. */
function beyond(order: readonly string[], operator: '$gt' | '$lte', place: string): object {
  const texts = JSON.parse(place) as (string | number)[];
  const values = order.map((field, at) => (field === '_id' ? new mongo.ObjectId(String(texts[at])) : texts[at]));
  const strictly = operator === '$gt' ? '$gt' : '$lt';
  const alternatives = order.map((field, at) => ({
    ...Object.fromEntries(order.slice(0, at).map((before, index) => [before, values[index]])),
    [field]: trusted({ [at === order.length - 1 ? operator : strictly]: values[at] }),
  }));
  return { $or: alternatives };
}
