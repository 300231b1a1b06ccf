// What a network and a killed server make of appends and claims: nothing acknowledged is lost, nothing is twice.

import { afterAll, beforeAll, expect, onTestFinished, test, vi } from 'vitest';
import { startMongoFaults } from '../../../../test/support/mongo-faults.ts';
import { startMongo, type MongoServer } from '../../../../test/support/mongo-server.ts';
import { newApp, sampleMessage, sampleMessages } from '../../../../test/support/samples.ts';
import { silentLog } from '../../../ports/log.ts';
import { createSystemClock } from '../../clock.ts';
import { createMongoStores } from './create-mongo-stores.ts';

let server: MongoServer;
beforeAll(async () => void (server = await startMongo()));
afterAll(() => server.stop());

const notPrimary = {
  ...{ ok: 0, code: 10_107, codeName: 'NotWritablePrimary', errmsg: 'not primary' },
  errorLabels: ['RetryableWriteError'],
};

async function openBehindFaults() {
  const faults = await startMongoFaults(server.url);
  const address = { url: faults.url, database: `faults-${process.pid}` };
  const stores = await createMongoStores({ address, clock: createSystemClock(), log: silentLog });
  onTestFinished(async () => {
    await stores.close();
    await faults.stop();
  });
  return { app: newApp(), stores, faults };
}

test.each([
  ['whose reply is lost is done once, as the driver repeats it', 'lose_reply', 1],
  ['whose request is lost is repeated', 'lose_request', 1],
  ['that met a change of primaries is repeated', notPrimary, 1],
  ['whose replies are all lost is read back', 'lose_reply', 2],
] as const)('an append %s', async (_, fault, times) => {
  const { app, stores, faults } = await openBehindFaults();
  faults.next('insert', fault, times);
  expect(await stores.messages.append(app, [sampleMessage({ seq: 1 })])).toEqual({ inserted: 1 });
  faults.next('insert', fault, times);
  expect(await stores.messages.append(app, sampleMessages(2, 4))).toEqual({ inserted: 3 });
  expect(faults.fired).toBe(2 * times);
  const kept = await stores.messages.read(app, 'c:c1', { limit: 10 });
  expect(kept.map(({ seq }) => seq)).toEqual([1, 2, 3, 4]);
});

test('an append that never reaches the server is unavailable, and nothing is stored', async () => {
  const { app, stores, faults } = await openBehindFaults();
  faults.next('insert', 'lose_request', 2);
  const append = stores.messages.append(app, [sampleMessage({ seq: 1 })]);
  await expect(append).rejects.toMatchObject({ code: 'unavailable' });
  expect(await stores.messages.read(app, 'c:c1', { limit: 10 })).toEqual([]);
  expect(await stores.messages.append(app, [sampleMessage({ seq: 1 })])).toEqual({ inserted: 1 });
});

test('a group whose write the driver repeated while the first was being done is known to be stored', async () => {
  const { app, stores, faults } = await openBehindFaults();
  faults.next('insert', 'lose_reply', 1);
  faults.next('insert', { ok: 1, n: 0, writeErrors: [{ index: 0, code: 11_000, errmsg: 'duplicate key' }] }, 1);
  expect(await stores.messages.append(app, sampleMessages(1, 4))).toEqual({ inserted: 4 });
  expect(faults.fired).toBe(2);
});

test('a seq that is taken in one stream costs the others of its write nothing', async () => {
  const { app, stores } = await openBehindFaults();
  await stores.messages.append(app, [sampleMessage({ seq: 1, stream: 'c:c2', cid: 'taken' })]);
  const groups = ['c:c1', 'c:c2', 'c:c3'].map((stream) => [sampleMessage({ seq: 1, stream })]);
  expect(await stores.messages.appendMany(app, groups)).toEqual([
    { inserted: 1 },
    { inserted: 0, conflict: 'seq' },
    { inserted: 1 },
  ]);
});

test('a server that holds its answers is unavailable, within bounds', async () => {
  const { app, stores, faults } = await openBehindFaults();
  faults.next('find', 'hold', 10);
  const startedAt = performance.now();
  await expect(stores.conversations.get(app, 'c1')).rejects.toMatchObject({ code: 'unavailable' });
  expect(performance.now() - startedAt).toBeLessThan(10_000);
}, 30_000);

test('a claim whose replies are all lost is unavailable, and finds its own tags when it is made again', async () => {
  const { app, stores, faults } = await openBehindFaults();
  const userIds = ['alice', 'bob'];
  const claim = { stream: 's', seq: 1, through: 2, userIds, claimId: 'c', heldBackBy: 'seen' } as const;
  faults.next('update', 'lose_reply', 2);
  await expect(stores.cursors.claim(app, claim)).rejects.toMatchObject({ code: 'unavailable' });
  const again = await stores.cursors.claim(app, claim);
  expect(again.map(({ result, cursor }) => [result, cursor.pushed])).toEqual([
    ['won', 2],
    ['won', 2],
  ]);
  const other = await stores.cursors.claim(app, { ...claim, claimId: 'd' });
  expect(other.map(({ result }) => result)).toEqual(['pushed', 'pushed']);
});

test('a conversation whose participant was added without an answer has them once', async () => {
  const { app, stores, faults } = await openBehindFaults();
  await stores.conversations.create(app, { id: 'c1', epoch: 'e1', version: 1, createdAt: 1 }, []);
  faults.next('update', 'lose_reply', 3);
  const bob = { userId: 'bob', role: 'member', joinedAt: 1 };
  await stores.conversations.putParticipant(app, 'c1', bob).catch(() => undefined);
  await stores.conversations.putParticipant(app, 'c1', bob);
  expect(await stores.conversations.participants(app, 'c1')).toEqual({ version: 2, participants: [bob] });
});

test('nothing that was acknowledged is lost when the server is killed, three times in a row', async () => {
  const own = await startMongo();
  const address = { url: own.url };
  const stores = await createMongoStores({ address, clock: createSystemClock(), log: silentLog });
  onTestFinished(async () => {
    await stores.close();
    await own.stop();
  });
  const app = newApp();
  const streams = ['c:a', 'c:b', 'c:c', 'c:d'];
  const acknowledged = new Map<string, number>();
  for (let round = 0; round < 3; round += 1) {
    let isKilled = false;
    let count = 0;
    await Promise.all(
      streams.map(async (stream) => {
        let seq = (await vi.waitFor(() => stores.messages.heads(app, [stream]))).get(stream)?.seq ?? 0;
        while (!isKilled) {
          seq += 1;
          try {
            await stores.messages.append(app, [sampleMessage({ stream, seq, cid: `cid-${seq}` })]);
          } catch {
            return;
          }
          acknowledged.set(stream, seq);
          count += 1;
          if (count !== 60) continue;
          isKilled = true;
          await own.kill();
        }
      }),
    );
    await own.restart();
    await expect.poll(() => stores.state(), { timeout: 15_000 }).toBe('up');
    for (const stream of streams) {
      // Each connection of the pool is made anew at its own time.
      const read = await vi.waitFor(() => stores.messages.read(app, stream, { limit: 10_000 }));
      const kept = read.map(({ seq }) => seq);
      expect(kept).toEqual(kept.map((_, at) => at + 1));
      expect(kept.length).toBeGreaterThanOrEqual(acknowledged.get(stream) ?? 0);
    }
  }
  expect(acknowledged.size).toBe(4);
}, 60_000);
