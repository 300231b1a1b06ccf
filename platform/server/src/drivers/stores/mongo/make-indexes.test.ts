// `belfry migrate --indexes` as an operator runs it, against a real server: what a refused start asks for is
// made, and what is in the way is named.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, beforeEach, expect, onTestFinished, test, vi } from 'vitest';
import { compileCache } from '../../../../test/support/compile-cache.ts';
import { startMongo, type MongoServer } from '../../../../test/support/mongo-server.ts';
import { newApp, sampleDevice } from '../../../../test/support/samples.ts';
import { createTemporaryFolder } from '../../../../test/support/temporary-folder.ts';
import { silentLog } from '../../../ports/log.ts';
import { createSystemClock } from '../../clock.ts';
import { MongoConnection } from './connection.ts';
import { createMongoStores, declarations } from './create-mongo-stores.ts';
import { missingIndexes } from './prepare.ts';

// The command is a process that reads its TypeScript anew; on a busy machine that takes seconds.
vi.setConfig({ testTimeout: 60_000 });

const main = join(import.meta.dirname, '../../../cli/main.ts');

let server: MongoServer;
beforeAll(async () => void (server = await startMongo()));
afterAll(() => server.stop());

let made = 0;
let url: string;
let connection: MongoConnection;

beforeEach(async () => {
  made += 1;
  // No URL: it may have several hosts.
  url = server.url.replace(/^(mongodb[^/]*\/\/[^/?]+)[^?]*/, `$1/indexes-${process.pid}-${made}`);
  connection = await MongoConnection.open({ address: { url }, clock: createSystemClock(), log: silentLog });
  onTestFinished(async () => {
    await connection.mongoose.db?.dropDatabase();
    await connection.close();
  });
});

/** A start, something that is stored, and an end. */
async function start(): Promise<void> {
  const stores = await createMongoStores({ address: { url }, clock: createSystemClock(), log: silentLog });
  await stores.devices.register(newApp(), sampleDevice());
  await stores.close();
}

async function migrate(env: Record<string, string> = { MONGODB_URL: url, REDIS_URL: 'redis://127.0.0.1:1' }) {
  const folder = createTemporaryFolder();
  onTestFinished(() => folder.remove());
  const child = spawn(process.execPath, [main, 'migrate', '--indexes'], {
    cwd: folder.path,
    env: { ...compileCache, PATH: '/usr/bin:/bin', DATA_DIR: folder.path, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const [[code], out, err] = await Promise.all([once(child, 'close'), text(child.stdout), text(child.stderr)]);
  return { code: code as unknown, out, err };
}

test('in an empty database all indexes are made, and the next run finds nothing to do', async () => {
  const first = await migrate();
  expect([first.code, first.err]).toEqual([0, '']);
  expect(first.out).toContain('making messages.app_1_stream_1_seq_1 ...\n');
  expect(await missingIndexes(connection, declarations)).toEqual([]);
  expect(await migrate()).toEqual({ code: 0, out: 'No index is missing.\n', err: '' });
});

test('a start that lacks a unique index is refused until it is made', async () => {
  await start();
  await connection.mongoose.collection('devices').dropIndex('app_1_targetHash_1');
  await expect(start()).rejects.toMatchObject({
    reason: 'missing_indexes',
    message: expect.stringContaining('devices.app_1_targetHash_1. Make them: belfry migrate --indexes') as string,
  });
  expect(await migrate()).toEqual({
    code: 0,
    out: 'making devices.app_1_targetHash_1 ...\nAll indexes are there, 1 new.\n',
    err: '',
  });
  await start();
});

test('documents that a unique index forbids are named, and the other indexes are made', async () => {
  await start();
  const hooks = connection.mongoose.collection('hooks');
  await hooks.dropIndex('app_1_id_1');
  await connection.mongoose.collection('usage').dropIndex('app_1_day_1_name_1');
  const app = newApp();
  await hooks.insertMany([
    { app, id: 'lab', version: 1 },
    { app, id: 'lab', version: 2 },
  ]);
  const { code, out, err } = await migrate();
  expect(code).toBe(78);
  expect(out).toContain('making usage.app_1_day_1_name_1 ...\n');
  expect(err).toContain('hooks.app_1_id_1 was not made: documents have the same app, id; remove all but one');
  await hooks.deleteOne({ app, version: 1 });
  expect((await migrate()).out).toBe('making hooks.app_1_id_1 ...\nAll indexes are there, 1 new.\n');
});

test('an index of the same key with other options is named, with what takes it away', async () => {
  await start();
  const hooks = connection.mongoose.collection('hooks');
  await hooks.dropIndex('app_1_id_1');
  await hooks.createIndexes([{ key: { app: 1, id: 1 }, name: 'app_1_id_1' }]);
  const { code, err } = await migrate();
  expect(code).toBe(78);
  expect(err).toContain("other options; drop it: db.hooks.dropIndex('app_1_id_1')");
});

test('without a cluster, and without its database, the command says what is missing', async () => {
  const alone = await migrate({});
  expect([alone.code, alone.err]).toEqual([78, expect.stringContaining('MONGODB_URL is not set')]);
  const away = await migrate({ MONGODB_URL: 'mongodb://127.0.0.1:1/?replicaSet=none', REDIS_URL: 'redis://r' });
  expect([away.code, away.out]).toEqual([78, '']);
  expect(away.err).not.toBe('');
});
