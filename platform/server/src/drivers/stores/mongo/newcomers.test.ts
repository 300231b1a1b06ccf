// People who come for the first time, many at once: few writes, and each is found. What every driver promises
// of users is in test/contracts/stores.

import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { startMongo, type MongoServer } from '../../../../test/support/mongo-server.ts';
import { newApp } from '../../../../test/support/samples.ts';
import { silentLog } from '../../../ports/log.ts';
import { createSystemClock } from '../../clock.ts';
import { createMongoStores } from './create-mongo-stores.ts';

let server: MongoServer;
beforeAll(async () => void (server = await startMongo()));
afterAll(() => server.stop());

const seen = Array.from({ length: 200 }, (_, index) => ({
  userId: `u${String(index)}`,
  name: `Person ${String(index)}`,
  lastSeenAt: 1000 + index,
}));

async function open() {
  const commands: string[] = [];
  const stores = await createMongoStores({
    address: { url: server.url, database: `newcomers-${process.pid}` },
    ...{ clock: createSystemClock(), log: silentLog },
    onCommand: (command) => void commands.push(Object.keys(command)[0] ?? ''),
  });
  onTestFinished(() => stores.close());
  commands.length = 0;
  return { stores, commands };
}

test('people who come for the first time are few writes, and each is found by name', async () => {
  const app = newApp();
  const { stores, commands } = await open();
  await stores.users.merge(app, seen);
  expect(commands.filter((name) => name !== 'find').length).toBeLessThan(6);
  expect(await stores.users.count(app, { most: 1000 })).toBe(seen.length);
  const found = await stores.users.list(app, { q: 'person 17', limit: 50 });
  expect(found.items.map(({ userId }) => userId)).toEqual([
    'u17',
    ...Array.from({ length: 10 }, (_, i) => `u17${String(i)}`),
  ]);
  expect(found.items[0]).toMatchObject({ name: 'Person 17', lastSeenAt: 1017 });
});

test('people whom two nodes meet at once are there once, with what is newer of both', async () => {
  const app = newApp();
  const [one, other] = [await open(), await open()];
  const later = seen.map((each) => ({ userId: each.userId, lastSeenAt: each.lastSeenAt + 5000 }));
  await Promise.all([one.stores.users.merge(app, seen), other.stores.users.merge(app, later)]);
  expect(await one.stores.users.count(app, { most: 1000 })).toBe(seen.length);
  const profiles = await one.stores.users.get(
    app,
    seen.map(({ userId }) => userId),
  );
  expect(seen.map(({ userId }) => profiles.get(userId))).toEqual(
    later.map(({ userId, lastSeenAt }, at) => expect.objectContaining({ userId, lastSeenAt, name: seen[at]?.name })),
  );
  const found = await one.stores.users.list(app, { q: 'person 199', limit: 5 });
  expect(found.items.map(({ userId }) => userId)).toEqual(['u199']);
});
