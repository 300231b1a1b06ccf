// Epochs of a database that was restored: raised for all streams at once, and never the same twice.

import { afterAll, beforeAll, expect, test } from 'vitest';
import { startMongo, type MongoServer } from '../../../../test/support/mongo-server.ts';
import { newApp, sampleConversation, sampleMessages } from '../../../../test/support/samples.ts';
import { silentLog } from '../../../ports/log.ts';
import { createSystemClock } from '../../clock.ts';
import { createMongoStores, raiseMongoEpochs } from './create-mongo-stores.ts';

let server: MongoServer;
beforeAll(async () => void (server = await startMongo()));
afterAll(() => server.stop());

const surroundings = { clock: createSystemClock(), log: silentLog };
const streams = ['c:c1', 'u:alice', 'c:never'];

test('after a restore each stream has another epoch, in every place that says it, and keeps its seqs', async () => {
  const options = { ...surroundings, address: { url: server.url, database: `life-${process.pid}` } };
  const app = newApp();
  const seen: string[] = [];
  const look = async (): Promise<void> => {
    const stores = await createMongoStores(options);
    await stores.installation.setOnce('fact', 'of an installation');
    if (await stores.conversations.create(app, sampleConversation(), [])) {
      await stores.messages.append(app, sampleMessages(1, 3));
    }
    const heads = await stores.messages.heads(app, streams);
    const told = [
      ...streams.map((stream) => heads.get(stream)?.epoch),
      (await stores.conversations.get(app, 'c1'))?.epoch,
      (await stores.conversations.list(app, { limit: 1 }))[0]?.conversation.epoch,
      (await stores.conversations.update(app, 'c1', { title: 'x' }))?.epoch,
    ];
    expect(new Set(told).size).toBe(1);
    expect(heads.get('c:c1')?.seq).toBe(3);
    seen.push(String(told[0]));
    await stores.close();
  };
  await look();
  await raiseMongoEpochs(options);
  await look();
  await raiseMongoEpochs(options);
  await look();
  await look();
  const [first, second, third, fourth] = seen;
  expect(first).toBe('e1');
  expect(new Set([first, second, third]).size).toBe(3);
  expect(fourth).toBe(third);
});

test('after a restore the log of a conversation takes what is numbered for its head, and nothing numbered before', async () => {
  const options = { ...surroundings, address: { url: server.url, database: `life-append-${process.pid}` } };
  const app = newApp();
  const before = await createMongoStores(options);
  await before.installation.setOnce('fact', 'of an installation');
  await before.conversations.create(app, sampleConversation(), []);
  await before.messages.append(app, sampleMessages(1, 2), 'e1');
  await before.close();
  await raiseMongoEpochs(options);
  const stores = await createMongoStores(options);
  const epoch = (await stores.messages.heads(app, ['c:c1'])).get('c:c1')?.epoch;
  expect(await stores.messages.append(app, sampleMessages(3, 4), epoch)).toEqual({ inserted: 2 });
  expect((await stores.messages.heads(app, ['c:c1'])).get('c:c1')).toMatchObject({ epoch, seq: 4 });
  expect(await stores.messages.append(app, sampleMessages(5, 5), 'e9')).toMatchObject({ inserted: 0 });
  await stores.close();
});

test('a conversation that is made again after a restore has an epoch of its own', async () => {
  const options = { ...surroundings, address: { url: server.url, database: `life-again-${process.pid}` } };
  const app = newApp();
  const before = await createMongoStores(options);
  await before.installation.setOnce('fact', 'of an installation');
  await before.close();
  await raiseMongoEpochs(options);
  const stores = await createMongoStores(options);
  await stores.conversations.create(app, sampleConversation(), []);
  const first = (await stores.conversations.get(app, 'c1'))?.epoch;
  await stores.conversations.remove(app, 'c1');
  await stores.conversations.create(app, sampleConversation(), []);
  const second = (await stores.conversations.get(app, 'c1'))?.epoch;
  await stores.close();
  expect(first).toMatch(/^e1\./);
  expect(second).toMatch(/^e2\./);
});

test('a database without data has no epochs to raise', async () => {
  const address = { url: server.url, database: `life-empty-${process.pid}` };
  await expect(raiseMongoEpochs({ ...surroundings, address })).rejects.toThrow('has no data of Belfry');
});
