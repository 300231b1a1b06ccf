// What lost replies make of records: the driver repeats the write once, and each says what it would have
// said.

import { afterAll, beforeAll, expect, test } from 'vitest';
import { startMongoFaults, type MongoFaults } from '../../../../test/support/mongo-faults.ts';
import { startMongo, type MongoServer } from '../../../../test/support/mongo-server.ts';
import { newApp, sampleApp, sampleDevice, sampleHook, samplePage } from '../../../../test/support/samples.ts';
import type { AppId } from '../../../ports/app-id.ts';
import { silentLog } from '../../../ports/log.ts';
import type { Stores } from '../../../ports/stores/index.ts';
import { createSystemClock } from '../../clock.ts';
import { createMongoStores } from './create-mongo-stores.ts';

let server: MongoServer;
let faults: MongoFaults;
let stores: Stores;
beforeAll(async () => {
  server = await startMongo();
  faults = await startMongoFaults(server.url);
  const address = { url: faults.url, database: `record-faults-${process.pid}` };
  stores = await createMongoStores({ address, clock: createSystemClock(), log: silentLog });
});
afterAll(async () => {
  await stores.close();
  await faults.stop();
  await server.stop();
});

const kind = { kind: 'lab', action: 'lab', audience: 'users', durable: 'inbox', policy: {} } as const;
const begin = { key: 'k', bodyHash: 'h', token: 't', nowMs: 1, leaseMs: 100, keepMs: 1000 };
const arrived = {
  ...{ userId: 'alice', name: 'a.png', type: 'image/png', bytes: 10, digest: 'd' },
  ...{ quotaBytes: 15, unusedPerUser: 9 },
};
const letter = { id: 'l1', payload: {}, error: 'no', diedAt: 5 };
const wishes = { level: 'none', conversations: {} } as const;
const erasure = { key: 'k', id: 'e1', messages: 'remove', state: 'running', startedAt: 1, counts: {} } as const;

interface Case {
  name: string;
  /** Whose reply is lost: the first such command of `run`. */
  command: 'insert' | 'update' | 'delete' | 'findAndModify';
  before?: (app: AppId) => Promise<unknown>;
  run: (app: AppId) => Promise<unknown>;
  expected: (app: AppId) => unknown;
}

const done = (): boolean => true;

const cases: readonly Case[] = [
  { name: 'a first put', command: 'insert', run: (app) => stores.kinds.put(app, kind, 0), expected: done },
  {
    name: 'a later put',
    command: 'update',
    before: (app) => stores.kinds.put(app, kind, 0),
    run: (app) => stores.kinds.put(app, kind, 1),
    expected: done,
  },
  {
    name: 'a put of an app',
    command: 'insert',
    run: (app) => stores.tenancy.putApp(sampleApp({ app }), 0),
    expected: done,
  },
  { name: 'a first page', command: 'insert', run: (app) => stores.pages.put(app, samplePage('/a', 1)), expected: done },
  {
    name: 'a later page, once in its history',
    command: 'update',
    before: (app) => stores.pages.put(app, samplePage('/a', 1)),
    async run(app) {
      const isPut = await stores.pages.put(app, samplePage('/a', 2));
      return [isPut, (await stores.pages.history(app, '/a', { limit: 9 })).map(({ policy }) => policy.version)];
    },
    expected: () => [true, [2, 1]],
  },
  {
    name: 'preferences',
    command: 'insert',
    run: (app) => stores.preferences.put(app, { userId: 'alice', version: 1, preferences: wishes }),
    expected: done,
  },
  { name: 'a hook', command: 'insert', run: (app) => stores.hooks.put(app, sampleHook()), expected: done },
  {
    name: 'a claim of a hook id',
    command: 'insert',
    run: (app) => stores.hookDirectory.claim(`lab-${app}`, app),
    expected: (app) => app,
  },
  {
    name: 'a fact that is set once',
    command: 'insert',
    run: (app) => stores.installation.setOnce(`fact-${app}`, 'mine'),
    expected: () => 'mine',
  },
  {
    name: 'the beginning of a request',
    command: 'insert',
    run: (app) => stores.idempotency.begin(app, begin),
    expected: () => ({ state: 'mine', token: 't' }),
  },
  {
    name: 'the redo of a request',
    command: 'findAndModify',
    before: (app) => stores.idempotency.begin(app, begin),
    run: (app) => stores.idempotency.begin(app, { ...begin, nowMs: 500, token: 'u' }),
    expected: () => ({ state: 'mine', token: 't' }),
  },
  {
    name: 'what is used, which counts once',
    command: 'findAndModify',
    before: (app) => stores.usage.add(app, [{ day: '2026-01-01', name: 'push', count: 1 }], '2026-01-01'),
    run: (app) => stores.usage.add(app, [{ day: '2026-01-01', name: 'push', count: 2 }], '2026-01-01'),
    expected: () => [3],
  },
  {
    name: 'a device',
    command: 'insert',
    run: (app) => stores.devices.register(app, sampleDevice({ id: 'd1' })),
    expected: () => sampleDevice({ id: 'd1' }),
  },
  {
    name: 'a device that moves',
    command: 'findAndModify',
    before: (app) => stores.devices.register(app, sampleDevice({ id: 'd1' })),
    run: (app) => stores.devices.register(app, sampleDevice({ id: 'd2', userId: 'bob' })),
    expected: () => ({ ...sampleDevice({ id: 'd1', userId: 'bob' }), formerUserId: 'alice' }),
  },
  {
    name: 'a user who is new',
    command: 'insert',
    async run(app) {
      await stores.users.merge(app, [{ userId: 'alice', name: 'Ann' }]);
      return (await stores.users.list(app, { q: 'ann', limit: 9 })).items;
    },
    expected: () => [{ userId: 'alice', name: 'Ann' }],
  },
  {
    name: 'details of a user',
    command: 'update',
    before: (app) => stores.users.merge(app, [{ userId: 'alice' }]),
    run: (app) => stores.users.putDetails(app, 'alice', { details: { locale: 'de' }, ifVersion: 0 }),
    expected: done,
  },
  {
    name: 'dead letters',
    command: 'insert',
    async run(app) {
      await stores.deadLetters.put(app, [letter, { ...letter, id: 'l2' }]);
      return stores.deadLetters.count(app);
    },
    expected: () => 2,
  },
  {
    name: 'the removal of a dead letter',
    command: 'delete',
    before: (app) => stores.deadLetters.put(app, [letter]),
    run: (app) => stores.deadLetters.remove(app, 'l1'),
    expected: done,
  },
  {
    name: 'an upload that counts, once',
    command: 'findAndModify',
    before: (app) => stores.uploads.begin(app, { id: 'u1', createdAt: 1 }),
    run: async (app) => [await stores.uploads.complete(app, 'u1', arrived), await stores.uploads.usage(app)],
    expected: () => ['stored', { count: 1, bytes: 10 }],
  },
  {
    name: 'an erasure',
    command: 'insert',
    run: (app) => stores.erasures.begin(app, erasure),
    expected: () => erasure,
  },
];

test.each(cases)('$name is done once and says so, though the reply was lost', async (each) => {
  const app = newApp();
  await each.before?.(app);
  const firedBefore = faults.fired;
  faults.next(each.command, 'lose_reply', 1);
  expect(await each.run(app)).toEqual(each.expected(app));
  expect(faults.fired).toBe(firedBefore + 1);
});

test('an upload whose last use went with a process that was cut off is found idle by the next round', async () => {
  const app = newApp();
  await stores.uploads.begin(app, { id: 'u1', createdAt: 1000 });
  await stores.uploads.complete(app, 'u1', arrived);
  await stores.uploads.setUses(app, 'm1', { uploadIds: ['u1'], streams: ['c:c1'], at: 2000 });
  // Deletes of many are not repeated by the driver: what comes after does not happen.
  faults.next('delete', 'lose_reply', 1);
  const letGo = stores.uploads.setUses(app, 'm1', { uploadIds: [], streams: [], at: 3000 });
  await expect(letGo).rejects.toMatchObject({ code: 'unavailable' });
  expect((await stores.uploads.get(app, 'u1'))?.unusedSince).toBeUndefined();
  const idle = (unusedBeforeMs: number) =>
    stores.uploads.claimIdle(app, { arrivingBeforeMs: 0, unusedBeforeMs, limit: 9 });
  expect(await idle(3000)).toEqual([]);
  expect(await idle(3001)).toEqual(['u1']);
});

test('a use that was stored before its upload heard of it is stored again without harm', async () => {
  const app = newApp();
  await stores.uploads.begin(app, { id: 'u1', createdAt: 1000 });
  await stores.uploads.complete(app, 'u1', arrived);
  // Of the write that stores the use: the upload is not told.
  faults.next('update', 'lose_reply', 2);
  const use = { uploadIds: ['u1'], streams: ['c:c1'], at: 2000 };
  await expect(stores.uploads.setUses(app, 'm1', use)).rejects.toMatchObject({ code: 'unavailable' });
  expect((await stores.uploads.get(app, 'u1'))?.unusedSince).toBe(1000);
  expect(await stores.uploads.setUses(app, 'm1', use)).toBe(true);
  expect(await stores.uploads.claim(app, 'u1', { evenIfUsed: false })).toBe('used');
});
