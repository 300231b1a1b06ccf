// A put that the server was asked for twice and did not take for a repetition still knows itself.

import { afterAll, beforeAll, expect, test } from 'vitest';
import { startMongo, type MongoServer } from '../../../../test/support/mongo-server.ts';
import { newApp } from '../../../../test/support/samples.ts';
import { silentLog } from '../../../ports/log.ts';
import { createSystemClock } from '../../clock.ts';
import { Collection, type Filter, type Update, type Written } from './collection.ts';
import { MongoConnection } from './connection.ts';
import { declareCollection } from './declaration.ts';
import { prepareCollections } from './prepare.ts';
import { putVersioned, type VersionedDocument } from './versioned-put.ts';

interface Thing extends VersionedDocument {
  app: string;
  body: string;
}

const things = declareCollection<Thing>('things', { app: String, body: String, version: Number, putId: String }, [
  { key: { app: 1 }, unique: true },
]);

/** Answers as a server that lost the first answer, and what it knew of it. */
class AskedTwice extends Collection<Thing> {
  override async insert(document: Thing): Promise<boolean> {
    await super.insert(document);
    return super.insert(document);
  }

  override async update(filter: Filter<Thing>, update: Update<Thing>): Promise<Written> {
    await super.update(filter, update);
    return super.update(filter, update);
  }
}

let server: MongoServer;
let connection: MongoConnection;
beforeAll(async () => {
  server = await startMongo();
  const address = { url: server.url, database: `puts-${process.pid}` };
  connection = await MongoConnection.open({ address, clock: createSystemClock(), log: silentLog });
  await prepareCollections(connection, [things]);
});
afterAll(async () => {
  await connection.mongoose.db?.dropDatabase();
  await connection.close();
  await server.stop();
});

test('a put that was done twice is told from one that another was faster than', async () => {
  const twice = new AskedTwice(connection, things);
  const app = newApp();
  const put = (body: string, ifVersion: number) => putVersioned(twice, { key: { app }, fields: { body }, ifVersion });
  expect([await put('a', 0), await put('b', 1)]).toEqual([true, true]);
  expect([await put('late', 0), await put('late', 1), await put('early', 3)]).toEqual([false, false, false]);
  expect(await twice.findOne({ app })).toMatchObject({ body: 'b', version: 2 });
});
