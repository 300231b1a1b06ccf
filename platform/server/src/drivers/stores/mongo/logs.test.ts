// The stores of logs keep their contracts on a real server.

import { afterAll, beforeAll, describe } from 'vitest';
import { conversationsContract } from '../../../../test/contracts/stores/conversations.contract.ts';
import { cursorsContract } from '../../../../test/contracts/stores/cursors.contract.ts';
import { journeysContract } from '../../../../test/contracts/stores/journeys.contract.ts';
import { messagesContract } from '../../../../test/contracts/stores/messages.contract.ts';
import { outboxContract } from '../../../../test/contracts/stores/outbox.contract.ts';
import { searchContract } from '../../../../test/contracts/stores/search.contract.ts';
import { startMongo, type MongoServer } from '../../../../test/support/mongo-server.ts';
import { silentLog } from '../../../ports/log.ts';
import type { Stores } from '../../../ports/stores/index.ts';
import { createSystemClock } from '../../clock.ts';
import { createMongoStores } from './create-mongo-stores.ts';

describe('logs: MongoDB', () => {
  let server: MongoServer;
  let made: Awaited<ReturnType<typeof createMongoStores>>;
  beforeAll(async () => {
    server = await startMongo();
    const address = { url: server.url, database: `logs-${process.pid}` };
    made = await createMongoStores({ address, clock: createSystemClock(), log: silentLog });
  });
  afterAll(async () => {
    await made.close();
    await server.stop();
  });
  const stores = () => made as Stores;
  messagesContract(stores);
  outboxContract(stores);
  searchContract(stores);
  cursorsContract(stores);
  conversationsContract(stores);
  journeysContract(stores);
});
