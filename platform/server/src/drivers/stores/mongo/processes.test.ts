// What several nodes do at once to one stream and to one cursor, each a process of its own.

import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startMongo, type MongoServer } from '../../../../test/support/mongo-server.ts';
import { newApp } from '../../../../test/support/samples.ts';
import type { AppId } from '../../../ports/app-id.ts';
import { silentLog } from '../../../ports/log.ts';
import { createSystemClock } from '../../clock.ts';
import { createMongoStores } from './create-mongo-stores.ts';

const program = fileURLToPath(new URL('../../../../test/support/mongo-writer.ts', import.meta.url));
const database = `processes-${process.pid}`;
let server: MongoServer;
let stores: Awaited<ReturnType<typeof createMongoStores>>;

beforeAll(async () => {
  server = await startMongo();
  const address = { url: server.url, database };
  stores = await createMongoStores({ address, clock: createSystemClock(), log: silentLog });
});
afterAll(async () => {
  await stores.close();
  await server.stop();
});

test('eight writers on one stream leave no hole, take no seq twice and store one cid once', async () => {
  const app = newApp();
  const tasks = Array.from({ length: 8 }, () => 'append');
  const answers = (await runAll(app, tasks)) as { own: number[]; common: { seq: number; duplicate: boolean } }[];
  const seqs = answers.flatMap(({ own }) => own);
  const [common = 0, ...others] = [...new Set(answers.map((each) => each.common.seq))];
  expect(others).toEqual([]);
  expect(answers.filter((each) => !each.common.duplicate)).toHaveLength(1);
  const all = Array.from({ length: 8 * 20 + 1 }, (_, at) => at + 1);
  expect([...seqs, common].toSorted((a, b) => a - b)).toEqual(all);
  for (const { own } of answers) expect(own).toEqual(own.toSorted((a, b) => a - b));
  const kept = await stores.messages.read(app, 'c:c1', { limit: 1000 });
  expect(kept.map(({ seq }) => seq)).toEqual(all);
}, 60_000);

test('of six that claim a push and two that acknowledge, each user is won by one or acknowledged first', async () => {
  const app = newApp();
  const tasks = [...Array.from({ length: 6 }, () => 'claim'), 'acknowledge', 'acknowledge'];
  const won = (await runAll(app, tasks)).flatMap((answer) => (answer ?? []) as string[]);
  expect(new Set(won).size, 'nobody is won twice').toBe(won.length);
  const userIds = Array.from({ length: 100 }, (_, at) => `user-${at}`);
  const cursors = await stores.cursors.get(app, 's', userIds);
  const isWon = new Set(won);
  for (const userId of userIds) {
    expect(cursors.get(userId)).toMatchObject({ seen: 1, pushed: isWon.has(userId) ? 1 : 0 });
  }
}, 60_000);

/** Begins all at once, when each is ready. What they were answered, in their order. */
async function runAll(app: AppId, tasks: readonly string[]): Promise<unknown[]> {
  const programs = tasks.map((task, at) => start([server.url, database, app, `writer-${at}`, task]));
  await Promise.all(programs.map(({ ready }) => ready));
  for (const { begin } of programs) begin();
  return Promise.all(programs.map(({ answer }) => answer));
}

function start(args: readonly string[]): { ready: Promise<void>; begin: () => void; answer: Promise<unknown> } {
  const child = spawn(process.execPath, [program, ...args], { stdio: ['pipe', 'pipe', 'inherit'] });
  let output = '';
  const ready = new Promise<void>((resolve, reject) => {
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      output += text;
      if (output.includes('\n')) resolve();
    });
    child.once('close', () => reject(new Error('the program ended before it was ready')));
  });
  const answer = new Promise<unknown>((resolve, reject) => {
    child.once('close', (code) => {
      const [, line = ''] = output.split('\n');
      if (code === 0) resolve(line === 'undefined' ? undefined : JSON.parse(line));
      else reject(new Error(`the program ended with ${String(code)}`));
    });
  });
  return { ready, begin: () => void child.stdin.write('begin\n'), answer };
}
