// The MongoDB driver takes away all of an app, from whatever collection.

import { appDataContract } from '../../../../test/contracts/app-data.contract.ts';
import { startMongo } from '../../../../test/support/mongo-server.ts';
import { silentLog } from '../../../ports/log.ts';
import { createSystemClock } from '../../clock.ts';
import { MongoConnection } from './connection.ts';
import { createMongoStores } from './create-mongo-stores.ts';

appDataContract('mongo', async () => {
  const server = await startMongo();
  const options = {
    address: { url: server.url, database: `app-data-${process.pid}` },
    clock: createSystemClock(),
    log: silentLog,
  };
  const stores = await createMongoStores(options);
  const look = await MongoConnection.open(options);
  return {
    stores,
    async rowsOf(app) {
      const db = look.mongoose.db;
      const found = new Map<string, number>();
      for (const { name } of (await db?.listCollections().toArray()) ?? []) {
        const rows = (await db?.collection(name).find({}).toArray()) ?? [];
        const count = rows.filter((row) => Object.values(row).includes(app)).length;
        if (count > 0) found.set(name, count);
      }
      return found;
    },
    async dispose() {
      await look.close();
      await stores.close();
      await server.stop();
    },
  };
});
