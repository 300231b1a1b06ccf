// An installation moves from a data folder to MongoDB and back: every kind of record, killed and resumed, with the
// same answers on the other side.

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
import type { StoredMessage } from '../../src/ports/stores/messages.ts';
import { sampleAccount, sampleLink } from '../contracts/stores/accounts.contract.ts';
import { sampleAuditEntry } from '../contracts/stores/audit.contract.ts';
import { samples, seed, type Sample, type ScopedStore } from '../contracts/stores/isolation-samples.ts';
import { startMongo, type MongoServer } from '../support/mongo-server.ts';
import {
  newApp,
  sampleApp,
  sampleConversation,
  sampleMessage,
  sampleMessages,
  samplePage,
} from '../support/samples.ts';
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

/** Every record that there can be, in two apps, with ids that each place spells in its own way. */
async function fill(stores: Stores): Promise<AppId[]> {
  const apps = [newApp(), newApp()];
  const nowMs = Date.now();
  await stores.installation.setOnce('secret_canary', 'sealed');
  await stores.tenancy.putTenant({ id: 'clinic', name: 'Clinic', managed: true, createdAt: 1 });
  await fillAccounts(stores);
  for (const app of apps) {
    await stores.tenancy.putApp(sampleApp({ app, tenantId: 'clinic' }), 0);
    await stores.tenancy.putApp(sampleApp({ app, tenantId: 'clinic', name: 'Renamed' }), 1);
    await stores.tenancy.putApiKey(
      { app, id: 'k', hash: `h-${app}`, hint: 'bk_', scopes: ['*'], managed: false, createdAt: 1 },
      0,
    );
    await seed(stores, app);
    await stores.hookDirectory.claim(`hook-${app}`, app);
    await fillLogs(stores, app, nowMs);
  }
  return apps;
}

async function fillAccounts(stores: Stores): Promise<void> {
  await stores.accounts.put(sampleAccount({ id: 'anna', email: 'anna@clinic.example' }), 0);
  await stores.accounts.put(sampleAccount({ id: 'anna', email: 'anna@clinic.example', name: 'Anna Li' }), 1);
  const member = { account: 'anna', role: 'owner', since: 1, version: 1, changedBy: 'Anna', changedAt: 1 } as const;
  const team = { tenantId: 'clinic', members: [member], settingsVersion: 1, changedBy: '', changedAt: 0 };
  await stores.teams.put(team, 0);
  await stores.accountLinks.put(sampleLink({ hash: 'h1', id: 'l1', tenantId: 'clinic' }));
  await stores.accountLinks.put(sampleLink({ hash: 'h2', id: 'l2', kind: 'reset', account: 'anna' }));
  await stores.audit.append(sampleAuditEntry('clinic', { id: 'e1' }));
}

const person = 'auth0|ann "x" smith+1@example.com 🙂';

async function fillLogs(stores: Stores, app: AppId, nowMs: number): Promise<void> {
  // Removed, and removed and made again.
  for (const id of ['gone', 'again']) {
    await stores.conversations.create(app, sampleConversation({ id }), []);
    await stores.messages.append(app, sampleMessages(1, 2, { stream: `c:${id}`, conversationId: id }));
    await stores.conversations.remove(app, id);
  }
  const metadata = { ward: 7, 'a.b': null, $set: 'x' };
  const about = { userId: person, role: 'patient', joinedAt: 5, metadata };
  await stores.conversations.create(app, sampleConversation({ id: 'again', title: 'Again', metadata }), [about]);
  await stores.messages.append(
    app,
    sampleMessages(1, 1200, { stream: 'c:again', conversationId: 'again', senderId: person }).map((message) => ({
      ...message,
      storedAt: nowMs + Math.floor(message.seq / 3),
      ...(message.seq % 100 === 0 && { targets: [person], exclude: ['bob'] }),
    })),
  );
  await stores.messages.remove(app, { stream: 'c:again', seq: 7 }, { data: {}, deletedAt: nowMs });
  await fillAdditions(stores, app, nowMs);
  const inbox = { stream: `i:${person}`, outbox: { dueAt: nowMs }, contentVersion: 3 };
  const { senderId: _, ...system } = sampleMessage({ seq: 1, ...inbox });
  await stores.messages.append(app, [system]);
  await stores.cursors.start(app, 'c:again', { userIds: [person, 'bob'], seq: 2 });
  const claim = { stream: 'c:again', seq: 1200, through: 1200, userIds: [person], claimId: 'x' } as const;
  await stores.cursors.claim(app, { ...claim, heldBackBy: 'none' });
  await stores.users.merge(app, [
    { userId: person, name: 'Ännchen Größe', avatar: 'https://x', roles: ['a'], lastSeenAt: nowMs, signedOutAt: 1 },
    { userId: 'only-signed-out', signedOutAt: 5 },
  ]);
  await stores.users.putDetails(app, person, { details: { name: 'Doctor Ann', metadata }, ifVersion: 0 });
  await stores.pages.put(app, samplePage('/chat', 2, true));
  const range = { stream: 'c:again', from: 1, to: 9 };
  await stores.journeys.append(
    app,
    Array.from({ length: 30 }, (_unused, at) => ({ type: `t${at}`, at: nowMs, body: '{"x":1}', range })),
  );
  await stores.journeys.append(app, [{ messageId: 'recent', type: 'accepted', at: nowMs, body: '{}' }]);
  await stores.idempotency.begin(app, { key: 'now', bodyHash: 'h', token: 't', nowMs, leaseMs: 1000, keepMs: 600_000 });
  await stores.idempotency.finish(app, 'now', { ok: true });
  await stores.idempotency.begin(app, {
    key: 'open',
    bodyHash: 'h',
    token: 't2',
    nowMs,
    leaseMs: 1e6,
    keepMs: 600_000,
  });
}

async function fillAdditions(stores: Stores, app: AppId, nowMs: number): Promise<void> {
  const answered = await answeredIn(stores, app);
  const at = { stream: 'c:again', seq: 8 };
  const limits = { reactionsPerMessage: 9, usersPerReaction: 9 };
  const reaction = { type: 'reaction', reaction: '👍', isOn: true, limits } as const;
  await stores.messages.annotate(app, at, { ...reaction, userId: person, atMs: nowMs + 1 });
  await stores.messages.annotate(app, at, { type: 'pin', isOn: true, by: 'bob', atMs: nowMs + 2 });
  const data = { ...answered.data, replyTo: answered.id };
  const reply = { stream: 'c:again', conversationId: 'again', senderId: 'bob', data };
  await stores.messages.append(app, sampleMessages(1201, 1201, reply));
}

async function answeredIn(stores: Stores, app: AppId): Promise<StoredMessage> {
  const [found] = await stores.messages.read(app, 'c:again', { afterSeq: 7, limit: 1 });
  if (found === undefined) throw new Error('nothing has the seq 8');
  return found;
}

/** What the stores answer of an app. Old journeys and answers are nobody's: an engine may drop them at any moment. */
async function everything(stores: Stores, app: AppId): Promise<Record<string, unknown>> {
  const nowMs = Date.now();
  const streams = ['c:again', 'c:gone', 'c:c1', `i:${person}`, 'c:never'];
  const begin = { bodyHash: 'h', token: 'other', nowMs, leaseMs: 1e6, keepMs: 600_000 };
  const { id: replyTo } = await answeredIn(stores, app);
  const seen: Record<string, unknown> = {
    facts: [await stores.installation.get('secret_canary'), await stores.installation.get('log_life')],
    tenants: await stores.tenancy.tenants({ limit: 10 }),
    app: await stores.tenancy.app(app),
    keys: await stores.tenancy.apiKeys(app, { limit: 5 }),
    byHash: await stores.tenancy.apiKeyByHash(`h-${app}`),
    hookId: await stores.hookDirectory.appOf(`hook-${app}`),
    heads: await stores.messages.heads(app, streams),
    logs: await Promise.all(streams.map((stream) => stores.messages.read(app, stream, { limit: 2000 }))),
    changed: await stores.messages.changed(app, 'c:again', {
      ...{ after: { changedAt: 0, seq: 0 }, upToSeq: 2000, limit: 10 },
    }),
    replies: await stores.messages.read(app, 'c:again', { limit: 5, only: { replyTo } }),
    pins: await stores.messages.read(app, 'c:again', { limit: 5, only: { pinned: true } }),
    accounts: [
      await stores.accounts.byEmail('anna@clinic.example'),
      await stores.teams.ofAccount('anna'),
      await stores.accountLinks.get('h1'),
      await stores.accountLinks.get('h2'),
      await stores.audit.list('clinic', { limit: 5 }),
    ],
    found: await stores.messages.search(app, { terms: ['text', '1199'], limit: 5 }),
    newest: (await stores.messages.search(app, { terms: [], limit: 20 })).items.map(({ id }) => id),
    gone: await stores.conversations.get(app, 'gone'),
    again: await stores.conversations.participants(app, 'again'),
    ofPerson: await stores.conversations.ofUser(app, person, { limit: 5 }),
    unread: await stores.messages.countUnread(app, 'bob', [{ stream: 'c:again', afterSeq: 2 }]),
    cursors: await stores.cursors.get(app, 'c:again', [person, 'bob', 'carol']),
    people: await stores.users.get(app, [person, 'only-signed-out']),
    listed: await stores.users.list(app, { limit: 10 }),
    byName: await stores.users.list(app, { q: 'doctor', limit: 10 }),
    byOldName: await stores.users.list(app, { q: 'größe', limit: 10 }),
    journey: await stores.journeys.read(app, { messageId: 'recent', at: [{ stream: 'c:again', seq: 3 }] }),
    kept: [
      await stores.idempotency.begin(app, { ...begin, key: 'now' }),
      await stores.idempotency.begin(app, { ...begin, key: 'open' }),
    ],
    unfinished: await stores.uploads.complete(app, 'u3', { ...unfinished, quotaBytes: -1 }),
  };
  for (const store of Object.keys(samples) as ScopedStore[]) {
    if (store === 'journeys' || store === 'idempotency') continue;
    for (const [method, { mode, args }] of Object.entries<Sample>(samples[store])) {
      if (mode !== 'read') continue;
      const run: unknown = Reflect.get(stores[store], method);
      if (typeof run !== 'function') throw new Error(`there is no ${store}.${method}`);
      seen[`${store}.${method}`] = await Reflect.apply(run, stores[store], [app, ...args()]);
    }
  }
  return seen;
}

const unfinished = { userId: 'alice', name: 'a', type: 'b', bytes: 1, digest: 'd', unusedPerUser: 100 };

/** Places in pages are each engine's own. */
function withoutPlaces(seen: unknown): unknown {
  return JSON.parse(
    JSON.stringify(seen, (key, value: unknown) =>
      key === 'next'
        ? undefined
        : value instanceof Map
          ? [...value].toSorted()
          : value instanceof Set
            ? [...value]
            : value,
    ),
  ) as unknown;
}

async function filledFolder(): Promise<{ dataDir: string; apps: AppId[]; seen: unknown[] }> {
  const dataDir = newFolder();
  const stores = await createSqliteStores({ dataDir });
  return await using(stores, async () => {
    const apps = await fill(stores);
    return { dataDir, apps, seen: await seenOf(stores, apps) };
  });
}

async function seenOf(stores: Stores, apps: readonly AppId[]): Promise<unknown[]> {
  const seen: unknown[] = [];
  for (const app of apps) seen.push(withoutPlaces(await everything(stores, app)));
  return seen;
}

describe('every kind of record', () => {
  test('moves from a data folder to MongoDB and back, and every store answers the same', async () => {
    const { dataDir, apps, seen } = await filledFolder();
    const before = readFileSync(join(dataDir, 'belfry.db'));
    const mongodbUrl = newDatabase();
    const there = await moveData({ from: { dataDir }, to: { mongodbUrl } });
    expect(there).toMatchObject({ outcome: 'moved', differences: [] });
    expect(readFileSync(join(dataDir, 'belfry.db')).equals(before), 'the source is as it was').toBe(true);
    expect(await using(await openMongo(mongodbUrl), (stores) => seenOf(stores, apps))).toEqual(seen);

    const target = newFolder();
    const back = await moveData({ from: { mongodbUrl }, to: { dataDir: target } });
    expect(back).toMatchObject({ outcome: 'moved', counts: there.counts, differences: [] });
    expect(await using(await createSqliteStores({ dataDir: target }), (stores) => seenOf(stores, apps))).toEqual(seen);
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
      expect(await using(stores, (opened) => seenOf(opened, apps))).toEqual(seen);
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
