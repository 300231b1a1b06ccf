// Walks one collection of an app in the order of an index, a part at a time, for those documents that may name a
// person. What is done to them is the stores' business.

import { mongo } from 'mongoose';
import type { AppId } from '../../../ports/app-id.ts';
import { trusted, type Collection, type Filter, type Stored } from './collection.ts';

export interface ScanPart<T> {
  app: AppId;
  /** Of an index that begins with the app: a number, and the id. */
  order: readonly [keyof T & string, '_id'];
  after: string | undefined;
  /** So many are looked at. */
  limit: number;
  hits: Filter<T>;
  without?: readonly (keyof T & string)[];
}

/** Only hits are carried over; most documents are none. */
export async function scanPart<T extends object>(
  collection: Collection<T>,
  { app, order, after, limit, hits, without = [] }: ScanPart<T>,
): Promise<{ found: Stored<T>[]; next?: string }> {
  const [field] = order;
  const sort = { [field]: 1, _id: 1 } as Partial<Record<keyof Stored<T>, 1>>;
  const isAfter = after === undefined ? [] : [beyond(field, '$gt', after)];
  const places = await collection.find({ $and: [{ app }, ...isAfter] }, { only: [field], sort, limit });
  const last = places.at(-1);
  if (last === undefined) return { found: [] };
  const next = JSON.stringify([last[field], last._id.toHexString()]);
  const filter = { $and: [{ app }, hits, ...isAfter, beyond(field, '$lte', next)] } as Filter<T>;
  const found = await collection.find(filter, { sort, without });
  return { found, ...(places.length === limit && { next }) };
}

/** A text that has this one in it. */
export function containing(text: string): RegExp {
  return new RegExp(text.replaceAll(/[$()*+.?[\\\]^{|}]/g, String.raw`\$&`));
}

function beyond(field: string, operator: '$gt' | '$lte', place: string): object {
  const [value, id] = JSON.parse(place) as [number, string];
  const strictly = operator === '$gt' ? '$gt' : '$lt';
  return {
    $or: [
      { [field]: trusted({ [strictly]: value }) },
      { [field]: value, _id: trusted({ [operator]: new mongo.ObjectId(id) }) },
    ],
  };
}
