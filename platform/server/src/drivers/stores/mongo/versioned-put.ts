// Puts a record when the version that is there is the one its writer has seen. Not what is in the record.

import { randomUUID } from 'node:crypto';
import type { Collection, Update } from './collection.ts';

/** What a document under a version has beside its key. */
export interface VersionedDocument {
  version: number;
  /** The put that wrote it: a put that is done twice, since its reply was lost, finds that it was done. */
  putId: string;
}

export interface VersionedPut<T extends VersionedDocument> {
  /** The fields of the unique index. */
  key: Partial<T>;
  /** All other fields; one that is undefined is taken away. */
  fields: Omit<Partial<T>, keyof VersionedDocument>;
  /** 0 where none may be there. */
  ifVersion: number;
}

/** False when another was faster. */
export async function putVersioned<T extends VersionedDocument>(
  collection: Collection<T>,
  { key, fields, ifVersion }: VersionedPut<T>,
): Promise<boolean> {
  const putId = randomUUID();
  const stamp = { version: ifVersion + 1, putId };
  const isDone =
    ifVersion === 0
      ? await collection.insert({ ...key, ...fields, ...stamp } as unknown as T)
      : (await collection.update({ ...key, version: ifVersion }, replacing<T>({ ...fields, ...stamp }))).matched > 0;
  if (isDone) return true;
  const there = await collection.findOne(key, { only: ['putId'] });
  return there?.putId === putId;
}

/** Sets what is given, and takes away what is given as undefined. */
export function replacing<T>(fields: Readonly<Record<string, unknown>>): Update<T> {
  const entries = Object.entries(fields);
  const unset = entries.filter(([, value]) => value === undefined).map(([name]): [string, string] => [name, '']);
  return {
    $set: Object.fromEntries(entries.filter(([, value]) => value !== undefined)),
    ...(unset.length > 0 && { $unset: Object.fromEntries(unset) }),
  } as Update<T>;
}
