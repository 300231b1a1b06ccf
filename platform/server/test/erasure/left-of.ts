// Whatever a data folder still holds of one person: every row of every table, read as it stands in the file,
// and the files of uploads. The list of tables is of the schema, so that a new one is walked too.

import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

/** The tables that hold the id in any spelling, with how many rows do. */
export function leftOf(dataDir: string, texts: readonly string[]): Record<string, number> {
  const db = new DatabaseSync(join(dataDir, 'belfry.db'), { readOnly: true });
  try {
    const spellings = [...new Set(texts.flatMap(spellingsOf))];
    const found = tablesOf(db).map((table): [string, number] => {
      const all = db.prepare(`SELECT * FROM ${table}`);
      all.setReadBigInts(true);
      const rows = all.all();
      return [table, rows.filter((row) => holdsAny(JSON.stringify(row, plain), spellings)).length];
    });
    return Object.fromEntries(found.filter(([, count]) => count > 0));
  } finally {
    db.close();
  }
}

export function allTablesOf(dataDir: string): string[] {
  const db = new DatabaseSync(join(dataDir, 'belfry.db'), { readOnly: true });
  try {
    return tablesOf(db);
  } finally {
    db.close();
  }
}

export function blobsIn(dataDir: string): number {
  const entries = readdirSync(join(dataDir, 'uploads'), { recursive: true, withFileTypes: true });
  return entries.filter((entry) => entry.isFile()).length;
}

function tablesOf(db: DatabaseSync): string[] {
  return db
    .prepare("SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite%' ORDER BY name")
    .all()
    .map(({ name }) => String(name));
}

/** As it is, in a path, in a key of Belfry's, and within JSON once or twice. */
function spellingsOf(text: string): string[] {
  const once = JSON.stringify(text).slice(1, -1);
  const plainId = text.replaceAll(/[^A-Za-z0-9._:@-]/gu, encodeURIComponent);
  return [text, once, JSON.stringify(once).slice(1, -1), encodeURIComponent(text), plainId];
}

function holdsAny(row: string, spellings: readonly string[]): boolean {
  const folded = row.toLowerCase();
  return spellings.some((spelling) => folded.includes(spelling.toLowerCase()));
}

function plain(_name: string, value: unknown): unknown {
  if (typeof value === 'bigint') return String(value);
  return value instanceof Uint8Array ? Buffer.from(value).toString('latin1') : value;
}
