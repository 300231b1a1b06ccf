// The faults that keep a server from starting (docs/bad-input.md, the fourth table): the reason, in one list,
// and exit code 78. Each row is a process of its own.

import { cpSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, afterEach, beforeAll, beforeEach, expect, onTestFinished, test } from 'vitest';
import { provisionFile } from '../support/provision.ts';
import { runServerProcess, startServerProcess } from '../support/server-process.ts';
import { createTemporaryFolder, type TemporaryFolder } from '../support/temporary-folder.ts';

const timeout = { timeout: 60_000 };

/** The data of a server that ran once. */
let model: TemporaryFolder;
let folder: TemporaryFolder;
beforeAll(async () => {
  model = createTemporaryFolder();
  const server = await startServerProcess({ folder: model.path, env: {} });
  server.kill('SIGTERM');
  expect(await server.exited).toBe(0);
}, 60_000);
afterAll(() => model.remove());
beforeEach(() => {
  folder = createTemporaryFolder();
  cpSync(model.path, folder.path, { recursive: true });
});
afterEach(() => folder.remove());

function change(sql: string): void {
  const db = new DatabaseSync(join(folder.path, 'data', 'belfry.db'));
  db.exec(sql);
  db.close();
}

/** Every part of `reported` stands in the list for people, and each problem on a line of the log. */
async function expectRefusal(env: Record<string, string>, ...reported: readonly string[]): Promise<void> {
  const { code, lines, err } = await runServerProcess({ folder: folder.path, env });
  expect(code, err).toBe(78);
  for (const part of reported) expect(err).toContain(part);
  const problems = lines.filter(({ msg }) => msg === 'config problem');
  for (const part of reported) expect(JSON.stringify(problems)).toContain(JSON.stringify(part).slice(1, -1));
  expect(lines.filter(({ msg }) => msg === 'listening')).toEqual([]);
}

function provisioned(text: string): Record<string, string> {
  writeFileSync(join(folder.path, 'p.yaml'), text);
  return { PROVISION_FILE: 'p.yaml' };
}

test('every mistake in the variables is reported, in one list', timeout, async () => {
  const env = { PORT: 'x', REDIS_URL: 'redis://r', OUTBOUND_ALLOW: 'everything', LIMIT_FRAME_BYTES: '1' };
  await expectRefusal(env, 'PORT', 'MONGODB_URL', 'OUTBOUND_ALLOW', 'LIMIT_FRAME_BYTES');
});

test('every mistake in the provision file is reported, by path', timeout, async () => {
  const text = `
    tenants: [{ id: t, apps: [{ key: a, signingSecret: short, colour: red }, { key: b, jwksUrl: "ftp://x/" }] }]`;
  await expectRefusal(
    provisioned(text),
    'tenants[0].apps[0].signingSecret',
    'tenants[0].apps[0].colour',
    'tenants[0].apps[1].jwksUrl',
  );
});

test('a key set at an address that may not be called is reported', timeout, async () => {
  for (const [url, allow] of [
    ['https://169.254.169.254/jwks', ''],
    ['https://2130706433/jwks', '127.0.0.0/8'],
    ['https://[::ffff:10.0.0.1]/jwks', '10.0.0.0/8'],
  ] as const) {
    const env = provisioned(`tenants: [{ id: t, apps: [{ key: a, jwksUrl: "${url}" }] }]`);
    await expectRefusal({ ...env, OUTBOUND_ALLOW: allow }, 'tenants[0].apps[0].jwksUrl');
  }
});

test('a provision file that is not there, and one that is no YAML, is reported', timeout, async () => {
  await expectRefusal({ PROVISION_FILE: 'nowhere.yaml' }, 'PROVISION_FILE');
  await expectRefusal(provisioned('tenants: [{'), 'line 1');
});

test('a provider of a plugin that is not there is reported', timeout, async () => {
  const text = provisionFile({ app: { providers: [{ id: 'p', plugin: 'nobody', config: {} }] } });
  await expectRefusal(provisioned(text), 'tenants[0].apps[0].providers[0].plugin');
});

test('a data file of a newer version is reported', timeout, async () => {
  change('PRAGMA user_version = 999');
  await expectRefusal({}, 'DATA_DIR', '999');
});

test('a data file that is none is reported', timeout, async () => {
  writeFileSync(join(folder.path, 'data', 'belfry.db'), 'not a database '.repeat(1000));
  await expectRefusal({}, 'DATA_DIR');
});

test('a data file that opens and is damaged further in, by its name', timeout, async () => {
  const file = join(folder.path, 'data', 'belfry.db');
  change('PRAGMA wal_checkpoint(TRUNCATE)');
  const content = readFileSync(file);
  // The first page, with the schema, stays.
  writeFileSync(file, Buffer.concat([content.subarray(0, 4096), Buffer.alloc(content.length - 4096, 0x5a)]));
  await expectRefusal({}, 'DATA_DIR', file);
});

test('a data file that is missing or empty, beside what belongs to one', timeout, async () => {
  const file = join(folder.path, 'data', 'belfry.db');
  writeFileSync(file, '');
  await expectRefusal({}, 'DATA_DIR', file, 'secret', 'belfry restore');
  rmSync(file);
  rmSync(`${file}.position`);
  await expectRefusal({}, 'DATA_DIR', file, 'secret', 'belfry restore');
});

test('a data folder that another server has, although its lock file was deleted', timeout, async () => {
  const first = await startServerProcess({ folder: folder.path, env: {} });
  rmSync(join(folder.path, 'data', 'belfry.db.lock'));
  await expectRefusal({}, 'DATA_DIR', 'in use');
  first.kill('SIGTERM');
  expect(await first.exited).toBe(0);
});

test('a data file without the unique index that order stands on is reported', timeout, async () => {
  change('DROP INDEX messages_seq');
  await expectRefusal({}, 'DATA_DIR', 'messages_seq');
});

test('another secret than the one the data was sealed with, and none, is reported', timeout, async () => {
  await expectRefusal({ BELFRY_SECRET: 'another secret than that' }, 'BELFRY_SECRET');
  writeFileSync(join(folder.path, 'data', 'secret'), 'another secret than that');
  await expectRefusal({}, 'BELFRY_SECRET');
});

test('a port that is taken is reported', timeout, async () => {
  const taken = createServer();
  await new Promise<void>((resolve) => {
    taken.listen(0, '127.0.0.1', resolve);
  });
  onTestFinished(() => new Promise<void>((resolve) => void taken.close(() => resolve())));
  await expectRefusal(
    { PORT: String((taken.address() as AddressInfo).port) },
    'PORT',
    'EADDRINUSE',
    'another port: PORT=',
  );
});

test('a data folder that another server has is reported', timeout, async () => {
  const first = await startServerProcess({ folder: folder.path, env: {} });
  // Of the line `listening`: the host, the process and the start.
  const pid = /(\d+)-[0-9a-f]+$/.exec(String(first.lines.find(({ msg }) => msg === 'listening')?.['node']))?.[1];
  const named = process.platform === 'linux' ? `it is process ${pid} (` : 'stop that process';
  await expectRefusal({}, 'DATA_DIR', 'in use', named);
  expect((await fetch(`${first.url}/healthz`)).status).toBe(200);
  first.kill('SIGTERM');
  expect(await first.exited).toBe(0);
});

test('a server with the data of all these tests starts where nothing is wrong with it', timeout, async () => {
  const server = await startServerProcess({ folder: folder.path, env: {} });
  server.kill('SIGTERM');
  expect(await server.exited).toBe(0);
});
