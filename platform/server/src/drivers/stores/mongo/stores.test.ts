// The MongoDB driver keeps the contract of the stores, whole, on a real server of MongoDB's protocol.

import { storesContract } from '../../../../test/contracts/stores.contract.ts';
import { startMongo } from '../../../../test/support/mongo-server.ts';
import { silentLog } from '../../../ports/log.ts';
import { createSystemClock } from '../../clock.ts';
import { createMongoStores } from './create-mongo-stores.ts';

storesContract('mongo', async () => {
  const server = await startMongo();
  const address = { url: server.url, database: `stores-${process.pid}` };
  const stores = await createMongoStores({ address, clock: createSystemClock(), log: silentLog });
  return {
    stores,
    async dispose() {
      await stores.close();
      await server.stop();
    },
  };
});
