// What is left of a conversation whose removal was cut short, and of messages that came after it.

import { afterAll, beforeAll, expect, onTestFinished, test, vi } from 'vitest';
import { startMongo, type MongoServer } from '../../../../test/support/mongo-server.ts';
import { newApp, sampleConversation, sampleMessage, sampleMessages } from '../../../../test/support/samples.ts';
import { silentLog } from '../../../ports/log.ts';
import { createSystemClock } from '../../clock.ts';
import { Collection } from './collection.ts';
import { MongoConnection } from './connection.ts';
import { conversationCollection } from './conversation-document.ts';
import { createMongoStores } from './create-mongo-stores.ts';
import { messageCollection } from './message-document.ts';

// Each opens its own stores, and a busy machine takes seconds to make all collections.
vi.setConfig({ testTimeout: 120_000, hookTimeout: 60_000 });

let server: MongoServer;
beforeAll(async () => void (server = await startMongo()));
afterAll(() => server.stop());

const surroundings = { clock: createSystemClock(), log: silentLog };
const alice = { userId: 'alice', role: 'member', joinedAt: 1 };

/** Stores with one conversation of which the tombstone was put, and nothing swept. */
async function openCutShort(database: string) {
  const address = { url: server.url, database: `${database}-${process.pid}` };
  const app = newApp();
  const stores = await createMongoStores({ address, ...surroundings });
  const connection = await MongoConnection.open({ address, ...surroundings });
  onTestFinished(async () => {
    await stores.close();
    await connection.close();
  });
  const conversations = new Collection(connection, conversationCollection);
  await stores.conversations.create(app, sampleConversation(), [alice]);
  const data = { type: 'text', content: { text: 'word' } };
  const given = { data, conversationId: 'c1', outbox: { dueAt: 5 } };
  await stores.messages.append(app, sampleMessages(1, 3, given));
  await stores.messages.edit(app, { stream: 'c:c1', seq: 1 }, { data, editedAt: 9 });
  await stores.cursors.advance(app, [{ userId: 'alice', stream: 'c:c1', read: 2 }]);
  await conversations.update(
    { app, id: 'c1' },
    { $set: { removedAt: 1, isUnswept: true, epoch: 'e2' }, $unset: { participants: 1, activeAt: 1 } },
  );
  return { app, stores, address, left: new Collection(connection, messageCollection) };
}

test('from the tombstone on nothing of it is read', async () => {
  const { app, stores } = await openCutShort('tombstone');
  const { messages, conversations, outbox } = stores;
  expect(await conversations.get(app, 'c1')).toBeUndefined();
  expect(await conversations.participants(app, 'c1')).toBeUndefined();
  expect(await conversations.ofUser(app, 'alice', { limit: 5 })).toEqual([]);
  expect(await conversations.list(app, { limit: 5 })).toEqual([]);
  expect(await conversations.update(app, 'c1', { title: 'x' })).toBeUndefined();
  expect(await conversations.putParticipant(app, 'c1', alice)).toBe('missing');
  expect(await conversations.removeParticipant(app, 'c1', 'alice')).toBe(false);
  expect(await conversations.remove(app, 'c1')).toBe(false);
  expect((await messages.heads(app, ['c:c1'])).get('c:c1')).toEqual({ epoch: 'e2', seq: 0, firstSeq: 1 });
  expect(await messages.read(app, 'c:c1', { limit: 5 })).toEqual([]);
  expect(await messages.newest(app, 'alice', ['c:c1'])).toEqual(new Map());
  expect(await messages.countUnread(app, 'bob', [{ stream: 'c:c1', afterSeq: 0 }])).toEqual(new Map([['c:c1', 0]]));
  expect(await messages.byCid(app, 'c:c1', { senderId: 'alice', cid: 'cid-1' })).toBeUndefined();
  const changes = { after: { changedAt: 0, seq: 0 }, upToSeq: 9, limit: 5 };
  expect(await messages.changed(app, 'c:c1', changes)).toEqual([]);
  expect((await messages.search(app, { terms: ['word'], limit: 5 })).items).toEqual([]);
  expect((await messages.ofSender(app, 'alice', { limit: 5 })).items).toEqual([]);
  expect(await outbox.take({ nowMs: 10, limit: 5, leaseMs: 1 })).toEqual([]);
});

test('whoever starts next sweeps what is left', async () => {
  const { app, address, left } = await openCutShort('sweep');
  expect(await left.count({ app })).toBe(3);
  const next = await createMongoStores({ address, ...surroundings });
  onTestFinished(() => next.close());
  await expect.poll(() => left.count({ app }), { timeout: 15_000 }).toBe(0);
});

test('one that is made anew begins with an empty log, also where a message came late', async () => {
  const { app, stores } = await openCutShort('anew');
  expect(await stores.conversations.create(app, sampleConversation(), [alice])).toBe(true);
  expect((await stores.cursors.get(app, 'c:c1', ['alice'])).get('alice')?.read).toBe(0);
  expect(await stores.messages.append(app, [sampleMessage({ seq: 1 })])).toEqual({ inserted: 1 });
  expect((await stores.messages.heads(app, ['c:c1'])).get('c:c1')).toEqual({ epoch: 'e2', seq: 1, firstSeq: 1 });
  expect(await stores.conversations.remove(app, 'c1')).toBe(true);
  await stores.messages.append(app, [sampleMessage({ seq: 2, cid: 'late' })]);
  expect(await stores.conversations.create(app, sampleConversation(), [alice])).toBe(true);
  expect((await stores.messages.heads(app, ['c:c1'])).get('c:c1')).toEqual({ epoch: 'e3', seq: 0, firstSeq: 1 });
});

test('a conversation with more messages than one deletion takes is empty at once, and made anew after them', async () => {
  const { app, stores, left } = await openCutShort('many');
  await stores.conversations.create(app, sampleConversation(), [alice]);
  await stores.messages.append(app, sampleMessages(1, 5200));
  expect(await stores.conversations.remove(app, 'c1')).toBe(true);
  expect(await stores.messages.read(app, 'c:c1', { limit: 5 })).toEqual([]);
  expect(await left.count({ app })).toBeGreaterThan(0);
  expect(await stores.conversations.create(app, sampleConversation(), [alice])).toBe(true);
  expect(await left.count({ app })).toBe(0);
});

test('a message that a node wrote behind the log before is no head, and is taken away by who needs its place', async () => {
  const { app, stores, left } = await openCutShort('stale');
  const append = (seq: number, epoch: string) =>
    stores.messages.append(app, [sampleMessage({ seq, cid: `new-${seq}` })], epoch);
  const head = async () => (await stores.messages.heads(app, ['c:c1'])).get('c:c1');
  await stores.conversations.create(app, sampleConversation(), [alice]);
  await append(1, 'e2');
  // As a node does that is killed before it can take it back.
  await stores.messages.append(app, [sampleMessage({ seq: 3, cid: 'stale' })]);
  await left.update({ app, seq: 3 }, { $set: { epoch: 'e1' } });
  expect(await head()).toEqual({ epoch: 'e2', seq: 1, firstSeq: 1 });
  expect(await append(2, 'e2')).toEqual({ inserted: 1 });
  expect(await append(3, 'e1')).toEqual({ inserted: 0, conflict: 'seq' });
  expect(await append(3, 'e2')).toEqual({ inserted: 0, conflict: 'seq' });
  expect(await append(3, 'e2')).toEqual({ inserted: 1 });
  expect(await head()).toEqual({ epoch: 'e2', seq: 3, firstSeq: 1 });
});

test('to a conversation that was removed nothing is appended', async () => {
  const { app, stores, left } = await openCutShort('gone');
  for (const epoch of ['e1', 'e2']) {
    const late = stores.messages.append(app, [sampleMessage({ seq: 4, cid: `late-${epoch}` })], epoch);
    await expect(late).rejects.toMatchObject({ code: 'unavailable' });
  }
  expect(await left.count({ app, seq: 4 })).toBe(0);
});
