// `belfry migrate --from --to` as an operator types it: killed, typed again, and the server on the other side
// shows the same; clients resume there as if nothing had happened.

import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { setImmediate as immediate } from 'node:timers/promises';
import { mongo as driver } from 'mongoose';
import { afterAll, beforeAll, expect, onTestFinished, test, vi } from 'vitest';
import { putConversation, say, succeed } from '../support/clinic.ts';
import { compileCache } from '../support/compile-cache.ts';
import { startMongo, type MongoServer } from '../support/mongo-server.ts';
import { apiKey, provisionFile } from '../support/provision.ts';
import { startRedis, type RedisServer } from '../support/redis-server.ts';
import { startServerProcess, type ServerProcess } from '../support/server-process.ts';
import { SocketClient } from '../support/socket-client.ts';
import { createTemporaryFolder, type TemporaryFolder } from '../support/temporary-folder.ts';

// Each process reads its TypeScript anew; on a busy machine that takes seconds.
vi.setConfig({ testTimeout: 180_000, hookTimeout: 60_000 });

const main = join(import.meta.dirname, '../../src/cli/main.ts');
const ann = 'auth0|ann "x" smith+1@example.com';
const messages = 600;
/** Nothing, or, where it takes long, a line every ten seconds. */
const progress = expect.stringMatching(/^(?:\d+ % of .*\n)*$/) as string;

let mongo: MongoServer;
let redis: RedisServer;
let folder: TemporaryFolder;
let mongodbUrl: string;
beforeAll(async () => {
  [mongo, redis] = await Promise.all([startMongo(), startRedis()]);
  folder = createTemporaryFolder();
  mongodbUrl = mongo.url.replace('/?', '/moved?');
  writeFileSync(join(folder.path, 'provision.yaml'), provisionFile());
});
afterAll(async () => {
  await Promise.all([redis.stop(), mongo.stop()]);
  folder.remove();
});

const at = (name: string): string => join(folder.path, name);

function launch(args: readonly string[], env: Record<string, string> = {}): ChildProcess {
  return spawn(process.execPath, [main, ...args], {
    cwd: folder.path,
    env: { ...compileCache, PATH: '/usr/bin:/bin', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}

async function belfry(args: readonly string[], env?: Record<string, string>) {
  const child = launch(args, env);
  if (child.stdout === null || child.stderr === null) throw new Error('no output');
  const [[code], out, err] = await Promise.all([once(child, 'close'), text(child.stdout), text(child.stderr)]);
  return { code: code as number | null, out, err };
}

async function onServer<T>(env: Record<string, string>, run: (server: ServerProcess) => Promise<T>): Promise<T> {
  const server = await startServerProcess({
    folder: folder.path,
    env: { PROVISION_FILE: at('provision.yaml'), ...env },
  });
  try {
    return await run(server);
  } finally {
    server.kill('SIGTERM');
    await server.exited;
  }
}

/** What the HTTP API shows of it all. */
async function shownBy(server: ServerProcess, { uploadId, messageId }: Made): Promise<unknown> {
  const shown: unknown[] = [];
  for (const path of [
    ...[
      '/conversations/c1',
      '/conversations/c1/participants',
      '/conversations/c1/messages?limit=100',
      '/conversations',
    ],
    ...['/users', `/users/${encodeURIComponent(ann)}`, '/pages', '/kinds', '/hooks', '/messages/search?q=499'],
    `/messages/${messageId}/journey`,
  ]) {
    shown.push([path, await succeed(server.api('GET', path), path)]);
  }
  const { url } = await succeed(server.api('GET', `/uploads/${uploadId}`), 'upload');
  const file = await fetch(String(url));
  shown.push(['file', file.status, await file.text()]);
  return shown;
}

interface Made {
  uploadId: string;
  messageId: string;
}

async function make(server: ServerProcess): Promise<Made> {
  await putConversation(server, 'c1', [ann, 'bob']);
  await succeed(server.api('PUT', `/users/${encodeURIComponent(ann)}`, { name: 'Ann Größe' }), 'user');
  let messageId = '';
  for (let seq = 1; seq <= messages; seq += 20) {
    const sent = await Promise.all(
      Array.from({ length: 20 }, (_, n) => say(server, 'c1', { from: ann, text: `message ${seq + n - 1}` })),
    );
    messageId = sent[0]?.messageId ?? '';
  }
  const form = new FormData();
  form.set('userId', ann);
  form.set('file', new Blob(['a file of ann']), 'a.txt');
  const headers = { authorization: `Bearer ${apiKey}` };
  const response = await fetch(`${server.url}/api/v1/uploads`, { method: 'POST', headers, body: form });
  const { uploadId } = (await response.json()) as { uploadId: string };
  await succeed(
    server.api('POST', '/chat/c1/send', { senderId: ann, type: 'file', content: { uploadId, name: 'a.txt' } }),
    'message with a file',
  );
  return { uploadId, messageId };
}

/** Resolves when the target says that parts of the move are in it. */
async function untilParts(client: InstanceType<typeof driver.MongoClient>, least: number): Promise<void> {
  for (;;) {
    const fact = await client.db('moved').collection('installation').findOne({ name: 'move' });
    const value: unknown = fact?.['value'];
    const mark = typeof value === 'string' ? (JSON.parse(value) as { parts: number }) : { parts: 0 };
    if (mark.parts >= least) return;
    await immediate();
  }
}

test('an installation moves to a cluster and back, killed on the way, and nobody notices', async () => {
  const embedded = { DATA_DIR: at('data') };
  const made = await onServer(embedded, make);
  // Started again, so that all that is written a moment later is there.
  const before = await onServer(embedded, (server) => shownBy(server, made));

  const there = ['migrate', '--from', at('data'), '--to', mongodbUrl];
  const client = await driver.MongoClient.connect(mongo.url);
  onTestFinished(() => client.close());
  for (const parts of [2, 5, 9]) {
    const moving = launch(there);
    const ended = once(moving, 'close');
    await Promise.race([untilParts(client, parts), ended]);
    moving.kill('SIGKILL');
    expect(await ended, 'it was killed while it moved').toEqual([null, 'SIGKILL']);
  }
  const secret = readFileSync(at('data/secret'), 'utf8').trim();
  const cluster = { ...embedded, MONGODB_URL: mongodbUrl, REDIS_URL: redis.url, BELFRY_SECRET: secret };
  const early = await belfry(['start'], { ...cluster, PORT: '0' });
  expect(early).toMatchObject({ code: 78, err: expect.stringContaining('it holds a part of a move: finish it') });

  const moved = await belfry(there);
  expect(moved).toMatchObject({ code: 0, err: progress, out: expect.stringContaining('Every record is there') });
  expect(moved.out).toMatch(new RegExp(` ${messages + 1} +messages\n`));
  expect(moved.out).toContain(`set BELFRY_SECRET of every node to what is in ${at('data/secret')}`);
  expect(moved.out).not.toContain(secret);
  expect(await belfry(there)).toMatchObject({
    code: 0,
    out: expect.stringContaining('This move was finished before.'),
  });

  const positions = [{ stream: 'c:c1', epoch: 'e1', seq: messages - 1 }];
  const shown = await onServer(cluster, async (server) => {
    const seen = await shownBy(server, made);
    const bob = await SocketClient.connect(server, { userId: 'bob', resume: positions });
    expect(bob.connected['resumed']).toMatchObject([{ stream: 'c:c1', epoch: 'e1', from: messages, to: messages + 1 }]);
    expect((await say(server, 'c1', { from: 'bob', text: 'in the cluster' })).seq).toBe(messages + 2);
    await bob.event('new_message', ({ seq }) => seq === messages + 2);
    await bob.end();
    return seen;
  });
  expect(shown).toEqual(before);

  const back = await belfry(['migrate', '--from', mongodbUrl, '--to', at('back')]);
  expect(back).toMatchObject({ code: 0, err: progress, out: expect.stringContaining('Every record is there') });
  cpSync(at('data/secret'), at('back/secret'));
  cpSync(at('data/uploads'), at('back/uploads'), { recursive: true });
  await onServer({ DATA_DIR: at('back') }, async (server) => {
    const again = (await shownBy(server, made)) as [string, Record<string, unknown>][];
    const paths = ['/pages', '/kinds', '/hooks', '/messages/search?q=499', 'file'];
    const same = (all: unknown): unknown[] => (all as [string][]).filter(([path]) => paths.includes(path));
    expect(same(again)).toEqual(same(before));
    const bob = await SocketClient.connect(server, { userId: 'bob', resume: positions });
    expect(bob.connected['resumed']).toMatchObject([{ stream: 'c:c1', epoch: 'e1', from: messages, to: messages + 2 }]);
    expect((await say(server, 'c1', { from: 'bob', text: 'back' })).seq).toBe(messages + 3);
    await bob.end();
  });
});

test('a move that cannot be is refused, with 78', async () => {
  const both = await belfry(['migrate', '--from', at('data'), '--to', at('other')]);
  expect(both).toMatchObject({ code: 78, err: expect.stringContaining('and the other a mongodb:// address') });
  const half = await belfry(['migrate', '--from', at('data')]);
  expect(half).toMatchObject({ code: 78, err: expect.stringContaining('either --from and --to') });
  const nowhere = await belfry(['migrate', '--from', at('nothing'), '--to', mongodbUrl]);
  expect(nowhere).toMatchObject({ code: 78, err: expect.stringContaining('there is no data file') });
});
