// The stores of records keep their parts of the contract on a real server of MongoDB's protocol.

import { afterAll, beforeAll, describe } from 'vitest';
import { deadLettersContract } from '../../../../test/contracts/stores/dead-letters.contract.ts';
import { hooksContract } from '../../../../test/contracts/stores/hooks.contract.ts';
import { idempotencyContract } from '../../../../test/contracts/stores/idempotency.contract.ts';
import { preferencesContract } from '../../../../test/contracts/stores/preferences.contract.ts';
import { settingsContract } from '../../../../test/contracts/stores/settings.contract.ts';
import { tenancyContract } from '../../../../test/contracts/stores/tenancy.contract.ts';
import { uploadsContract } from '../../../../test/contracts/stores/uploads.contract.ts';
import { usageContract } from '../../../../test/contracts/stores/usage.contract.ts';
import { usersContract } from '../../../../test/contracts/stores/users.contract.ts';
import { startMongo, type MongoServer } from '../../../../test/support/mongo-server.ts';
import { silentLog } from '../../../ports/log.ts';
import type { Stores } from '../../../ports/stores/index.ts';
import { createSystemClock } from '../../clock.ts';
import { MongoConnection } from './connection.ts';
import { prepareCollections } from './prepare.ts';
import { createRecordStores, recordCollections } from './record-stores.ts';

describe('stores: mongo, records', () => {
  let server: MongoServer;
  let connection: MongoConnection;
  let made: Stores;
  beforeAll(async () => {
    server = await startMongo();
    const clock = createSystemClock();
    const address = { url: server.url, database: `records-${process.pid}` };
    connection = await MongoConnection.open({ address, clock, log: silentLog });
    await prepareCollections(connection, recordCollections);
    made = createRecordStores(connection, clock) as Stores;
  });
  afterAll(async () => {
    await connection.mongoose.db?.dropDatabase();
    await connection.close();
    await server.stop();
  });
  const stores = (): Stores => made;

  deadLettersContract(stores);
  idempotencyContract(stores);
  settingsContract(stores);
  tenancyContract(stores);
  hooksContract(stores);
  preferencesContract(stores);
  uploadsContract(stores);
  usageContract(stores);
  usersContract(stores);
});
