// An installation moves from a data folder to MongoDB and back: every kind of record, killed and resumed,
// with the same answers on the other side.

import { cpSync, existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, onTestFinished, test, vi } from 'vitest';
import { moveData } from '../../src/compose/move-data.ts';
import { createSystemClock } from '../../src/drivers/clock.ts';
import { createMongoStores } from '../../src/drivers/stores/mongo/create-mongo-stores.ts';
import { createSqliteStores } from '../../src/drivers/stores/sqlite/create-sqlite-stores.ts';
import { MongoArchive } from '../../src/drivers/stores/mongo/archive/mongo-archive.ts';
import { SqliteArchive } from '../../src/drivers/stores/sqlite/archive/sqlite-archive.ts';
import { moveArchive } from '../../src/maintenance/move/move.ts';
import type { AppId } from '../../src/ports/app-id.ts';
import type { Archive } from '../../src/ports/archive.ts';
import { silentLog } from '../../src/ports/log.ts';
import type { Stores } from '../../src/ports/stores/index.ts';
import { answersOf, fillStores, person } from '../support/filled-stores.ts';
import { startMongo, type MongoServer } from '../support/mongo-server.ts';
import { newApp, sampleConversation, sampleMessages } from '../support/samples.ts';
import { createTemporaryFolder } from '../support/temporary-folder.ts';

vi.setConfig({ testTimeout: 120_000, hookTimeout: 60_000 });

const surroundings = { clock: createSystemClock(), log: silentLog };

let mongo: MongoServer;
beforeAll(async () => void (mongo = await startMongo()));
afterAll(() => mongo.stop());

let databases = 0;
function newDatabase(): string {
  databases += 1;
  return mongo.url.replace('/?', `/move-${process.pid}-${databases}?`);
}

function newFolder(): string {
  const folder = createTemporaryFolder();
  onTestFinished(() => folder.remove());
  return join(folder.path, 'data');
}

const openMongo = (url: string): Promise<Stores> => createMongoStores({ address: { url }, ...surroundings });

async function using<T>(stores: Stores, run: (stores: Stores) => Promise<T>): Promise<T> {
  try {
    return await run(stores);
  } finally {
    await stores.close();
  }
}

async function filledFolder(): Promise<{ dataDir: string; apps: AppId[]; seen: unknown[] }> {
  const dataDir = newFolder();
  const stores = await createSqliteStores({ dataDir });
  return await using(stores, async () => {
    const apps = await fillStores(stores);
    return { dataDir, apps, seen: await answersOf(stores, apps) };
  });
}

describe('every kind of record', () => {
  test('moves from a data folder to MongoDB and back, and every store answers the same', async () => {
    const { dataDir, apps, seen } = await filledFolder();
    const before = readFileSync(join(dataDir, 'belfry.db'));
    const mongodbUrl = newDatabase();
    const there = await moveData({ from: { dataDir }, to: { mongodbUrl } });
    expect(there).toMatchObject({ outcome: 'moved', differences: [] });
    expect(readFileSync(join(dataDir, 'belfry.db')).equals(before), 'the source is as it was').toBe(true);
    expect(await using(await openMongo(mongodbUrl), (stores) => answersOf(stores, apps))).toEqual(seen);

    const target = newFolder();
    const back = await moveData({ from: { mongodbUrl }, to: { dataDir: target } });
    expect(back).toMatchObject({ outcome: 'moved', counts: there.counts, differences: [] });
    expect(await using(await createSqliteStores({ dataDir: target }), (stores) => answersOf(stores, apps))).toEqual(
      seen,
    );
    for (const [name, count] of Object.entries(back.counts)) expect(count, name).toBeGreaterThan(0);
  });

  test('goes on where it was in MongoDB too: a conversation is removed and made, messages follow', async () => {
    const { dataDir, apps } = await filledFolder();
    const mongodbUrl = newDatabase();
    await moveData({ from: { dataDir }, to: { mongodbUrl } });
    await using(await openMongo(mongodbUrl), async (stores) => {
      for (const app of apps) {
        await stores.conversations.create(app, sampleConversation({ id: 'gone' }), []);
        const heads = await stores.messages.heads(app, ['c:gone', 'c:again']);
        expect([heads.get('c:gone'), heads.get('c:again')?.epoch]).toEqual([
          { epoch: 'e2', seq: 0, firstSeq: 1 },
          'e2',
        ]);
        expect(await stores.messages.append(app, sampleMessages(1202, 1203, { stream: 'c:again' }))).toEqual({
          inserted: 2,
        });
        expect(await stores.messages.append(app, sampleMessages(1203, 1203, { stream: 'c:again' }))).toMatchObject({
          conflict: 'cid',
        });
      }
      const nowMs = Date.now() + 60_000;
      const owed = await stores.outbox.take({ nowMs, limit: 10, leaseMs: 1000 });
      expect(owed.filter(({ message }) => message.stream.startsWith('i:'))).toHaveLength(apps.length);
    });
  });

  test('keeps epochs of logs that went back, in both directions', async () => {
    const { dataDir, apps } = await filledFolder();
    const copy = newFolder();
    cpSync(dataDir, copy, { recursive: true });
    // A copy of a folder: its start raises the epochs.
    const [app] = apps;
    if (app === undefined) throw new Error('no app');
    const streams = ['c:again', `i:${person}`, 'c:never'];
    const epochsOf = (stores: Stores) =>
      using(stores, async () => [...(await stores.messages.heads(app, streams))].map(([, { epoch }]) => epoch));
    const raised = await epochsOf(await createSqliteStores({ dataDir: copy }));
    expect(raised[0]).toMatch(/^e2\../);
    const mongodbUrl = newDatabase();
    await moveData({ from: { dataDir: copy }, to: { mongodbUrl } });
    expect(await epochsOf(await openMongo(mongodbUrl))).toEqual(raised);
    const target = newFolder();
    await moveData({ from: { mongodbUrl }, to: { dataDir: target } });
    expect(await epochsOf(await createSqliteStores({ dataDir: target }))).toEqual(raised);
    expect(await epochsOf(await createSqliteStores({ dataDir: target })), 'and at the next start').toEqual(raised);
    expect(existsSync(join(target, 'belfry.db.position'))).toBe(true);
  });
});

function bound(archive: Archive): Archive {
  const names = ['identity', 'isEmpty', 'mark', 'waitingJobs', 'count', 'read', 'write', 'putMark', 'close'] as const;
  return Object.fromEntries(names.map((name) => [name, archive[name].bind(archive)])) as unknown as Archive;
}

describe('a move that is cut off', () => {
  /** An end that fails at the nth write, before it is done or when it was done and nobody was told. */
  function failing(archive: Archive, at: number, when: 'before' | 'after'): Archive {
    let writes = 0;
    return {
      ...bound(archive),
      async write(name, records, mark) {
        writes += 1;
        if (writes < at) {
          await archive.write(name, records, mark);
          return;
        }
        if (when === 'before') throw new Error('cut off');
        // As a kill between the records and the mark: the next run does the same part again.
        const before = await archive.mark();
        await archive.write(name, records, mark);
        if (before !== undefined && archive instanceof MongoArchive) await archive.putMark(before);
        throw new Error('cut off');
      },
    };
  }

  test.each(['to MongoDB', 'to a data folder'])(
    'at each of its parts goes on with the next run, %s, and nothing is there twice',
    async (direction) => {
      const { dataDir, apps, seen } = await filledFolder();
      const mongodbUrl = newDatabase();
      const folder = newFolder();
      const isThere = direction === 'to MongoDB';
      if (!isThere) await moveData({ from: { dataDir }, to: { mongodbUrl } });
      const address = { url: mongodbUrl };
      const open = {
        source: () =>
          isThere
            ? SqliteArchive.open(join(dataDir, 'belfry.db'), { isSource: true })
            : MongoArchive.open({ address, ...surroundings }, { isSource: true }),
        target: () =>
          isThere
            ? MongoArchive.open({ address, ...surroundings }, { isSource: false })
            : SqliteArchive.open(join(folder, 'belfry.db'), { isSource: false }),
      };
      let runs = 0;
      let outcome: string | undefined;
      while (outcome === undefined) {
        runs += 1;
        const [source, end] = [await open.source(), await open.target()];
        try {
          // The part that was cut off last is done again, and the next one is cut off: so each is done twice.
          const target = runs % 3 === 0 ? failing(end, 1, 'before') : failing(end, runs === 1 ? 1 : 2, 'after');
          const moved = await moveArchive({ source, target, now: Date.now });
          ({ outcome } = moved);
          expect(moved.differences).toEqual([]);
        } catch (error) {
          expect(error).toMatchObject({ message: 'cut off' });
        } finally {
          await source.close();
          await end.close();
        }
        expect(runs).toBeLessThan(500);
      }
      expect([outcome, runs > 10]).toEqual(['moved', true]);
      const stores = isThere ? await openMongo(mongodbUrl) : await createSqliteStores({ dataDir: folder });
      expect(await using(stores, (opened) => answersOf(opened, apps))).toEqual(seen);
    },
  );
});

describe('a move is refused', () => {
  test('onto what is not empty, from what never ran, and of another installation', async () => {
    const { dataDir } = await filledFolder();
    const full = newDatabase();
    await using(await openMongo(full), (stores) => stores.installation.setOnce('secret_canary', 'other'));
    await expect(moveData({ from: { dataDir }, to: { mongodbUrl: full } })).rejects.toThrow('is not empty');
    const empty = newDatabase();
    const nothing = moveData({ from: { mongodbUrl: empty }, to: { dataDir: newFolder() } });
    await expect(nothing).rejects.toThrow('no server has run on the source');
    await expect(moveData({ from: { dataDir: newFolder() }, to: { mongodbUrl: empty } })).rejects.toThrow(
      'no data file',
    );
    await moveData({ from: { dataDir }, to: { mongodbUrl: empty } });
    expect(await moveData({ from: { dataDir }, to: { mongodbUrl: empty } })).toMatchObject({ outcome: 'before' });
    const another = await filledFolder();
    await using(await createSqliteStores({ dataDir: another.dataDir }), (stores) =>
      stores.installation.set('secret_canary', 'of another'),
    );
    const mixed = moveData({ from: { dataDir: another.dataDir }, to: { mongodbUrl: empty } });
    await expect(mixed).rejects.toThrow('the move of another installation');
  });

  test('while a server has the data file, or jobs wait that would be lost', async () => {
    const dataDir = newFolder();
    const stores = await createSqliteStores({ dataDir });
    await stores.installation.setOnce('secret_canary', 'sealed');
    const times = { addedAt: Date.now(), dueAt: Date.now() + 60_000, delayMs: 60_000 };
    const job = { id: 'j', app: newApp(), user: '', payload: {}, ...times };
    const mongodbUrl = newDatabase();
    const move = { from: { dataDir }, to: { mongodbUrl } };
    await expect(moveData(move)).rejects.toThrow('in use');
    await stores.jobs.add('push', [job], { now: Date.now(), rememberMs: 1000 });
    await stores.close();
    await expect(moveData(move)).rejects.toThrow('1 jobs (pushes, erasures) wait');
    expect(await moveData({ ...move, leaveJobs: true })).toMatchObject({ outcome: 'moved' });
  });

  test('at its end, where a server wrote to one of the two meanwhile', async () => {
    const { dataDir, apps } = await filledFolder();
    const [app = newApp()] = apps;
    const mongodbUrl = newDatabase();
    const source = SqliteArchive.open(join(dataDir, 'belfry.db'), { isSource: true });
    const target = await MongoArchive.open({ address: { url: mongodbUrl }, ...surroundings }, { isSource: false });
    onTestFinished(() => source.close());
    const stores = await openMongo(mongodbUrl);
    const meddled: Archive = {
      ...bound(target),
      async putMark(mark) {
        await target.putMark(mark);
        await stores.messages.append(app, sampleMessages(1, 1, { stream: 'zz:late' }));
      },
    };
    const moved = await moveArchive({ source, target: meddled, now: Date.now });
    await using(stores, async () => {
      expect(moved).toMatchObject({ outcome: 'different' });
      expect(moved.differences).toEqual([
        {
          collection: 'messages',
          group: `${app}\u0000zz:late`,
          source: undefined,
          target: { count: 1, checksum: expect.any(String) },
        },
      ]);
    });
    await target.close();
  });
});
