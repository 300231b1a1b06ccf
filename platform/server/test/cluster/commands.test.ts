// The commands of the terminal beside a running cluster: they find what is in the database of MONGODB_URL, as they
// find what is in a data folder.

import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { createApiClient } from '../support/api-client.ts';
import { compileCache } from '../support/compile-cache.ts';
import { startMongo, type MongoServer } from '../support/mongo-server.ts';
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
});
