// The number of rows of some apps in each table of the data file, which a refused request must not have
// changed.

import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

export interface RowCounts {
  read(): Readonly<Record<string, number>>;
  close(): void;
}

/**
 * The words of messages come and go with the messages. Looks into the file beside the server that writes it. Tables without apps, such as jobs, are counted whole.
 */
export function openRowCounts(dataDir: string, apps: readonly string[]): RowCounts {
  const db = new DatabaseSync(join(dataDir, 'belfry.db'), { readOnly: true });
  const tables = db
    .prepare(
      "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite%' AND name NOT LIKE 'searchable%' AND name <> 'probe'",
    )
    .all()
    .map(({ name }) => String(name));
  const places = apps.map(() => '?').join(', ');
  const counts = tables.map((table) => {
    const isOfApps = db
      .prepare(`PRAGMA table_info(${table})`)
      .all()
      .some(({ name }) => name === 'app');
    const where = isOfApps ? ` WHERE app IN (${places})` : '';
    const statement = db.prepare(`SELECT count(*) AS n FROM ${table}${where}`);
    return { table, count: () => Number((isOfApps ? statement.get(...apps) : statement.get())?.['n']) };
  });
  return {
    read: () => Object.fromEntries(counts.map(({ table, count }) => [table, count()])),
    close: () => db.close(),
  };
}
