// Whatever a server still holds of one person: every row of every table, read as it is kept, and the files of
// uploads. The list of tables is the engine's, so that a new one is walked too.

import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { openStoredData, type StoredData } from '../support/stored-data.ts';
import type { WholeServer } from '../support/whole-server.ts';

/** The tables that hold the id in any spelling, with how many rows do. */
export async function leftOf(server: WholeServer, texts: readonly string[]): Promise<Record<string, number>> {
  const spellings = [...new Set(texts.flatMap(spellingsOf))];
  return await looking(server, async (stored) => {
    const found: Record<string, number> = {};
    for (const table of await stored.tables()) {
      const rows = await stored.rows(table);
      const count = rows.filter((row) => holdsAny(JSON.stringify(row, plain), spellings)).length;
      if (count > 0) found[table] = count;
    }
    return found;
  });
}

export function allTablesOf(server: WholeServer): Promise<string[]> {
  return looking(server, (stored) => stored.tables());
}

export async function looking<T>(server: WholeServer, look: (stored: StoredData) => Promise<T>): Promise<T> {
  const stored = await openStoredData(server);
  try {
    return await look(stored);
  } finally {
    await stored.close();
  }
}

export function blobsIn(dataDir: string): number {
  const entries = readdirSync(join(dataDir, 'uploads'), { recursive: true, withFileTypes: true });
  return entries.filter((entry) => entry.isFile()).length;
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
