// What many ask for one by one is read together: the first messages of many conversations at once cost few
// reads.

import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { startMongo, type MongoServer } from '../../../../test/support/mongo-server.ts';
import { newApp, sampleConversation, sampleDevice, sampleMessage } from '../../../../test/support/samples.ts';
import { silentLog } from '../../../ports/log.ts';
import { createSystemClock } from '../../clock.ts';
import { createMongoStores } from './create-mongo-stores.ts';

let server: MongoServer;
beforeAll(async () => void (server = await startMongo()));
afterAll(() => server.stop());

const ids = Array.from({ length: 60 }, (_, index) => `c${String(index)}`);
const userOf = (id: string): string => `user-of-${id}`;

/** Sixty conversations of one person each, of whom each has a device. Two were removed. */
async function setUp() {
  const reads: string[] = [];
  const filters: string[] = [];
  const stores = await createMongoStores({
    address: { url: server.url, database: `gathered-${process.pid}` },
    clock: createSystemClock(),
    log: silentLog,
    onCommand: (command) => {
      if (!('find' in command)) return;
      reads.push(String(command['find']));
      filters.push(...Object.keys(command['filter'] as object).map((field) => `${String(command['find'])}.${field}`));
    },
  });
  onTestFinished(() => stores.close());
  const app = newApp();
  await Promise.all(
    ids.map(async (id) => {
      const person = { userId: userOf(id), role: 'member', joinedAt: 1 };
      await stores.conversations.create(app, sampleConversation({ id }), [person]);
      await stores.devices.register(app, sampleDevice({ id: `d-${id}`, targetHash: `hash-${id}`, userId: userOf(id) }));
      await stores.messages.append(app, [sampleMessage({ seq: 1, stream: `c:${id}`, cid: `cid-${id}` })]);
    }),
  );
  await Promise.all(['c7', 'c8'].map((id) => stores.conversations.remove(app, id)));
  reads.length = 0;
  filters.length = 0;
  return { app, stores, reads, filters };
}

test('participants of many conversations are one read, each told its own', async () => {
  const { app, stores, reads } = await setUp();
  const found = await Promise.all([...ids, 'unknown'].map((id) => stores.conversations.participants(app, id)));
  expect(found.map((people) => people?.participants[0]?.userId)).toEqual([
    ...ids.map((id) => (id === 'c7' || id === 'c8' ? undefined : userOf(id))),
    undefined,
  ]);
  expect(reads).toEqual(['conversations']);
});

test('devices of many users are one read, each told its own', async () => {
  const { app, stores, reads } = await setUp();
  const found = await Promise.all(ids.map((id) => stores.devices.ofUsers(app, [userOf(id), 'nobody'])));
  expect(found.map((devices) => [...devices.values()].flat().map(({ id }) => id))).toEqual(
    ids.map((id) => [`d-${id}`]),
  );
  expect(reads).toEqual(['devices']);
});

test('ends of many logs are few reads of their lives, and of each its newest message by its place alone', async () => {
  const { app, stores, reads, filters } = await setUp();
  const found = await Promise.all(ids.map((id) => stores.messages.heads(app, [`c:${id}`])));
  expect(found.map((heads, index) => heads.get(`c:${ids[index] ?? ''}`)?.seq)).toEqual(
    ids.map((id) => (id === 'c7' || id === 'c8' ? 0 : 1)),
  );
  // Before and after the ends, as these come; those of removed ones once more. One by one they would be 122.
  expect(reads.filter((name) => name === 'conversations').length).toBeLessThan(20);
  expect(filters.filter((field) => field === 'messages.epoch')).toEqual([]);
});
