// A program of which a test runs several at once: writes to the stores of one database as a node does, and says
// what it was answered. Begins at a line on its input. Run: node mongo-writer.ts URL DATABASE APP NAME TASK.

import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { StreamLog } from '../../src/conversations/stream-log.ts';
import { createSystemClock } from '../../src/drivers/clock.ts';
import { createMongoStores } from '../../src/drivers/stores/mongo/create-mongo-stores.ts';
import { asAppId } from '../../src/ports/app-id.ts';
import { silentLog } from '../../src/ports/log.ts';
import { sampleMessage } from './samples.ts';
import { silentMetrics } from './silent-metrics.ts';

const [, , url = '', database = '', key = '', name = '', task = ''] = process.argv;
const app = asAppId(key);
const clock = createSystemClock();
const stores = await createMongoStores({ address: { url, database }, clock, log: silentLog });
const log = new StreamLog({
  messages: stores.messages,
  surroundings: { clock, metrics: silentMetrics },
  maxWaiting: 1000,
});

const tasks = new Map<string, () => Promise<unknown>>([
  ['append', append],
  ['claim', claim],
  ['acknowledge', acknowledge],
]);

console.log('ready');
await once(process.stdin, 'data');
console.log(JSON.stringify(await tasks.get(task)?.()));
process.stdin.destroy();
await stores.close();

/** Twenty of its own one after the other, and one that all programs send. */
async function append(): Promise<{ own: number[]; common: { seq: number; duplicate: boolean } }> {
  const own: number[] = [];
  for (let count = 0; count < 20; count += 1) own.push((await send(`${name}-${count}`, `h-${name}-${count}`)).seq);
  return { own, common: await send('common', 'h-common') };
}

async function send(cid: string, bodyHash: string): Promise<{ seq: number; duplicate: boolean }> {
  const { seq: _seq, storedAt: _storedAt, ...draft } = sampleMessage({ seq: 0, id: randomUUID(), cid, bodyHash });
  const { message, duplicate } = await log.append(app, draft);
  return { seq: message.seq, duplicate };
}

/** Who was won, of all who are claimed for one message. */
async function claim(): Promise<string[]> {
  const request = { stream: 's', seq: 1, through: 1, userIds: users(), claimId: name, heldBackBy: 'seen' } as const;
  const outcomes = await stores.cursors.claim(app, request);
  return outcomes.filter(({ result }) => result === 'won').map(({ userId }) => userId);
}

async function acknowledge(): Promise<void> {
  for (const userId of users()) await stores.cursors.advance(app, [{ userId, stream: 's', seen: 1 }]);
}

function users(): string[] {
  return Array.from({ length: 100 }, (_, at) => `user-${at}`);
}
