// The number of rows of some apps in each table of what a server keeps, which a refused request must not have
// changed.

import { openStoredData, redisTable } from '../support/stored-data.ts';
import type { WholeServer } from '../support/whole-server.ts';

export interface RowCounts {
  read(): Promise<Readonly<Record<string, number>>>;
  close(): Promise<void>;
}

/** Come and go with time: the words of messages with the messages, counts of an hour with their rounds. */
const withTime: ReadonlySet<string> = new Set(['usage', 'figures', 'probe', redisTable]);

/** Tables without apps, such as jobs, are counted whole. */
export async function openRowCounts(server: WholeServer, apps: readonly string[]): Promise<RowCounts> {
  const stored = await openStoredData(server);
  const tables = (await stored.tables()).filter((table) => !table.startsWith('searchable') && !withTime.has(table));
  return {
    async read() {
      const counts: Record<string, number> = {};
      for (const table of tables) counts[table] = (await stored.rows(table, apps)).length;
      return counts;
    },
    close: () => stored.close(),
  };
}
