// The sqlite driver keeps the contract of the stores.

import { storesContract } from '../../../../test/contracts/stores.contract.ts';
import { createTemporaryFolder } from '../../../../test/support/temporary-folder.ts';
import { createSqliteStores } from './create-sqlite-stores.ts';

storesContract('sqlite', async () => {
  const folder = createTemporaryFolder();
  const stores = await createSqliteStores({ dataDir: folder.path });
  return {
    stores,
    async dispose() {
      await stores.close();
      folder.remove();
    },
  };
});
