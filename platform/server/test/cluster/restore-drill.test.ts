// The restore drill of docs/operations.md on a cluster: MongoDB goes back to a backup while clients know more. Each is
// told of a gap, and none misses what is new. A copy by the driver stands in for `mongodump`. On the embedded engine:
// scenarios/restore.test.ts.

import { execFile } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { mongo as driver } from 'mongoose';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { expectGaps, history, liveOn } from '../support/ahead-of-backup.ts';
import { createClients } from '../support/clients.ts';
import { compileCache } from '../support/compile-cache.ts';
import { startMongo, type MongoServer } from '../support/mongo-server.ts';
import { provisionFile } from '../support/provision.ts';
import { startRedis, type RedisServer } from '../support/redis-server.ts';
import { startServerProcess, type ServerProcess } from '../support/server-process.ts';
import { createTemporaryFolder } from '../support/temporary-folder.ts';

// Every command and node is a process that reads its TypeScript anew; on a busy machine that takes seconds.
vi.setConfig({ testTimeout: 120_000, hookTimeout: 60_000 });

const main = join(import.meta.dirname, '../../src/cli/main.ts');
/** The second is where the backup is put back, as the drill has it: on a machine of its own. */
const [used, restored] = ['used', 'restored'];
let database = used;
const folder = createTemporaryFolder();
let mongo: MongoServer;
let redis: RedisServer;
let client: driver.MongoClient;
let nodes: ServerProcess[] = [];

const first = (): ServerProcess => {
  const [node] = nodes;
  if (node === undefined) throw new Error('no node');
  return node;
};
const clients = createClients(first);

beforeAll(async () => {
  [mongo, redis] = await Promise.all([startMongo(), startRedis()]);
  client = await new driver.MongoClient(mongo.url).connect();
  writeFileSync(join(folder.path, 'provision.yaml'), provisionFile());
});
afterAll(async () => {
  await clients.closeAll();
  await stopNodes();
  await client.close();
  await Promise.all([redis.stop(), mongo.stop()]);
  folder.remove();
});

function environment(): Record<string, string> {
  return {
    DATA_DIR: join(folder.path, 'data'),
    PROVISION_FILE: join(folder.path, 'provision.yaml'),
    MONGODB_URL: mongo.url.replace('/?', `/${database}?`),
    REDIS_URL: redis.url,
    BELFRY_SECRET: 'the same on every node',
  };
}

/** Two of them: a cluster. */
async function startNodes(): Promise<void> {
  const start = () => startServerProcess({ folder: folder.path, env: environment() });
  nodes = [await start(), await start()];
}

async function stopNodes(): Promise<void> {
  for (const node of nodes) node.kill('SIGTERM');
  await Promise.all(nodes.map(({ exited }) => exited));
  nodes = [];
}

type Copy = Map<string, driver.Document[]>;

/** With the types of BSON, which other numbers than those of a document would not be. */
async function copyOf(db: driver.Db): Promise<Copy> {
  const names = (await db.listCollections().toArray()).map(({ name }) => name);
  const find = async (name: string) => await db.collection(name).find({}, { promoteValues: false }).toArray();
  return new Map(await Promise.all(names.map(async (name) => [name, await find(name)] as const)));
}

async function putBack(db: driver.Db, copy: Copy): Promise<void> {
  for (const [name, documents] of copy) {
    await db.createCollection(name);
    if (documents.length > 0) await db.collection(name).insertMany(documents);
  }
}

async function belfry(...args: string[]): Promise<void> {
  const env = { ...compileCache, PATH: '/usr/bin:/bin', ...environment() };
  await promisify(execFile)(process.execPath, [main, ...args], { env });
}

test('a cluster whose database went back tells each client that is ahead, and loses nothing that is new', async () => {
  const site = { server: first, clients };
  await startNodes();
  let backup: Copy = new Map();
  const known = await liveOn(site, async () => (backup = await copyOf(client.db(used))));
  expect(await history(first())).toEqual(['one', 'two', 'lost three', 'lost four']);
  await clients.closeAll();
  await stopNodes();

  await putBack(client.db(restored), backup);
  database = restored;
  // A copy by hand has none; `mongorestore` brings them along.
  await belfry('migrate', '--indexes');
  await belfry('restore', '--in-place');
  await startNodes();
  await expectGaps(site, known);
});
