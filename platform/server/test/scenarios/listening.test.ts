// Where a server says that it is, and what the second port answers.

import { afterAll, beforeAll, expect, onTestFinished, test, vi } from 'vitest';
import { createServer } from '../../src/compose/server.ts';
import { loadConfig } from '../../src/config/load.ts';
import { silentLog } from '../../src/ports/log.ts';
import { freePort } from '../support/free-port.ts';
import { runServerProcess } from '../support/server-process.ts';
import { createTemporaryFolder } from '../support/temporary-folder.ts';
import { startWholeServer, type WholeServer } from '../support/whole-server.ts';

// A process of its own reads its TypeScript anew.
vi.setConfig({ testTimeout: 60_000 });

let whole: WholeServer;
beforeAll(async () => {
  whole = await startWholeServer({ env: { PUBLIC_URL: 'https://chat.example', INTERNAL_PORT: '0' } });
});
afterAll(() => whole.stop());

test('a server with PUBLIC_URL tells that, and beside it the port that PORT=0 took', async () => {
  const { url, address } = whole.server;
  expect(url).toBe('https://chat.example');
  expect(address).toMatch(/^http:\/\/127\.0\.0\.1:[1-9]\d*$/);
  expect((await fetch(`${address}/healthz`)).status).toBe(200);
});

test('with INTERNAL_PORT metrics are at that port alone, health at both, and nothing else is there', async () => {
  const { address, internalAddress = '' } = whole.server;
  expect(internalAddress).toMatch(/^http:\/\/127\.0\.0\.1:[1-9]\d*$/);
  expect(internalAddress).not.toBe(address);
  const statuses = async (path: string) =>
    Promise.all([address, internalAddress].map(async (at) => (await fetch(at + path)).status));
  expect(await statuses('/metrics')).toEqual([404, 200]);
  expect(await statuses('/healthz')).toEqual([200, 200]);
  expect(await statuses('/readyz')).toEqual([200, 200]);
  expect(await statuses('/openapi.json')).toEqual([200, 404]);
});

test('while a start brings the data forward, INTERNAL_PORT says so, and it is free again when that fails', async () => {
  const folder = createTemporaryFolder();
  onTestFinished(() => folder.remove());
  const port = await freePort();
  const env = { PORT: '0', DATA_DIR: folder.path, INTERNAL_PORT: String(port) };
  const loaded = loadConfig({ env, cwd: folder.path, isTerminal: false });
  if (!loaded.ok) throw new Error(JSON.stringify(loaded.problems));
  const migration = Promise.withResolvers<never>();
  const starting = createServer(loaded.config, silentLog, { openEngine: () => migration.promise });
  const ask = (path: string) => fetch(`http://127.0.0.1:${port}${path}`);
  expect((await vi.waitFor(() => ask('/healthz'))).status).toBe(200);
  const ready = await ask('/readyz');
  expect([ready.status, await ready.json()]).toEqual([503, { status: 'starting', checks: {} }]);
  const text = await (await ask('/metrics')).text();
  expect(text).toContain('belfry_ready 0');
  expect(text).toContain('belfry_build_info{');
  migration.reject(new Error('of the migration'));
  await expect(starting).rejects.toThrow('of the migration');
  await expect(ask('/healthz')).rejects.toThrow();
});

test('an INTERNAL_PORT that another program has ends the start, by its name', async () => {
  const folder = createTemporaryFolder();
  onTestFinished(() => folder.remove());
  const taken = new URL(whole.server.address).port;
  const env = { DATA_DIR: folder.path, INTERNAL_PORT: taken };
  const { code, err } = await runServerProcess({ folder: folder.path, env });
  expect(code).toBe(78);
  expect(err).toMatch(new RegExp(`INTERNAL_PORT: .*port ${taken}`));
});
