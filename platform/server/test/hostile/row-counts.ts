// The number of rows of some apps in each table of what a server keeps, which a refused request must not have
// changed.

import { openStoredData, redisTable } from '../support/stored-data.ts';
import type { WholeServer } from '../support/whole-server.ts';

export interface RowCounts {
  read(): Promise<Readonly<Record<string, number>>>;
  close(): Promise<void>;
}

/**
 * The words of messages come and go with the messages, and leases, rates and presence in Redis with time. Tables
 * without apps, such as jobs, are counted whole.
 */
export async function openRowCounts(server: WholeServer, apps: readonly string[]): Promise<RowCounts> {
  const stored = await openStoredData(server);
  const tables = (await stored.tables()).filter(
    (table) => !table.startsWith('searchable') && table !== 'probe' && table !== redisTable,
  );
  return {
    async read() {
      const counts: Record<string, number> = {};
      for (const table of tables) counts[table] = (await stored.rows(table, apps)).length;
      return counts;
    },
    close: () => stored.close(),
  };
}
