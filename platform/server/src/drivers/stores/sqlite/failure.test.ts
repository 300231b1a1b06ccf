// A disk that is full and a thread that dies: calls reject, the state is reported, and it comes back
// by itself.

import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { Worker } from 'node:worker_threads';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { newApp, sampleMessage } from '../../../../test/support/samples.ts';
import { createTemporaryFolder } from '../../../../test/support/temporary-folder.ts';
import type { TemporaryFolder } from '../../../../test/support/temporary-folder.ts';
import { createVirtualClock } from '../../../../test/support/virtual-clock.ts';
import type { VirtualClock } from '../../../../test/support/virtual-clock.ts';
import { createSqliteStores } from './create-sqlite-stores.ts';
import type { SqliteStores, SqliteStoresOptions } from './create-sqlite-stores.ts';

const app = newApp();
let folder: TemporaryFolder;
let clock: VirtualClock;
let stores: SqliteStores;
let states: string[];
let threads: Worker[];
const record = (message: unknown): void => {
  if (typeof message !== 'object' || message === null || !('worker' in message)) return;
  if (message.worker instanceof Worker) threads.push(message.worker);
};

beforeEach(() => {
  folder = createTemporaryFolder();
  clock = createVirtualClock();
  [states, threads] = [[], []];
  subscribe('worker_threads', record);
});
afterEach(async () => {
  unsubscribe('worker_threads', record);
  await stores.close();
  folder.remove();
});

async function open(options: SqliteStoresOptions = {}): Promise<void> {
  stores = await createSqliteStores({ dataDir: folder.path, clock, ...options });
  stores.onState((state) => states.push(state));
}

const big = (seq: number): ReturnType<typeof sampleMessage> =>
  sampleMessage({ seq, data: { text: 'x'.repeat(30_000) }, storedAt: seq });

/** Appends until there is no room; the number that was stored. */
async function fill(): Promise<number> {
  for (let stored = 0; stored < 1000; stored += 1) {
    const result = await stores.messages.append(app, [big(stored + 1)]).catch((error: unknown) => error);
    if (result instanceof Error) {
      expect(result).toMatchObject({ code: 'unavailable' });
      return stored;
    }
  }
  return expect.unreachable('the bound was not reached');
}

test('a full disk refuses what it has no room for, loses nothing, and says so', async () => {
  await open({ maxPages: 400 });
  const stored = await fill();
  expect(stored).toBeGreaterThan(5);
  expect(states).toEqual(['down']);
  expect(stores.state()).toBe('down');
  expect(await stores.messages.read(app, 'c:c1', { limit: 1000 })).toHaveLength(stored);
});

test('a full disk fails every call of its batch, so that nobody is answered with what is not there', async () => {
  await open({ maxPages: 400 });
  const stored = await fill();
  const results = await Promise.allSettled([
    stores.installation.set('small', 'value'),
    stores.messages.append(app, [big(stored + 1), big(stored + 2), big(stored + 3)]),
    stores.installation.set('other', 'value'),
  ]);
  expect(results.map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected']);
  expect(await stores.installation.get('small')).toBeUndefined();
});

test('a disk stays full as long as the probe has no room, and is up again when something was deleted', async () => {
  await open({ maxPages: 400 });
  const stored = await fill();
  const { batches } = await stores.diagnostics();
  await clock.advance(1000);
  // The probe's answer comes before that of a call made after it.
  expect((await stores.diagnostics()).batches).toBe(batches + 1);
  expect(states).toEqual(['down']);
  expect(await stores.messages.prune(app, stored, 1000)).toBe(stored - 1);
  expect(states).toEqual(['down', 'up']);
  expect(await stores.messages.append(app, [big(stored + 1)])).toEqual({ inserted: 1 });
  expect(clock.pending()).toBe(0);
});

test('the probe alone notices that there is room again', async () => {
  await open({ maxPages: 400 });
  const stored = await fill();
  await stores.messages.prune(app, stored, 1000);
  await stores.messages.append(app, [big(stored + 1)]);
  await expect(
    stores.messages.append(
      app,
      Array.from({ length: 100 }, (_, i) => big(stored + 2 + i)),
    ),
  ).rejects.toMatchObject({
    code: 'unavailable',
  });
  expect(stores.state()).toBe('down');
  await clock.advance(1000);
  await vi.waitFor(() => expect(stores.state()).toBe('up'), { timeout: 10_000 });
});

test('when the thread dies, what waited rejects, what had resolved is there, and it is back after a second', async () => {
  await open();
  await stores.messages.append(app, [sampleMessage({ seq: 1 })]);
  const asked = Promise.allSettled([
    stores.messages.append(app, [sampleMessage({ seq: 2 })]),
    stores.installation.get('x'),
  ]);
  await threads[0]?.terminate();
  for (const result of await asked) expect(result).toMatchObject({ reason: { code: 'unavailable' } });
  expect(states).toEqual(['down']);
  await expect(stores.installation.get('x')).rejects.toMatchObject({ code: 'unavailable' });
  await clock.advance(1000);
  await vi.waitFor(() => expect(states).toEqual(['down', 'up']), { timeout: 10_000 });
  expect((await stores.messages.heads(app, ['c:c1'])).get('c:c1')?.seq).toBe(1);
});

test('a file that cannot be opened again is tried until it can', async () => {
  await open();
  await threads[0]?.terminate();
  await vi.waitFor(() => expect(states).toEqual(['down']), { timeout: 10_000 });
  const other = await createSqliteStores({ dataDir: folder.path });
  await clock.advance(1000);
  await vi.waitFor(() => expect(clock.pending()).toBe(1), { timeout: 10_000 });
  expect(states).toEqual(['down']);
  await other.close();
  await clock.advance(1000);
  await vi.waitFor(() => expect(states).toEqual(['down', 'up']), { timeout: 10_000 });
  await stores.installation.set('name', 'value');
});

test('an abort ends at once and gives the file back', async () => {
  await open();
  const asked = Promise.allSettled([stores.installation.set('a', 'b')]);
  await stores.abort();
  expect(await asked).toMatchObject([{ reason: { code: 'unavailable' } }]);
  await open();
  await stores.installation.set('a', 'c');
});
