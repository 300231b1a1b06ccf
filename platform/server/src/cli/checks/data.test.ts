// What doctor says of a data file that an older version wrote.
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { expect, onTestFinished, test } from 'vitest';
import { createTemporaryFolder } from '../../../test/support/temporary-folder.ts';
import { loadParts } from '../../compose/parts.ts';
import type { Config } from '../../config/config.ts';
import { createSqliteStores } from '../../drivers/stores/sqlite/create-sqlite-stores.ts';
import { checkData } from './data.ts';

test('data of an older version is no problem: a start brings it forward, and a backup comes first', async () => {
  const folder = createTemporaryFolder();
  onTestFinished(folder.remove);
  await (await createSqliteStores({ dataDir: folder.path })).close();
  const file = new DatabaseSync(join(folder.path, 'belfry.db'));
  file.exec('PRAGMA user_version = 5');
  file.close();
  // No more of the configuration is looked at.
  expect(await checkData({ dataDir: folder.path } as Config, loadParts)).toEqual([
    {
      name: 'store',
      state: 'warning',
      detail: expect.stringMatching(/has schema version 5, not \d+; start the server once, it migrates$/),
      advice: expect.stringContaining('belfry backup'),
    },
  ]);
});
