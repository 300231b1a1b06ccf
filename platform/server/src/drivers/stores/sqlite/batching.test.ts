// How calls share transactions, and what one call can do to the others of its batch.

import { join } from 'node:path';
import { threadId } from 'node:worker_threads';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { newApp, sampleDevice, sampleMessage } from '../../../../test/support/samples.ts';
import { createTemporaryFolder } from '../../../../test/support/temporary-folder.ts';
import type { TemporaryFolder } from '../../../../test/support/temporary-folder.ts';
import { createBatchRunner } from './batch.ts';
import { createSqliteStores } from './create-sqlite-stores.ts';
import type { SqliteStores } from './create-sqlite-stores.ts';
import { openDatabase } from './database.ts';
import { createStoreSet } from './store-set.ts';

let folder: TemporaryFolder;
let stores: SqliteStores;
const app = newApp();
beforeEach(async () => {
  folder = createTemporaryFolder();
  stores = await createSqliteStores({ dataDir: folder.path, maxPending: 3000 });
});
afterEach(async () => {
  await stores.close();
  folder.remove();
});

test('appends to many streams at once share their commits', async () => {
  const { commits } = await stores.diagnostics();
  const appends = Array.from({ length: 500 }, (_, i) =>
    stores.messages.append(app, [sampleMessage({ seq: 1, stream: `s${i}` })]),
  );
  await Promise.all(appends);
  expect((await stores.diagnostics()).commits - commits).toBe(1);
});

test('calls that come while a commit is under way share the next one', async () => {
  const { commits } = await stores.diagnostics();
  const append = (i: number): Promise<unknown> =>
    stores.messages.append(app, [sampleMessage({ seq: 1, stream: `s${i}` })]);
  // Ten clients, each with ten appends, the next when the one before has resolved.
  const clients = Array.from({ length: 10 }, async (_, client) => {
    for (let i = 0; i < 10; i += 1) await append(client * 10 + i);
  });
  await Promise.all(clients);
  expect((await stores.diagnostics()).commits - commits).toBeLessThanOrEqual(20);
});

test('reads alone commit nothing', async () => {
  const { commits } = await stores.diagnostics();
  await Promise.all(Array.from({ length: 50 }, () => stores.messages.heads(app, ['s'])));
  expect((await stores.diagnostics()).commits).toBe(commits);
});

test('a call that fails takes back itself alone', async () => {
  const device = sampleDevice({ id: 'd1' });
  await stores.devices.register(app, device);
  const results = await Promise.allSettled([
    stores.messages.append(app, [sampleMessage({ seq: 1 })]),
    // The same id for another target: the primary key refuses it, which nobody expects.
    stores.devices.register(app, { ...device, targetHash: 'another' }),
    // The second row lacks what the table demands; the first must go with it.
    stores.journeys.append(app, [
      { messageId: 'm1', type: 'accepted', at: 1, body: '{}' },
      { messageId: 'm1', type: 'accepted', at: 1.5, body: '{}' },
    ]),
    stores.messages.append(app, [sampleMessage({ seq: 2 })]),
  ]);
  expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'rejected', 'fulfilled']);
  expect(results[1]).toMatchObject({ reason: { message: expect.stringContaining('devices.register') } });
  expect(await stores.messages.read(app, 'c:c1', { limit: 5 })).toHaveLength(2);
  expect(await stores.journeys.read(app, { messageId: 'm1', at: [] })).toEqual([]);
  expect(stores.state()).toBe('up');
});

test('a call that cannot be sent to the thread fails alone', async () => {
  const broken = sampleMessage({ seq: 1, stream: 's1', data: { run: () => {} } });
  const results = await Promise.allSettled([
    stores.messages.append(app, [sampleMessage({ seq: 1, stream: 's0' })]),
    stores.messages.append(app, [broken]),
    stores.messages.append(app, [sampleMessage({ seq: 1, stream: 's2' })]),
  ]);
  expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
});

test('above its share the calls of an app are refused, not queued, and those within it are done', async () => {
  const calls = Array.from({ length: 3001 }, () => stores.messages.heads(app, ['s']));
  const others = Array.from({ length: 700 }, () => stores.messages.heads(newApp(), ['s']));
  const results = await Promise.allSettled(calls);
  expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1500);
  expect(results.at(-1)).toMatchObject({ reason: { code: 'overloaded' } });
  expect(await Promise.all(others)).toHaveLength(700);
  expect((await stores.messages.heads(app, ['s'])).has('s')).toBe(true);
});

test('above the bound calls of all apps are refused', async () => {
  const results = await Promise.allSettled(Array.from({ length: 3001 }, () => stores.messages.heads(newApp(), ['s'])));
  expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(3000);
  expect(results.at(-1)).toMatchObject({ reason: { code: 'overloaded' } });
});

test('a batch that takes long ends before its last call, and what it did is kept', () => {
  const db = openDatabase({ file: join(folder.path, 'alone.db'), synchronous: 'NORMAL', readOnly: false, maxPages: 0 });
  let nowMs = 0;
  const run = createBatchRunner(
    db,
    createStoreSet(db, () => ({ commits: 0, batches: 0 })),
    // Each call takes 90 ms.
    () => (nowMs += 90),
  );
  const append = (seq: number) => ({ store: 'messages', method: 'append', args: [app, [sampleMessage({ seq })]] });
  const { results, storage } = run([1, 2, 3, 4, 5, 6].map(append));
  expect(storage).toBe('wrote');
  expect(results).toHaveLength(3);
  const kept = run([{ store: 'messages', method: 'read', args: [app, 'c:c1', { limit: 9 }] }]).results[0];
  expect(kept).toMatchObject({ ok: true, value: [{ seq: 1 }, { seq: 2 }, { seq: 3 }] });
  db.close();
});

test('the database is in another thread than the event loop', async () => {
  expect((await stores.diagnostics()).threadId).not.toBe(threadId);
});

test('a close finishes the calls before it, and refuses those after it', async () => {
  const asked = Promise.all(
    [1, 2, 3].map((i) => stores.messages.append(app, [sampleMessage({ seq: i, stream: `s${i}` })])),
  );
  const closing = Promise.all([stores.close(), stores.close()]);
  await expect(stores.installation.get('x')).rejects.toMatchObject({ code: 'unavailable' });
  expect(await asked).toEqual([{ inserted: 1 }, { inserted: 1 }, { inserted: 1 }]);
  await closing;
});
