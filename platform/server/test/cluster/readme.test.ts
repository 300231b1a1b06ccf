// The six lines of the README that start a cluster, typed as they stand, with the addresses and ports of this
// test.

import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { createApiClient, type ApiClient } from '../support/api-client.ts';
import { putConversation, registerDevice, say } from '../support/clinic.ts';
import { compileCache } from '../support/compile-cache.ts';
import { freePort } from '../support/free-port.ts';
import { startMongo, type MongoServer } from '../support/mongo-server.ts';
import { startRedis, type RedisServer } from '../support/redis-server.ts';
import { SocketClient } from '../support/socket-client.ts';
import { createTemporaryFolder, type TemporaryFolder } from '../support/temporary-folder.ts';

vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });

const root = join(import.meta.dirname, '../../../..');
const main = join(root, 'platform/server/src/cli/main.ts');

let mongo: MongoServer;
let redis: RedisServer;
let folder: TemporaryFolder;
let shell: ChildProcess;
let ports: number[] = [];
let printed = '';

/** The block after the comment that names this file. */
function linesOfReadme(): string {
  const [, block] =
    /readme\.test\.ts runs it -->\n\n```sh\n([^]*?)```/.exec(readFileSync(join(root, 'README.md'), 'utf8')) ?? [];
  if (block === undefined) throw new Error('the README has no such block');
  return block;
}

/** Each has to be there, so that a line that changes is noticed. */
function replaced(text: string, pairs: readonly (readonly [string, string])[]): string {
  return pairs.reduce((before, [from, to]) => {
    if (!before.includes(from)) throw new Error(`the README does not say ${from}`);
    return before.replaceAll(from, to);
  }, text);
}

beforeAll(async () => {
  [mongo, redis] = await Promise.all([startMongo(), startRedis()]);
  folder = createTemporaryFolder();
  ports = [await freePort(), await freePort(), await freePort()];
  const script = replaced(linesOfReadme(), [
    ['mongodb://127.0.0.1:27017/belfry?replicaSet=rs0', mongo.url.replace('/?', '/readme?')],
    ['redis://127.0.0.1:6379', redis.url],
    ['npx belfry', `"${process.execPath}" "${main}"`],
    ...['8000', '8001', '8002'].map((port, at) => [`PORT=${port}`, `PORT=${ports[at]}`] as const),
  ]);
  // A group of its own, which is ended as a terminal that is closed ends it.
  shell = spawn('bash', ['-c', `set -e\n${script}\nwait`], {
    cwd: folder.path,
    env: { ...compileCache, PATH: '/usr/bin:/bin', LOG_FORMAT: 'json', LIMIT_EVENT_LOOP_DELAY_MS: '0' },
    stdio: ['ignore', 'pipe', 'inherit'],
    detached: true,
  });
  shell.stdout?.on('data', (chunk: Buffer) => (printed += chunk.toString()));
  await Promise.race([
    Promise.all(ports.map((port) => ready(port))),
    once(shell, 'exit').then(([code]) => Promise.reject(new Error(`ended with ${String(code)}: ${printed}`))),
  ]);
});
afterAll(async () => {
  const ended = once(shell, 'exit');
  if (shell.pid !== undefined && shell.exitCode === null) {
    process.kill(-shell.pid, 'SIGTERM');
    await ended;
  }
  await Promise.all([redis.stop(), mongo.stop()]);
  folder.remove();
});

async function ready(port: number): Promise<void> {
  for (;;) {
    const answer = await fetch(`http://127.0.0.1:${port}/readyz`).catch(() => undefined);
    await answer?.body?.cancel();
    if (answer?.ok === true) return;
    await pause(50);
  }
}

/** A back end with the key that the first start left in the folder. */
function node(at: 0 | 1): Pick<ApiClient, 'api' | 'tokenOf'> & { url: string } {
  const url = `http://127.0.0.1:${ports[at]}`;
  const key = readFileSync(join(folder.path, 'data/demo-api-key'), 'utf8').trim();
  const { api: call } = createApiClient(() => url);
  const api: ApiClient['api'] = (method, path, body, token = key) => call(method, path, body, token);
  return {
    url,
    api,
    tokenOf: async (userId) => String((await api('POST', '/tokens', { userId })).body['token']),
  };
}

test('the lines are six, start a cluster, and clients on different nodes chat and see each other', async () => {
  expect(linesOfReadme().trim().split('\n')).toHaveLength(6);
  expect(printed).toContain('Nothing stands in the way of a start.');
  await putConversation(node(0), 'c1', ['alice', 'bob']);
  const [alice, bob] = [
    await SocketClient.connect(node(0), { userId: 'alice' }),
    await SocketClient.connect(node(1), { userId: 'bob' }),
  ];
  await say(node(0), 'c1', { from: 'alice', text: 'hello' });
  await bob.event('new_message', ({ seq }) => seq === 1);
  await say(node(1), 'c1', { from: 'bob', text: 'hello yourself' });
  await alice.event('new_message', ({ seq }) => seq === 2);
  const { body } = await node(0).api('GET', '/users/bob/connections');
  expect(body['connections']).toHaveLength(1);
  await alice.end();
  await bob.end();
});

test('who is away is pushed: the log of a node that does the work of workers has it', async () => {
  await putConversation(node(1), 'c2', ['alice', 'dave']);
  await registerDevice(node(0), 'dave', { provider: 'logging' });
  const { messageId } = await say(node(1), 'c2', { from: 'alice', text: 'are you there?' });
  const pushes = (): unknown[] =>
    printed
      .split('\n')
      .filter((line) => line.includes('"msg":"push"') && line.endsWith('}'))
      .map((line) => JSON.parse(line) as unknown);
  const push = { userId: 'dave', outcome: 'accepted', data: { messageIds: [messageId] } };
  await vi.waitFor(() => expect(pushes()).toMatchObject([push]), 60_000);
});

test('the worker answers for its health alone', async () => {
  const answer = await fetch(`http://127.0.0.1:${ports[2]}/api/v1/conversations`);
  await answer.body?.cancel();
  expect(answer.status).toBe(404);
});
