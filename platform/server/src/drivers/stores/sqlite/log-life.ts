// The life of all logs in a data file: a part of each stream's epoch that changes when the logs went back, so
// that positions of before mean nothing any more. Noticing that is position-file.ts.

import { randomUUID } from 'node:crypto';
import type { DatabaseSync } from 'node:sqlite';
import { optionalText } from './row.ts';

/** Behind a stored epoch it gives the epoch that clients see; empty in a data file that never went back. */
export const lifeExpression = "coalesce((SELECT value FROM installation WHERE name = 'log_life'), '')";

/** Names this state of the data file; undefined in one that was not opened since there are such names. */
export function dataId(db: DatabaseSync): string | undefined {
  const row = db.prepare("SELECT value FROM installation WHERE name = 'data_id'").get();
  return row === undefined ? undefined : optionalText(row, 'value');
}

export function giveDataId(db: DatabaseSync): void {
  if (dataId(db) === undefined) set(db, 'data_id', randomUUID());
}

/**
 * Raises the epochs of all streams at once, also of those that are not made yet. Random, not counted: of two
 * restores of one backup the second must not give the epochs of the first.
 */
export function raiseEpochs(db: DatabaseSync): void {
  db.exec('BEGIN IMMEDIATE');
  set(db, 'log_life', `.${randomUUID().slice(-12)}`);
  set(db, 'data_id', randomUUID());
  db.exec('COMMIT');
}

function set(db: DatabaseSync, name: string, value: string): void {
  db.prepare(
    'INSERT INTO installation (name, value) VALUES (?, ?) ON CONFLICT DO UPDATE SET value = excluded.value',
  ).run(name, value);
}
