// Reads all of a data file to say whether it is whole. Never while it is in use: that takes long.

import { existsSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { text } from './row.ts';
import { isStorageFailure } from './sqlite-failure.ts';

/** What is wrong with the file; undefined when nothing is, or when it is not there. */
export function damageOf(file: string): string | undefined {
  if (!existsSync(file)) return undefined;
  try {
    const db = new DatabaseSync(file, { readOnly: true });
    try {
      return firstDamage(db);
    } finally {
      db.close();
    }
  } catch (error) {
    if (!isStorageFailure(error)) throw error;
    return error instanceof Error ? error.message : String(error);
  }
}

export function firstDamage(db: DatabaseSync): string | undefined {
  const found = text(db.prepare('PRAGMA quick_check(1)').get() ?? {}, 'quick_check');
  return found === 'ok' ? undefined : found;
}
