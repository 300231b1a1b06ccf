// Data that went back while clients know more: each of them is told of a gap, fills it from history, and misses nothing unnoticed.

import { execFile } from 'node:child_process';
import { copyFileSync, readdirSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import * as ahead from '../support/ahead-of-backup.ts';
import type { Position } from '../support/ahead-of-backup.ts';
import { createClients, type Clients } from '../support/clients.ts';
import { compileCache } from '../support/compile-cache.ts';
import { provisionFile } from '../support/provision.ts';
import { startServerProcess, type ServerProcess } from '../support/server-process.ts';
import { createTemporaryFolder, type TemporaryFolder } from '../support/temporary-folder.ts';

// Each start reads all of the TypeScript anew; on a busy machine that takes seconds.
vi.setConfig({ testTimeout: 60_000 });

const main = join(import.meta.dirname, '../../src/cli/main.ts');

let folder: TemporaryFolder;
let env: Record<string, string>;
let dataDir: string;
let file: string;
let server: ServerProcess | undefined;
let clients: Clients;
beforeEach(() => {
  folder = createTemporaryFolder();
  dataDir = join(folder.path, 'data');
  file = join(dataDir, 'belfry.db');
  writeFileSync(join(folder.path, 'provision.yaml'), provisionFile());
  env = { DATA_DIR: dataDir, PROVISION_FILE: join(folder.path, 'provision.yaml') };
  clients = createClients(() => running());
});
afterEach(async () => {
  await clients.closeAll();
  await end('SIGKILL');
  folder.remove();
});

function running(): ServerProcess {
  if (server === undefined) throw new Error('no server');
  return server;
}

async function start(): Promise<ServerProcess> {
  server = await startServerProcess({ folder: folder.path, env });
  return server;
}

async function end(signal: NodeJS.Signals): Promise<void> {
  server?.kill(signal);
  await server?.exited;
  server = undefined;
}

async function belfry(...args: string[]): Promise<string> {
  const options = { cwd: folder.path, env: { ...compileCache, PATH: '/usr/bin:/bin', ...env } };
  return (await promisify(execFile)(process.execPath, [main, ...args], options)).stdout;
}

/** See ahead-of-backup.ts. */
async function liveOn(between: () => unknown): Promise<Position[]> {
  await start();
  return await ahead.liveOn({ server: running, clients }, between);
}

const expectGaps = (known: readonly Position[]) => ahead.expectGaps({ server: running, clients }, known);

test('a backup is taken beside the running server, and restored with new epochs', async () => {
  const backup = join(folder.path, 'backup.db');
  const known = await liveOn(() => belfry('backup', backup));
  expect(statSync(backup).mode & 0o077).toBe(0);
  await expect(belfry('restore', backup)).rejects.toMatchObject({
    code: 78,
    stderr: expect.stringContaining('in use'),
  });
  await end('SIGTERM');

  expect(await belfry('restore', backup)).toContain('before-restore-');
  expect(readdirSync(dataDir).filter((name) => name.startsWith('before-restore-')).length).toBeGreaterThan(0);
  const { lines } = await start();
  expect(lines.filter(({ msg }) => msg === 'epochs raised')).toEqual([]);
  await expectGaps(known);
});

test('a data file that was put back by hand is noticed at the start', async () => {
  const old = join(folder.path, 'old.db');
  const known = await liveOn(() => belfry('backup', old));
  await end('SIGTERM');
  copyFileSync(old, file);
  rmSync(`${file}-wal`, { force: true });
  const { lines } = await start();
  expect(lines.find(({ msg }) => msg === 'epochs raised')).toMatchObject({ level: 'warn', file });
  await expectGaps(known);
});

test('a log that lost its end to a damage is noticed at the start', async () => {
  let wholeBytes = 0;
  const known = await liveOn(() => (wholeBytes = statSync(`${file}-wal`).size));
  await end('SIGKILL');
  // A little of what came after is left, torn: SQLite drops it without a word.
  truncateSync(`${file}-wal`, wholeBytes + 1000);
  const { lines } = await start();
  expect(lines.find(({ msg }) => msg === 'epochs raised')).toMatchObject({ level: 'warn', file });
  await expectGaps(known);
});

test('a snapshot of the whole disk is told of by hand', async () => {
  const known = await liveOn(() => undefined);
  await end('SIGTERM');
  await belfry('restore', '--in-place');
  const { lines } = await start();
  expect(lines.filter(({ msg }) => msg === 'epochs raised')).toEqual([]);
  const bob = await clients.connect({ userId: 'bob', resume: known });
  expect(bob.connected['resumed']).toMatchObject(known.map(({ stream }) => ({ stream, gap: { from: 1, to: 4 } })));
});
