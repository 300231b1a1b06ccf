// Puts a record as JSON when the version that is there is the one its writer has seen. Not the tables:
// migrations/.

import type { DatabaseSync } from 'node:sqlite';

interface VersionedTable {
  table: string;
  key: readonly string[];
  /** Columns that are kept beside the body, to be looked up by. */
  columns?: readonly string[];
}

export type VersionedPut = (values: Readonly<Record<string, string>>, record: object, ifVersion: number) => boolean;

/** Names are ours, never a caller's. */
export function versionedPut(db: DatabaseSync, { table, key, columns = [] }: VersionedTable): VersionedPut {
  const names = [...key, ...columns];
  const insert = db.prepare(
    `INSERT INTO ${table} (${names.join(', ')}, version, body) VALUES (${names.map((name) => `$${name}`).join(', ')}, $version, $body)
     ON CONFLICT (${key.join(', ')}) DO NOTHING`,
  );
  const set = [...columns, 'version', 'body'].map((name) => `${name} = $${name}`).join(', ');
  const where = key.map((name) => `${name} = $${name}`).join(' AND ');
  const update = db.prepare(`UPDATE ${table} SET ${set} WHERE ${where} AND version = $version - 1`);
  return (values, record, ifVersion) => {
    const version = ifVersion + 1;
    const body = JSON.stringify({ ...record, version });
    return (ifVersion === 0 ? insert : update).run({ ...values, version, body }).changes > 0;
  };
}
