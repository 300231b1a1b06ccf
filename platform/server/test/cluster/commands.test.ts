// The commands of the terminal beside a running cluster: they find what is in the database of MONGODB_URL, as
// they find what is in a data folder.

import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { mongo as driver } from 'mongoose';
import { afterAll, beforeAll, expect, onTestFinished, test, vi } from 'vitest';
import { createApiClient } from '../support/api-client.ts';
import { compileCache } from '../support/compile-cache.ts';
import { freePort } from '../support/free-port.ts';
import { startMongo, type MongoServer } from '../support/mongo-server.ts';
import { openRedis } from '../support/open-redis.ts';
import { startRedis, type RedisServer } from '../support/redis-server.ts';
import { createTemporaryFolder, type TemporaryFolder } from '../support/temporary-folder.ts';

// Every command is a process that reads its TypeScript anew; on a busy machine that takes seconds.
vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });

const main = join(import.meta.dirname, '../../src/cli/main.ts');

let mongo: MongoServer;
let redis: RedisServer;
let folder: TemporaryFolder;
let node: ChildProcess;
let banner = '';

const environment = (): Record<string, string> => ({
  ...compileCache,
  PATH: '/usr/bin:/bin',
  DATA_DIR: join(folder.path, 'data'),
  MONGODB_URL: mongo.url.replace('/?', '/commands?'),
  REDIS_URL: redis.url,
  BELFRY_SECRET: 'the same on every node',
  PORT: '0',
});

async function belfry(args: string[], env: Record<string, string> = {}) {
  const child = spawn(process.execPath, [main, ...args], {
    env: { ...environment(), ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const [[code], out, err] = await Promise.all([once(child, 'close'), text(child.stdout), text(child.stderr)]);
  return { code: code as number | null, out, err };
}

beforeAll(async () => {
  folder = createTemporaryFolder();
  [mongo, redis] = await Promise.all([startMongo(), startRedis()]);
  // Before anything is stored.
  const early = await belfry(['token', '--app', 'demo', '--user', 'alice']);
  expect(early).toMatchObject({ code: 78, err: expect.stringContaining('the database that MONGODB_URL names yet') });
  node = spawn(process.execPath, [main, 'start'], {
    env: { ...environment(), LOG_FORMAT: 'pretty' },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  await new Promise<void>((resolve) => {
    node.stdout?.on('data', (chunk: Buffer) => {
      banner += chunk.toString();
      if (banner.includes('Ctrl-C')) resolve();
    });
  });
});
afterAll(async () => {
  const ended = once(node, 'exit');
  node.kill('SIGTERM');
  await ended;
  await Promise.all([redis.stop(), mongo.stop()]);
  folder.remove();
});

test('the first start of a cluster says the command for a token, and what it needs, without secrets', () => {
  expect(banner).toContain(
    'npx belfry token --app demo --user alice  (with the MONGODB_URL, REDIS_URL and BELFRY_SECRET of this node)',
  );
  for (const secret of [mongo.url, redis.url, 'the same on every node']) expect(banner).not.toContain(secret);
});

test('a token is signed with the secret that the cluster keeps, and the server takes it', async () => {
  const signed = await belfry(['token', '--app', 'demo', '--user', 'alice']);
  expect(signed).toMatchObject({ code: 0, err: '' });
  const [, url = ''] = /is up at (http:\S+)/.exec(banner) ?? [];
  const { api } = createApiClient(() => url);
  expect(await api('GET', '/messages/search?q=hello', undefined, signed.out.trim())).toMatchObject({ status: 200 });
  expect(await belfry(['token', '--app', 'demo', '--inspect', signed.out.trim()])).toMatchObject({
    code: 0,
    out: expect.stringContaining('The token is good until'),
  });
});

test('another secret, and an app that is not there, are said', async () => {
  const args = ['token', '--app', 'demo', '--user', 'alice'];
  expect(await belfry(args, { BELFRY_SECRET: 'not the right one' })).toMatchObject({
    code: 78,
    err: expect.stringContaining('BELFRY_SECRET is not the one that the data was sealed with'),
  });
  expect(await belfry(['token', '--app', 'demmo', '--user', 'alice'])).toMatchObject({
    code: 78,
    err: expect.stringContaining('in the database that MONGODB_URL names; there is: demo'),
  });
});

test('a backup and a restore of a data file are refused where the data is in MongoDB', async () => {
  expect(await belfry(['backup', join(folder.path, 'copy.db')])).toMatchObject({
    code: 78,
    err: expect.stringContaining('mongodump'),
  });
  expect(await belfry(['restore', join(folder.path, 'copy.db')])).toMatchObject({
    code: 78,
    err: expect.stringContaining('mongorestore'),
  });
  const MONGODB_URL = mongo.url.replace('/?', '/nothing?');
  expect(await belfry(['restore', '--in-place'], { MONGODB_URL })).toMatchObject({
    code: 78,
    err: expect.stringContaining('has no data of Belfry'),
  });
});

test('the doctor looks at every server of the cluster, and finds nothing that hinders a start', async () => {
  const { code, out } = await belfry(['doctor']);
  expect([code, out]).toEqual([0, expect.stringContaining('Nothing stands in the way')]);
  for (const line of [
    /mongodb +version \S+, replica set secantus, members: 1/,
    /ok +mongodb +writes reach the disks of a majority/,
    /ok +mongodb +all indexes are there/,
    /ok +mongodb +its clock is .* this machine's/,
    /ok +store +opens, at this version's schema; 1 app/,
    /ok +secret +BELFRY_SECRET opens what was sealed/,
    /ok +redis +version \d+\.\d+\.\d+, .* away/,
    /ok +redis +maxmemory-policy noeviction, maxmemory no bound/,
    /warning +redis +it keeps nothing on disk.* -> CONFIG SET appendonly yes/,
    /warning +uploads +files are kept in .* -> .*S3_BUCKET/,
  ]) {
    expect(out).toMatch(line);
  }
});

test('the doctor says what to do about a Redis that throws away, and indexes that are missing', async () => {
  const [connection, client] = [await openRedis(redis.url, 'test'), await driver.MongoClient.connect(mongo.url)];
  onTestFinished(async () => {
    await connection.config('SET', 'maxmemory-policy', 'noeviction');
    connection.disconnect();
    await client.close();
    expect(await belfry(['migrate', '--indexes'])).toMatchObject({ code: 0 });
  });
  await connection.config('SET', 'maxmemory-policy', 'allkeys-lru');
  await client.db('commands').collection('messages').dropIndex('app_1_stream_1_seq_1');
  const { code, out } = await belfry(['doctor']);
  expect(code).toBe(78);
  expect(out).toMatch(/problem +redis +maxmemory-policy allkeys-lru.* -> CONFIG SET maxmemory-policy noeviction/);
  expect(out).toMatch(
    /problem +mongodb +indexes are missing: messages\.app_1_stream_1_seq_1 -> belfry migrate --indexes/,
  );
});

test('the doctor says which servers do not answer', async () => {
  const away = await freePort();
  const { code, out } = await belfry(['doctor'], {
    MONGODB_URL: `mongodb://127.0.0.1:${away}/?replicaSet=rs0`,
    REDIS_URL: `redis://127.0.0.1:${away}`,
    S3_BUCKET: 'files',
    S3_ENDPOINT: `http://127.0.0.1:${away}`,
    S3_ACCESS_KEY_ID: 'a',
    S3_SECRET_ACCESS_KEY: 'b',
  });
  expect(code).toBe(78);
  expect(out).toMatch(/problem +mongodb +.* -> see that MONGODB_URL is right/);
  expect(out).toMatch(/problem +redis +no Redis answers: .*ECONNREFUSED.* -> see that REDIS_URL is right/);
  expect(out).toMatch(/warning +uploads +the bucket files: .* -> see that S3_ENDPOINT is right/);
});

test('the doctor tells a node of a Redis Cluster from a Redis of its own', async () => {
  const alone = await startRedis(['--cluster-enabled', 'yes', '--appendonly', 'yes']);
  onTestFinished(() => alone.stop());
  const { out } = await belfry(['doctor'], { REDIS_URL: alone.url });
  expect(out).toMatch(/problem +redis +it is a node of a Redis Cluster.* -> add \?cluster=true to REDIS_URL/);
  expect(out).toMatch(/ok +redis +it keeps a log on disk/);
});
