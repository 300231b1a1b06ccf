// That replies stay counted when what counts them is cut short, and when several processes count at once. What
// every driver promises of them is test/contracts/stores/additions.contract.ts.

import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { startMongoFaults } from '../../../../test/support/mongo-faults.ts';
import { startMongo, type MongoServer } from '../../../../test/support/mongo-server.ts';
import { newApp, sampleMessage } from '../../../../test/support/samples.ts';
import type { AppId } from '../../../ports/app-id.ts';
import { silentLog } from '../../../ports/log.ts';
import type { MessageStore, StoredMessage, Stores } from '../../../ports/stores/index.ts';
import { createSystemClock } from '../../clock.ts';
import { Collection } from './collection.ts';
import { MongoConnection } from './connection.ts';
import { createMongoStores } from './create-mongo-stores.ts';
import { messageCollection } from './message-document.ts';

let server: MongoServer;
beforeAll(async () => void (server = await startMongo()));
afterAll(() => server.stop());

const surroundings = { clock: createSystemClock(), log: silentLog };
const database = `reply-counts-${process.pid}`;
const parent = sampleMessage({ seq: 1, conversationId: 'c1' });

function reply(seq: number): StoredMessage {
  return sampleMessage({ seq, conversationId: 'c1', data: { type: 'text', content: {}, replyTo: parent.id } });
}

async function open(url = server.url): Promise<Stores> {
  const stores = await createMongoStores({ address: { url, database }, ...surroundings });
  onTestFinished(() => stores.close());
  return stores;
}

/** One message, with a reply that was stored, or else deleted, by a process that got no further. */
async function openCutShort(cut: 'stored' | 'deleted') {
  const faults = await startMongoFaults(server.url);
  const stores = await open(faults.url);
  onTestFinished(() => faults.stop());
  const app = newApp();
  const { messages } = stores;
  await messages.append(app, [parent]);
  if (cut === 'deleted') await messages.append(app, [reply(2), reply(3)]);
  // The driver repeats it once.
  faults.next('findAndModify', 'lose_request', 2);
  if (cut === 'stored') expect(await messages.append(app, [reply(2)])).toEqual({ inserted: 1 });
  else expect(await messages.remove(app, { stream: 'c:c1', seq: 2 }, { data: {}, deletedAt: 9 })).toBe(true);
  expect(faults.fired).toBe(2);
  return { app, messages };
}

type Read = (messages: MessageStore, app: AppId) => Promise<StoredMessage | undefined>;
const all = { after: { changedAt: 0, seq: 0 }, upToSeq: 1, limit: 5 };
const reads: readonly [string, Read][] = [
  ['a page of history', async (messages, app) => (await messages.read(app, 'c:c1', { limit: 1 }))[0]],
  ['the message by its id', async (messages, app) => (await messages.byId(app, parent.id))[0]],
  ['the message by its cid', (messages, app) => messages.byCid(app, 'c:c1', { senderId: 'alice', cid: 'cid-1' })],
  ['what has changed', async (messages, app) => (await messages.changed(app, 'c:c1', all))[0]],
  [
    'a search',
    async (messages, app) => (await messages.search(app, { terms: [], limit: 5 })).items.find(({ seq }) => seq === 1),
  ],
  [
    'a reaction',
    async (messages, app) => {
      const limits = { reactionsPerMessage: 9, usersPerReaction: 9 };
      const change = { type: 'reaction', reaction: 'x', userId: 'bob', isOn: true, atMs: 1, limits } as const;
      return (await messages.annotate(app, { stream: 'c:c1', seq: 1 }, change))?.message;
    },
  ],
];

test.each(reads)('a reply of which the counting was cut short is counted by %s', async (_, read) => {
  const { app, messages } = await openCutShort('stored');
  expect((await read(messages, app))?.replies).toEqual({ count: 1, lastAt: reply(2).storedAt });
  expect((await messages.changed(app, 'c:c1', all)).map(({ seq }) => seq)).toEqual([1]);
});

test('the newest message for somebody has its replies counted, where those are not for them', async () => {
  const { app, messages } = await openCutShort('stored');
  await messages.remove(app, { stream: 'c:c1', seq: 2 }, { data: {}, deletedAt: 9 });
  expect((await messages.newest(app, 'bob', ['c:c1'])).get('c:c1')).not.toHaveProperty('replies');
});

test('a reply that was deleted by one who got no further is counted no more', async () => {
  const { app, messages } = await openCutShort('deleted');
  expect((await messages.byId(app, parent.id))[0]?.replies).toEqual({ count: 1, lastAt: reply(3).storedAt });
});

test('replies of two processes at once, some deleted meanwhile, are all counted, and none is left to count', async () => {
  const [one, other] = [await open(), await open()];
  const app = newApp();
  await one.messages.append(app, [parent]);
  const seqs = Array.from({ length: 40 }, (_, at) => at + 2);
  await Promise.all(
    seqs.map(async (seq) => {
      const { messages } = seq % 2 === 0 ? one : other;
      await messages.append(app, [reply(seq)]);
      if (seq % 4 === 0) await messages.remove(app, { stream: 'c:c1', seq }, { data: {}, deletedAt: 5000 });
      else if (seq % 5 === 0) {
        const limits = { reactionsPerMessage: 99, usersPerReaction: 99 };
        const change = { type: 'reaction', reaction: `r${seq}`, userId: 'bob', isOn: true, atMs: 1, limits } as const;
        await messages.annotate(app, { stream: 'c:c1', seq: 1 }, change);
      }
    }),
  );
  const connection = await MongoConnection.open({ address: { url: server.url, database }, ...surroundings });
  onTestFinished(() => connection.close());
  const document = await new Collection(connection, messageCollection).findOne({ app, stream: 'c:c1', seq: 1 });
  const left = seqs.filter((seq) => seq % 4 !== 0);
  expect(document?.replyCount).toBe(left.length);
  expect(document?.reactions).toHaveLength(left.filter((seq) => seq % 5 === 0).length);
  const owing = new Collection(connection, messageCollection).find({ app, owesCount: parent.id });
  expect(await owing).toEqual([]);
}, 20_000);
