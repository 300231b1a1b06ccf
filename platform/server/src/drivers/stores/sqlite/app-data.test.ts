// The sqlite driver takes away all of an app, from whatever table.

import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { appDataContract } from '../../../../test/contracts/app-data.contract.ts';
import { createTemporaryFolder } from '../../../../test/support/temporary-folder.ts';
import { createSqliteStores } from './create-sqlite-stores.ts';

appDataContract('sqlite', async () => {
  const folder = createTemporaryFolder();
  const stores = await createSqliteStores({ dataDir: folder.path });
  const look = new DatabaseSync(join(folder.path, 'belfry.db'), { readOnly: true });
  return {
    stores,
    async rowsOf(app) {
      const tables = look.prepare("SELECT name FROM sqlite_schema WHERE type = 'table'").all();
      const found = new Map<string, number>();
      for (const { name } of tables) {
        const all = look.prepare(`SELECT * FROM "${String(name)}"`);
        all.setReadBigInts(true);
        const rows = all.all();
        const count = rows.filter((row) => Object.values(row).includes(app)).length;
        if (count > 0) found.set(String(name), count);
      }
      return found;
    },
    async dispose() {
      look.close();
      await stores.close();
      folder.remove();
    },
  };
});
