// The data of a process that was killed or told to stop, and the report of one that cannot start. Its
// pushes are push-restart.test.ts.

import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { ApiClient } from '../support/api-client.ts';
import { createClients, type Clients } from '../support/clients.ts';
import { putConversation, say, succeed } from '../support/clinic.ts';
import { startEngine, type EngineUnderTest } from '../support/engine-under-test.ts';
import { provisionFile } from '../support/provision.ts';
import { runServerProcess, startServerProcess, type ServerProcess } from '../support/server-process.ts';
import { SocketClient } from '../support/socket-client.ts';
import { createTemporaryFolder, type TemporaryFolder } from '../support/temporary-folder.ts';

// Each start reads all of the TypeScript anew; on a busy machine that takes seconds.
vi.setConfig({ testTimeout: 60_000 });

let folder: TemporaryFolder;
let engine: EngineUnderTest;
let env: Record<string, string>;
let server: ServerProcess | undefined;
let clients: Clients;

beforeEach(async () => {
  engine = await startEngine();
  folder = createTemporaryFolder();
  provision();
  env = {
    DATA_DIR: join(folder.path, 'data'),
    PROVISION_FILE: join(folder.path, 'provision.yaml'),
    LIMIT_COMMANDS_PER_SECOND: '10000',
    LIMIT_COMMAND_BURST: '10000',
    ...engine.env,
  };
  clients = createClients(() => running());
});
afterEach(async () => {
  await clients.closeAll();
  server?.kill('SIGKILL');
  await server?.exited;
  server = undefined;
  await engine.close();
  folder.remove();
});

function provision(options?: Parameters<typeof provisionFile>[0]): void {
  writeFileSync(join(folder.path, 'provision.yaml'), provisionFile(options));
}

async function start(): Promise<ServerProcess> {
  server = await startServerProcess({ folder: folder.path, env });
  return server;
}

function running(): ServerProcess {
  if (server === undefined) throw new Error('no server');
  return server;
}

/** A request whose body never comes: a drain waits for it. */
async function halfRequest({ url }: ServerProcess): Promise<Socket> {
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname);
  socket.on('error', () => undefined);
  await once(socket, 'connect');
  socket.write(
    'POST /api/v1/broadcasts HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 9\r\n',
  );
  socket.write('Authorization: Bearer bk_backend_0123456789abcdef0123456789abcdef\r\nExpect: 100-continue\r\n\r\n');
  // The server reads the head first: it says that it wants the body.
  await once(socket, 'data');
  return socket;
}

interface Stored {
  messageId: string;
  seq: number;
  cid: string;
  senderId: string;
}

async function readAll(from: Pick<ApiClient, 'api'>, conversation: string): Promise<Stored[]> {
  const all: Stored[] = [];
  for (;;) {
    const after = all.at(-1)?.seq ?? 0;
    const path = `/conversations/${conversation}/messages?afterSeq=${after}&limit=100`;
    const { messages, hasMore } = await succeed(from.api('GET', path), path);
    all.push(...(messages as Stored[]));
    if (hasMore !== true) return all;
  }
}

/** Sends one after another, several under way at a time, until the connection ends. */
function sendUntilTheEnd(
  client: SocketClient,
  name: string,
  replyTo?: string,
): { acknowledged: Stored[]; sent: string[]; done: Promise<unknown> } {
  const acknowledged: Stored[] = [];
  const sent: string[] = [];
  const lane = async (): Promise<void> => {
    for (;;) {
      const cid = `${name}-${sent.length}`;
      sent.push(cid);
      const draft = { conversationId: 'c1', cid, type: 'text', content: { text: cid }, replyTo };
      const { data } = await client.ask('message', draft);
      acknowledged.push({ messageId: String(data['messageId']), seq: Number(data['seq']), cid, senderId: name });
    }
  };
  return { acknowledged, sent, done: Promise.allSettled([lane(), lane(), lane()]) };
}

describe('a server that is killed while two clients send', () => {
  test('has every acknowledged message when it is back, in seqs without holes, and a client resumes', async () => {
    const killed = await start();
    await putConversation(killed, 'c1', ['alice', 'bob', 'carol']);
    const carol = await clients.connect({ userId: 'carol' });
    const senders = await Promise.all(
      ['alice', 'bob'].map(async (userId) => sendUntilTheEnd(await clients.connect({ userId }), userId)),
    );
    const seen = await carol.event('new_message', ({ seq }) => seq === 100);
    await carol.event('new_message', ({ seq }) => seq === 300);
    killed.kill('SIGKILL');
    expect(await killed.exited).toBeNull();
    await Promise.all(senders.map(({ done }) => done));
    expect(await carol.closed()).toBe(1006);

    const back = await start();
    const stored = await readAll(back, 'c1');
    expect(stored.map(({ seq }) => seq)).toEqual(stored.map((_, index) => index + 1));
    expect(stored.length).toBeGreaterThanOrEqual(300);
    const bySeq = new Map(stored.map((message) => [message.seq, message]));
    for (const { acknowledged } of senders) {
      expect(acknowledged.length).toBeGreaterThan(0);
      for (const message of acknowledged) expect(bySeq.get(message.seq)).toMatchObject({ ...message });
    }
    // Everything that carol received stands in the log: nothing was delivered that was not stored.
    for (const { seq = 0, data } of carol.events('new_message')) {
      expect(bySeq.get(seq)?.messageId).toBe(data['messageId']);
    }

    // Each client sends again the messages that were not answered: none of them is there twice.
    for (const { sent, acknowledged } of senders) {
      const name = acknowledged[0]?.senderId ?? '';
      const again = await clients.connect({ userId: name });
      const answered = new Set(acknowledged.map(({ cid }) => cid));
      for (const cid of sent.filter((each) => !answered.has(each))) {
        const answer = await again.ask('message', { conversationId: 'c1', cid, type: 'text', content: { text: cid } });
        expect(answer.data['duplicate']).toBe(stored.some((message) => message.cid === cid));
      }
    }
    const after = await readAll(back, 'c1');
    expect(new Set(after.map(({ cid }) => cid)).size).toBe(after.length);
    expect(after.length).toBe(senders.reduce((sum, { sent }) => sum + sent.length, 0));

    const resumed = await clients.connect({ userId: 'carol', resume: [{ stream: 'c:c1', epoch: 'e1', seq: 100 }] });
    expect(resumed.connected['resumed']).toMatchObject([{ stream: 'c:c1', from: 101, to: after.length }]);
    await resumed.event('new_message', ({ seq }) => seq === after.length);
    expect(resumed.events('new_message').map(({ seq }) => seq)).toEqual(after.slice(100).map(({ seq }) => seq));
    expect(seen.seq).toBe(100);
  });
});

describe('a server that is killed while people answer a message', () => {
  test('counts each reply that is there once, whatever was under way', async () => {
    const killed = await start();
    await putConversation(killed, 'c1', ['alice', 'bob']);
    const { messageId } = await say(killed, 'c1', { from: 'bob', text: 'a question' });
    const alice = await clients.connect({ userId: 'alice' });
    const bob = await clients.connect({ userId: 'bob' });
    const { acknowledged, done } = sendUntilTheEnd(alice, 'alice', messageId);
    await bob.event('new_message', ({ seq }) => seq === 100);
    killed.kill('SIGKILL');
    await done;

    const back = await start();
    const replies = (await readAll(back, 'c1')).filter(({ senderId }) => senderId === 'alice');
    expect(replies.length).toBeGreaterThanOrEqual(acknowledged.length);
    const { message } = await succeed(back.api('GET', `/messages/${messageId}`), 'message');
    expect(message).toMatchObject({ replies: { count: replies.length } });
  });
});

describe('a server that is told to stop', () => {
  test('says so, finishes what it was asked, closes with 1012, and ends with 0', async () => {
    const stopped = await start();
    await putConversation(stopped, 'c1', ['alice', 'bob']);
    const alice = await clients.connect({ userId: 'alice' });
    const bob = await clients.connect({ userId: 'bob' });
    const asked = Array.from({ length: 50 }, (_, n) =>
      alice.ask('message', { conversationId: 'c1', cid: `a-${n}`, type: 'text', content: { text: `${n}` } }),
    );
    await bob.event('new_message');
    stopped.kill('SIGTERM');
    const answers = await Promise.all(asked);
    expect(answers.map(({ data }) => data['seq'])).toEqual(Array.from({ length: 50 }, (_, n) => n + 1));

    const { data } = await bob.event('goaway');
    expect(data['reconnectAfterMs']).toBeGreaterThanOrEqual(0);
    expect((await fetch(`${stopped.url}/readyz`)).status).toBe(503);
    await expect(SocketClient.open(stopped)).rejects.toThrow('503');
    // A client that was told to go and has not gone yet is still served.
    const late = await bob.ask('message', {
      conversationId: 'c1',
      cid: 'b-1',
      type: 'text',
      content: { text: 'late' },
    });
    expect(late).toMatchObject({ ok: true, data: { seq: 51 } });
    expect(await Promise.all([alice.closed(), bob.closed()])).toEqual([1012, 1012]);
    expect(await stopped.exited).toBe(0);
    const phases = stopped.lines.filter(({ msg }) => msg === 'drain').map((line) => line['phase']);
    expect(phases).toEqual(['begin', 'goaway', 'close', 'finish', 'done']);

    expect(await readAll(await start(), 'c1')).toHaveLength(51);
  });

  test('takes signals within two seconds for one, stops at once when a later one comes, and has lost nothing', async () => {
    const stopped = await start();
    await putConversation(stopped, 'c1', ['alice', 'bob']);
    const bob = await clients.connect({ userId: 'bob' });
    await say(stopped, 'c1', { from: 'alice' });
    const slow = await halfRequest(stopped);
    const stoppedAt = performance.now();
    stopped.kill('SIGTERM');
    await bob.event('goaway');
    const telling = setInterval(() => stopped.kill('SIGTERM'), 100);
    const code = await stopped.exited.finally(() => clearInterval(telling));
    const tookMs = performance.now() - stoppedAt;
    expect(code).toBe(1);
    expect(tookMs).toBeGreaterThan(2000);
    // The drain would have waited ten seconds for the request that never ends.
    expect(tookMs).toBeLessThan(8000);
    expect(stopped.lines.find(({ phase }) => phase === 'cut')).toMatchObject({
      reason: 'second signal',
      // The connection may be there still; the request is.
      waitingFor: expect.stringMatching(/^(connections|listener)$/),
    });
    expect(await bob.closed()).toBe(1012);
    slow.destroy();
    expect(await readAll(await start(), 'c1')).toHaveLength(1);
  });
});

describe('a server that cannot start', () => {
  test('ends with 78 and names every mistake of its configuration', async () => {
    const { code, err, lines } = await runServerProcess({
      folder: folder.path,
      env: {
        ...env,
        ...{ PORT: 'http', ROLE: 'boss', LIMIT_FRAME_BYTES: '1', REDIS_URL: 'redis://127.0.0.1:1', MONGODB_URL: '' },
      },
    });
    expect(code).toBe(78);
    const wrong = ['PORT', 'ROLE', 'LIMIT_FRAME_BYTES', 'MONGODB_URL'];
    for (const variable of wrong) expect(err).toMatch(new RegExp(`\\b${variable}\\b`));
    const logged = lines.filter(({ msg }) => msg === 'config problem').map((line) => line['variable']);
    expect(logged.toSorted()).toEqual(wrong.toSorted());
  });

  test('ends with 78 and the paths of the mistakes in its provision file', async () => {
    provision({ settings: { waitMs: -1 }, app: { signingSecret: 'short' } });
    const { code, err } = await runServerProcess({ folder: folder.path, env });
    expect(code).toBe(78);
    expect(err).toMatch(/tenants\[0\].apps\[0\].settings.waitMs/);
    expect(err).toMatch(/tenants\[0\].apps\[0\].signingSecret/);
  });

  test('ends with 78 when its port is taken', async () => {
    const other = createServer();
    other.listen(0, '127.0.0.1');
    await once(other, 'listening');
    try {
      const { port } = other.address() as AddressInfo;
      const { code, err } = await runServerProcess({ folder: folder.path, env: { ...env, PORT: String(port) } });
      expect(code).toBe(78);
      expect(err).toMatch(/PORT: .*EADDRINUSE/);
    } finally {
      other.close();
    }
  });

  test('ends with 78 when another process has its data', async () => {
    await start();
    const { code, err } = await runServerProcess({ folder: folder.path, env });
    expect(code).toBe(78);
    expect(err).toMatch(/DATA_DIR/);
  });
});
