// Records that are kept whole as their JSON text, beside the fields by which they are found, and lists of
// them page by page. Not which fields: each store's declaration.

import type { Page, PageRequest } from '../../../ports/stores/index.ts';
import { trusted, type Collection, type Filter, type Stored } from './collection.ts';

export interface WithBody {
  /** JSON. */
  body: string;
}

// eslint-disable-next-line @typescript-eslint/no-unnecessary-type-parameters -- the caller names what it wrote
export function bodyOf<R>({ body }: WithBody): R {
  return JSON.parse(body) as R;
}

/** JSON has no word for undefined. */
export function jsonOf(value: unknown): string {
  return value === undefined ? 'null' : JSON.stringify(value);
}

interface PageOf<T> {
  filter: Filter<T>;
  /** By whose values it is sorted: a text that is unique among what the filter finds. */
  by: keyof T & string;
  page: PageRequest;
}

export async function pageOf<T extends WithBody, R>(
  collection: Collection<T>,
  { filter, by, page: { after, limit } }: PageOf<T>,
): Promise<Page<R>> {
  const from = after === undefined ? {} : { [by]: trusted({ $gt: after }) };
  const found = await collection.find(
    { ...filter, ...from },
    {
      sort: ascending<T>(by),
      limit: limit + 1,
    },
  );
  const rows = found.slice(0, limit);
  const last = rows.at(-1);
  return {
    items: rows.map((row) => bodyOf<R>(row)),
    ...(found.length > limit && last !== undefined ? { next: String(last[by]) } : {}),
  };
}

/** All of them, for what an app has few of. */
export async function allOf<T extends WithBody, R>(
  collection: Collection<T>,
  filter: Filter<T>,
  by: keyof T & string,
): Promise<R[]> {
  const found = await collection.find(filter, { sort: ascending<T>(by) });
  return found.map((row) => bodyOf<R>(row));
}

function ascending<T>(...fields: readonly (keyof T & string)[]): Partial<Record<keyof Stored<T>, 1 | -1>> {
  return Object.fromEntries(fields.map((field) => [field, 1])) as Partial<Record<keyof Stored<T>, 1>>;
}
