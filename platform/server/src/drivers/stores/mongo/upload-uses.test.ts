// Uses that end at the same time: the last of them leaves the upload unused, whoever was faster in between. The
// promises of every driver are in test/contracts/stores.

import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { startMongo, type MongoServer } from '../../../../test/support/mongo-server.ts';
import { newApp } from '../../../../test/support/samples.ts';
import { silentLog } from '../../../ports/log.ts';
import { createSystemClock } from '../../clock.ts';
import { createMongoStores } from './create-mongo-stores.ts';

let server: MongoServer;
beforeAll(async () => void (server = await startMongo()));
afterAll(() => server.stop());

test('of uses that end on two nodes at once the last leaves the upload unused', async () => {
  const app = newApp();
  const address = { url: server.url, database: `upload-uses-${process.pid}` };
  const open = async () => {
    const stores = await createMongoStores({ address, clock: createSystemClock(), log: silentLog });
    onTestFinished(() => stores.close());
    return stores.uploads;
  };
  const [one, other] = [await open(), await open()];
  const nodes = [one, other];
  const arrived = {
    userId: 'alice',
    name: 'a',
    type: 'image/png',
    bytes: 1,
    digest: 'd',
    quotaBytes: 1e6,
    unusedPerUser: 1000,
  };
  const endAtOnce = async (id: string): Promise<boolean> => {
    await one.begin(app, { id, createdAt: 1000 });
    await one.complete(app, id, arrived);
    const messages = nodes.flatMap((node, at) => ['a', 'b'].map((name) => ({ node, message: `${id}${name}${at}` })));
    for (const uses of [
      { uploadIds: [id], streams: ['c:c1'], at: 2000 },
      { uploadIds: [], streams: [], at: 3000 },
    ])
      await Promise.all(messages.map(({ node, message }) => node.setUses(app, message, uses)));
    return (await one.get(app, id))?.unusedSince === 3000;
  };
  const ids = Array.from({ length: 40 }, (_, index) => `u${index}`);
  expect(await Promise.all(ids.map(endAtOnce))).toEqual(ids.map(() => true));
});
