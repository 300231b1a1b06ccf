// Schema versions of a cluster: steps run once, under a lease, while older nodes write; an older node refuses
// what it cannot read. The steps here are real ones, over devices, and no part of the product.

import { setImmediate as immediate } from 'node:timers/promises';
import { mongo as driver } from 'mongoose';
import { afterAll, beforeAll, expect, onTestFinished, test, vi } from 'vitest';
import { startMongo, type MongoServer } from '../../../../test/support/mongo-server.ts';
import { newApp, sampleDevice } from '../../../../test/support/samples.ts';
import { silentLog } from '../../../ports/log.ts';
import type { Stores } from '../../../ports/stores/index.ts';
import { createSystemClock } from '../../clock.ts';
import { MongoConnection } from './connection.ts';
import { createMongoStores, readMongoRecords } from './create-mongo-stores.ts';
import { underSchemaLease } from './schema-lease.ts';
import type { SchemaStep } from './schema.ts';

// On a busy machine the making of all collections takes seconds.
vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });

let server: MongoServer;
let client: driver.MongoClient;
beforeAll(async () => {
  server = await startMongo();
  client = await driver.MongoClient.connect(server.url);
});
afterAll(async () => {
  await client.close();
  await server.stop();
});

const surroundings = { clock: createSystemClock(), log: silentLog };
type Db = Parameters<SchemaStep['run']>[0];

/** Parts of 10 that `onPart` is told of. */
async function inParts(db: Db, change: (ids: readonly driver.BSON.ObjectId[]) => Promise<unknown>): Promise<void> {
  let after: driver.BSON.ObjectId | undefined;
  for (;;) {
    const from = after === undefined ? {} : { _id: { $gt: after } };
    const found = await db
      .collection('devices')
      .find(from, { projection: { _id: 1 } })
      .sort({ _id: 1 })
      .limit(10)
      .toArray();
    if (found.length === 0) return;
    await change(found.map(({ _id }) => _id));
    after = found.at(-1)?._id;
  }
}

/** The language of a device gets a field of its own, beside the locale. */
function expand(onPart: () => Promise<void> = async () => undefined): SchemaStep {
  return {
    name: 'language of devices',
    oldest: 0,
    run: (db) =>
      inParts(db, async (ids) => {
        await onPart();
        const language = { $arrayElemAt: [{ $split: ['$locale', '-'] }, 0] };
        await db.collection('devices').updateMany({ _id: { $in: [...ids] } }, [{ $set: { language } }]);
      }),
  };
}

/** And, when no node reads it any more, the locale goes. */
const contract: SchemaStep = {
  name: 'no locale of devices',
  oldest: 1,
  run: (db) =>
    inParts(db, async (ids) => {
      await db.collection('devices').updateMany({ _id: { $in: [...ids] } }, { $unset: { locale: '' } });
    }),
};

function place(name: string) {
  const database = `schema-${name}-${process.pid}`;
  const options = { ...surroundings, address: { url: server.url, database } };
  return {
    options,
    async open(schemaSteps: readonly SchemaStep[]): Promise<Stores> {
      const stores = await createMongoStores({ ...options, schemaSteps });
      onTestFinished(() => stores.close());
      return stores;
    },
    devices: () => client.db(database).collection('devices').find().toArray(),
    async schema(): Promise<unknown> {
      const fact = await client.db(database).collection('installation').findOne({ name: 'schema' });
      return fact === null ? undefined : (JSON.parse(String(fact['value'])) as unknown);
    },
  };
}

const app = newApp();

async function fill(stores: Stores, from: number, count: number): Promise<void> {
  await stores.installation.setOnce('fact', 'of an installation');
  for (let n = from; n < from + count; n += 1) {
    await stores.devices.register(app, sampleDevice({ id: `d${n}`, targetHash: `h${n}`, locale: 'de-AT' }));
  }
}

test('a step runs once, of two nodes that start at once, while an older node writes and reads', async () => {
  const { open, devices, schema } = place('expand');
  const old = await open([]);
  await fill(old, 0, 50);
  let parts = 0;
  const step = expand(async () => {
    parts += 1;
    if (parts <= 3) await fill(old, 100 + parts * 10, 2);
  });
  await Promise.all([open([step]), open([step])]);
  expect(parts, 'of both nodes together').toBeLessThan(10);
  expect(await schema()).toEqual({ version: 1, oldest: 0 });
  const all = await devices();
  expect(all.filter(({ language }) => language === 'de').length).toBeGreaterThanOrEqual(50);
  expect(await old.devices.get(app, 'd3')).toMatchObject({ locale: 'de-AT' });
  // Beside newer nodes an older one may start again: the step took nothing away.
  await fill(await open([]), 500, 1);
});

test('a step that takes away refuses older nodes from before it begins, and programs that look', async () => {
  const { open, options, devices, schema } = place('contract');
  await fill(await open([]), 0, 30);
  await open([expand()]);
  let isRefused = false;
  const told: SchemaStep = {
    ...contract,
    async run(db) {
      isRefused = await open([]).then(
        () => false,
        (error: unknown) => String(error).includes('Start the newer version again'),
      );
      await contract.run(db);
    },
  };
  await open([expand(), told]);
  expect(isRefused).toBe(true);
  expect(await schema()).toEqual({ version: 2, oldest: 1 });
  expect((await devices()).every(({ locale, language }) => locale === undefined && language === 'de')).toBe(true);
  await expect(open([])).rejects.toMatchObject({ reason: 'newer_version' });
  await expect(readMongoRecords(options)).rejects.toMatchObject({ reason: 'newer_version' });
  // The release before knows the expansion.
  await open([expand()]);
});

test('a step that is cut off begins anew with the next start', async () => {
  const { open, devices, schema } = place('cut');
  await fill(await open([]), 0, 30);
  let parts = 0;
  const failing = expand(async () => {
    parts += 1;
    if (parts === 2) throw new Error('cut off');
  });
  await expect(open([failing])).rejects.toThrow('cut off');
  expect(await schema()).toEqual({ version: 0, oldest: 0 });
  await open([failing]);
  expect(await schema()).toEqual({ version: 1, oldest: 0 });
  expect((await devices()).every(({ language }) => language === 'de')).toBe(true);
});

test('a new database has the newest version, and no step to do', async () => {
  const { open, schema } = place('new');
  const never = expand(() => Promise.reject(new Error('nothing is there')));
  await open([{ ...never, run: () => Promise.reject(new Error('it ran')) }]);
  expect(await schema()).toEqual({ version: 1, oldest: 0 });
});

test('the lease of a process that died is taken over when it was silent for its time', async () => {
  const { open, options } = place('lease');
  await open([]);
  const { database } = options.address;
  const [one, two] = [await MongoConnection.open(options), await MongoConnection.open(options)];
  const dead = Promise.withResolvers<undefined>();
  /** Of one that lives: a busy machine is late with its signs, and not by seconds. */
  const lives = { leaseMs: 3000, renewEveryMs: 250 };
  // It never says that it lives.
  const first = underSchemaLease(
    one,
    { ...surroundings, times: { leaseMs: 400, renewEveryMs: 1e6 } },
    () => dead.promise,
  );
  const order: string[] = [];
  const soon = { leaseMs: 400, renewEveryMs: 50 };
  await underSchemaLease(two, { ...surroundings, times: soon }, async () => void order.push('took over'));
  // One that lives is waited for, however long it takes: here for more signs of life than fit into the time.
  let waiting = Promise.resolve();
  await underSchemaLease(two, { ...surroundings, times: lives }, async () => {
    waiting = underSchemaLease(one, { ...surroundings, times: lives }, async () => void order.push('waited'));
    const seen = new Set<unknown>();
    while (seen.size * lives.renewEveryMs < lives.leaseMs + 1000) {
      const fact = await client.db(database).collection('installation').findOne({ name: 'schema_lease' });
      seen.add(fact?.['value']);
      await immediate();
    }
    order.push('slow');
  });
  await waiting;
  expect(order).toEqual(['took over', 'slow', 'waited']);
  dead.resolve(undefined);
  await first;
  await Promise.all([one.close(), two.close()]);
});
