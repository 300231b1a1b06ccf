// The connection and its collections on a real server: promises of every write, keys that are taken, foreign
// filters, missing indexes, bounded waits.

import { afterAll, beforeAll, expect, onTestFinished, test, vi } from 'vitest';
import { startMongo, type MongoServer } from '../../../../test/support/mongo-server.ts';
import { silentLog } from '../../../ports/log.ts';
import { createSystemClock } from '../../clock.ts';
import { Collection, trusted } from './collection.ts';
import { MongoConnection } from './connection.ts';
import { declareCollection } from './declaration.ts';
import { makeIndex, missingIndexes, prepareCollections } from './prepare.ts';

interface Thing {
  app: string;
  name: string;
  count: number;
}

const things = declareCollection<Thing>('things', { app: String, name: String, count: Number }, [
  { key: { app: 1, name: 1 }, unique: true },
  { key: { app: 1, count: 1 } },
]);

let server: MongoServer;
beforeAll(async () => void (server = await startMongo()));
afterAll(() => server.stop());

let made = 0;

async function open(onCommand?: (command: Readonly<Record<string, unknown>>) => void): Promise<MongoConnection> {
  made += 1;
  const address = { url: server.url, database: `collection-${process.pid}-${made}` };
  const connection = await MongoConnection.open({ address, clock: createSystemClock(), log: silentLog, onCommand });
  onTestFinished(async () => {
    await connection.mongoose.db?.dropDatabase();
    await connection.close();
  });
  return connection;
}

async function openThings(): Promise<Collection<Thing>> {
  const connection = await open();
  await prepareCollections(connection, [things]);
  return new Collection(connection, things);
}

test('every write is acknowledged by a majority, from its disk, and every read is of such writes', async () => {
  const commands: Readonly<Record<string, unknown>>[] = [];
  const connection = await open((command) => commands.push(command));
  await prepareCollections(connection, [things]);
  const collection = new Collection(connection, things);
  await collection.insert({ app: 'a', name: 'n', count: 1 });
  await collection.update({ app: 'a' }, { $set: { count: 2 } }, { upsert: true });
  await collection.updateMany({ app: 'a' }, { $set: { count: 2 } });
  await collection.change({ app: 'a' }, { $set: { count: 2 } });
  await collection.batch([{ insertOne: { document: { app: 'a', name: 'o', count: 1 } } }]);
  await collection.remove({ app: 'a' });
  await collection.removeMany({ app: 'a' });
  await collection.find({ app: 'a' });
  await collection.count({ app: 'a' });
  const writes = commands.filter((command) =>
    ['insert', 'update', 'delete', 'findAndModify'].some((name) => name in command),
  );
  expect(writes).toHaveLength(7);
  for (const { writeConcern } of writes) expect(writeConcern).toEqual({ w: 'majority', j: true });
  const reads = commands.filter((command) => 'find' in command || 'aggregate' in command);
  expect(reads).toHaveLength(2);
  for (const { readConcern } of reads) expect(readConcern).toEqual({ level: 'majority' });
});

test('a key that is taken is an answer, alone and within a batch', async () => {
  const collection = await openThings();
  const insert = (name: string) => ({ insertOne: { document: { app: 'a', name, count: 1 } } });
  expect(await collection.insert({ app: 'a', name: 'n', count: 1 })).toBe(true);
  expect(await collection.insert({ app: 'a', name: 'n', count: 2 })).toBe(false);
  expect(await collection.batch(['m', 'n', 'o', 'm'].map(insert))).toMatchObject({ inserted: 2, taken: [1, 3] });
  expect(await collection.batch(['p', 'n', 'q'].map(insert), { ordered: true })).toMatchObject({
    inserted: 1,
    taken: [1],
  });
  expect(await collection.batch([])).toMatchObject({ inserted: 0, taken: [] });
});

test('of many upserts of one key at once each finds the document of the first', async () => {
  const collection = await openThings();
  const counted = Array.from({ length: 20 }, () =>
    collection.update({ app: 'a', name: 'n' }, { $inc: { count: 1 } }, { upsert: true }),
  );
  expect((await Promise.all(counted)).filter(({ upserted }) => upserted === 1)).toHaveLength(1);
  expect(await collection.find({ app: 'a' })).toMatchObject([{ name: 'n', count: 20 }]);
});

test('an operator that nobody vouched for is a value, and a field that was not declared is a defect', async () => {
  const collection = await openThings();
  await collection.insert({ app: 'a', name: 'n', count: 1 });
  const foreign = { $gt: '' } as unknown as string;
  await expect(collection.find({ app: 'a', name: foreign })).rejects.toMatchObject({ name: 'CastError' });
  expect(await collection.find({ app: 'a', name: trusted({ $gt: '' }) })).toMatchObject([{ name: 'n' }]);
  await expect(collection.find({ other: 'a' })).rejects.toMatchObject({ name: 'StrictModeError' });
  await expect(collection.update({ app: 'a' }, { $set: { other: 1 } })).rejects.toMatchObject({
    name: 'StrictModeError',
  });
});

test('a missing unique index refuses the start and names what makes it; another one is made', async () => {
  const connection = await open();
  await prepareCollections(connection, [things]);
  const native = connection.mongoose.collection('things');
  // An empty one is made whole, since another node may be about to.
  await native.dropIndex('app_1_name_1');
  await prepareCollections(connection, [things]);
  expect(await missingIndexes(connection, [things])).toEqual([]);
  await native.insertOne({ app: 'a', name: 'x', count: 1 });
  await native.dropIndex('app_1_name_1');
  await native.dropIndex('app_1_count_1');
  await expect(prepareCollections(connection, [things])).rejects.toMatchObject({
    reason: 'missing_indexes',
    message: 'unique indexes are missing: things.app_1_name_1. Make them: belfry migrate --indexes',
  });
  // The other one was made although the start was refused.
  const missing = await missingIndexes(connection, [things]);
  expect(missing.map(({ index }) => index.key)).toEqual([{ app: 1, name: 1 }]);
  for (const each of missing) await makeIndex(connection, each);
  await prepareCollections(connection, [things]);
  expect(await missingIndexes(connection, [things])).toEqual([]);
});

test('nodes that start at once make the collections together', async () => {
  const [one, other] = [await open(), await open()];
  const database = one.mongoose.name;
  const again = await MongoConnection.open({
    address: { url: server.url, database },
    clock: createSystemClock(),
    log: silentLog,
  });
  onTestFinished(() => again.close());
  await Promise.all([one, other, again].map((connection) => prepareCollections(connection, [things])));
  expect(await missingIndexes(again, [things])).toEqual([]);
});

test('a server that is not there is unreachable, within bounds', async () => {
  const address = { url: 'mongodb://127.0.0.1:1/?replicaSet=none' };
  const startedAt = performance.now();
  await expect(MongoConnection.open({ address, clock: createSystemClock(), log: silentLog })).rejects.toMatchObject({
    reason: 'unreachable',
  });
  expect(performance.now() - startedAt).toBeLessThan(10_000);
});

test('a server that comes within the time of a start is waited for, and an address that is wrong is not', async () => {
  const own = await startMongo();
  onTestFinished(() => own.stop());
  await own.kill();
  const { promise: hasFailed, resolve: fail } = Promise.withResolvers<undefined>();
  const options = {
    address: { url: own.url },
    clock: createSystemClock(),
    log: { ...silentLog, warn: () => fail(undefined) },
    waitMs: 30_000,
  };
  const opening = MongoConnection.open(options);
  await hasFailed;
  await own.restart();
  const connection = await opening;
  onTestFinished(() => connection.close());
  expect(connection.state).toBe('up');
  const startedAt = performance.now();
  await expect(MongoConnection.open({ ...options, address: { url: 'mongodb://a:b:c' } })).rejects.toMatchObject({
    reason: 'unreachable',
  });
  expect(performance.now() - startedAt).toBeLessThan(10_000);
}, 60_000);

test('calls are unavailable while the server is killed, and work again when it is back; the state says so', async () => {
  const own = await startMongo();
  const connection = await MongoConnection.open({
    address: { url: own.url },
    clock: createSystemClock(),
    log: silentLog,
  });
  onTestFinished(async () => {
    await connection.close();
    await own.stop();
  });
  await prepareCollections(connection, [things]);
  const collection = new Collection(connection, things);
  await collection.insert({ app: 'a', name: 'n', count: 1 });
  await own.kill();
  await expect(collection.find({ app: 'a' })).rejects.toMatchObject({ code: 'unavailable' });
  await expect(collection.insert({ app: 'a', name: 'o', count: 1 })).rejects.toMatchObject({ code: 'unavailable' });
  await expect.poll(() => connection.state, { timeout: 15_000 }).toBe('down');
  await own.restart();
  await expect.poll(() => connection.state, { timeout: 15_000 }).toBe('up');
  // Each connection of the pool is made anew at its own time.
  const found = await vi.waitFor(() => collection.find({ app: 'a', name: 'n' }));
  expect(found.map(({ count }) => count)).toEqual([1]);
  await connection.close();
  await expect(collection.find({ app: 'a' })).rejects.toMatchObject({ code: 'unavailable' });
  expect(connection.state).toBe('down');
}, 60_000);
