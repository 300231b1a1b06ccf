// Where logs end, as it is found again: what it costs, and that no other node's change is missed. What every driver
// promises of heads is in test/contracts/stores.

import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { startMongo, type MongoServer } from '../../../../test/support/mongo-server.ts';
import { newApp, sampleConversation, sampleMessages } from '../../../../test/support/samples.ts';
import { silentLog } from '../../../ports/log.ts';
import { createSystemClock } from '../../clock.ts';
import { createMongoStores } from './create-mongo-stores.ts';

let server: MongoServer;
beforeAll(async () => void (server = await startMongo()));
afterAll(() => server.stop());

const stream = 'c:c1';
const alice = { userId: 'alice', role: 'member', joinedAt: 1 };
const three = sampleMessages(1, 3, { conversationId: 'c1' });

/** Two nodes and a conversation of three messages, whose end the first one has seen. */
async function setUp() {
  const commands: string[] = [];
  const onCommand = (command: Readonly<Record<string, unknown>>): void => {
    for (const name of ['find', 'aggregate']) if (name in command) commands.push(`${name} ${String(command[name])}`);
  };
  const address = { url: server.url, database: `stream-heads-${process.pid}` };
  const surroundings = { clock: createSystemClock(), log: silentLog };
  const one = await createMongoStores({ address, ...surroundings, onCommand });
  const other = await createMongoStores({ address, ...surroundings });
  onTestFinished(async () => {
    await Promise.all([one.close(), other.close()]);
  });
  const app = newApp();
  await one.conversations.create(app, sampleConversation(), [alice]);
  await one.messages.append(app, three);
  const head = async () => (await one.messages.heads(app, [stream])).get(stream);
  expect(await head()).toEqual({ epoch: 'e1', seq: 3, firstSeq: 1 });
  commands.length = 0;
  return { app, other, head, commands };
}

test('the end of a log that was seen costs its two ends and its life, each read once', async () => {
  const { app, other, head, commands } = await setUp();
  await other.messages.append(app, sampleMessages(4, 4, { conversationId: 'c1' }));
  expect(await head()).toEqual({ epoch: 'e1', seq: 4, firstSeq: 1 });
  expect(commands.toSorted()).toEqual(['find conversations', 'find messages', 'find messages']);
});

test('a log that another node has ended and begun anew is seen as it is', async () => {
  const { app, other, head } = await setUp();
  await other.conversations.remove(app, 'c1');
  const removed = await head();
  expect(removed).toMatchObject({ seq: 0, firstSeq: 1 });
  expect(removed?.epoch).not.toBe('e1');
  await other.conversations.create(app, sampleConversation(), [alice]);
  await other.messages.append(app, sampleMessages(1, 1, { conversationId: 'c1' }));
  expect(await head()).toEqual({ epoch: removed?.epoch, seq: 1, firstSeq: 1 });
});
