// docker-compose.yml as local processes: the commands of its image, the environments of its services, nginx with its
// configuration, a real Redis and a real server of MongoDB's protocol. Only addresses and folders are others.

import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, onTestFinished, test, vi } from 'vitest';
import { createApiClient } from '../support/api-client.ts';
import { putConversation, say } from '../support/clinic.ts';
import {
  readComposeFile,
  readDockerfile,
  repository,
  secretFile,
  upstreamParameters,
} from '../support/compose-file.ts';
import { freePort } from '../support/free-port.ts';
import { startMongo, type MongoServer } from '../support/mongo-server.ts';
import { provisionFile } from '../support/provision.ts';
import { startRedis, type RedisServer } from '../support/redis-server.ts';
import { png } from '../support/sample-files.ts';
import { runServerProcess, startServerProcess, type ServerProcess } from '../support/server-process.ts';
import { SocketClient, type Reachable } from '../support/socket-client.ts';
import { createTemporaryFolder } from '../support/temporary-folder.ts';

vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });

const composePath = 'docker-compose.yml';
const image = readDockerfile();
const folder = createTemporaryFolder();
let mongo: MongoServer;
let redis: RedisServer;
const processes: ServerProcess[] = [];
let gateways: ServerProcess[] = [];
let worker: ServerProcess;
let site: Reachable & ReturnType<typeof createApiClient>;
let stopNginx: (() => Promise<void>) | undefined;

beforeAll(async () => {
  [mongo, redis] = await Promise.all([startMongo(), startRedis()]);
  writeFileSync(join(folder.path, 'provision.yaml'), provisionFile());
  const { deploy } = readComposeFile(composePath).services['belfry'] ?? {};
  [worker, ...gateways] = await Promise.all([
    startService('worker'),
    ...Array.from({ length: deploy?.replicas ?? 0 }, () => startService('belfry')),
  ]);
  const nginx = await startNginx(gateways.map(({ url }) => new URL(url).host));
  stopNginx = nginx.stop;
  site = { url: nginx.url, ...createApiClient(() => nginx.url) };
});
afterAll(async () => {
  await stopNginx?.();
  for (const each of processes) each.kill('SIGTERM');
  await Promise.all(processes.map(({ exited }) => exited));
  await Promise.all([redis.stop(), mongo.stop()]);
  folder.remove();
});

/** The environment of a service, with addresses and folders of this machine. */
function environmentOf(name: string, set: Record<string, string> = {}): Record<string, string> {
  const file = readComposeFile(composePath, set);
  const service = file.services[name];
  if (service === undefined) throw new Error(`there is no service ${name}`);
  const [, query = ''] = mongo.url.split('?');
  const here: [from: RegExp, to: string][] = [
    [/^mongodb:\/\/mongo:27017\/(\w+)\?.*$/, `${mongo.url.split('?')[0]}$1?${query}`],
    [/^redis:\/\/redis:6379$/, redis.url],
    [/^http:\/\/127\.0\.0\.1:8000$/, ''],
    [/^\/run\/secrets\/(\w+)$/, secretFile(file, 'belfry_secret', composePath)],
  ];
  const changed = Object.entries({ ...image.env, ...service.environment }).map(([key, value]) => [
    key,
    here.reduce((text, [from, to]) => text.replace(from, to), value),
  ]);
  const own = { HOST: '127.0.0.1', PORT: '0', INTERNAL_PORT: '0', DATA_DIR: folder.path };
  return { ...(Object.fromEntries(changed) as Record<string, string>), ...own };
}

async function startService(name: string): Promise<ServerProcess> {
  const env = { ...environmentOf(name), PROVISION_FILE: join(folder.path, 'provision.yaml') };
  const started = await startServerProcess({ folder: folder.path, args: image.start, env });
  processes.push(started);
  return started;
}

/** The shipped configuration, with an address, folders and gateways of this machine. */
async function startNginx(servers: readonly string[]): Promise<{ url: string; stop: () => Promise<void> }> {
  const home = join(folder.path, 'nginx');
  const port = await freePort();
  const text = readFileSync(join(repository, 'deploy/nginx/nginx.conf'), 'utf8')
    .replace('listen 8080;', `listen 127.0.0.1:${port};`)
    .replaceAll('/tmp/', `${home}/`);
  mkdirSync(home);
  writeFileSync(join(home, 'nginx.conf'), text);
  const lines = servers.map((host) => `server ${host} ${upstreamParameters()};`);
  writeFileSync(join(home, 'upstream.conf'), `upstream belfry { ${lines.join(' ')} keepalive 64; }`);
  const child = spawn('nginx', ['-p', home, '-c', join(home, 'nginx.conf'), '-g', 'daemon off;'], {
    env: { PATH: '/usr/sbin:/usr/bin:/sbin:/bin' },
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  const url = `http://127.0.0.1:${port}`;
  await vi.waitFor(async () => expect((await fetch(`${url}/healthz`)).status).toBe(200), { timeout: 20_000 });
  const stop = async (): Promise<void> => {
    const ended = once(child, 'exit');
    child.kill('SIGTERM');
    await ended;
  };
  return { url, stop };
}

/** The one that is not stopped. */
function second(): ServerProcess {
  const [, found] = gateways;
  if (found === undefined) throw new Error('there is one gateway');
  return found;
}

async function connect(userId: string): Promise<SocketClient> {
  // Tokens by another way: taking turns, nginx would send all sockets to the same gateway.
  const { url } = site;
  const client = await SocketClient.connect({ url, tokenOf: (user) => second().tokenOf(user) }, { userId });
  onTestFinished(() => client.end());
  return client;
}

/** Where Prometheus asks. */
function internalUrlOf({ lines }: ServerProcess): string {
  return String(lines.find(({ msg }) => msg === 'listening')?.['internal']);
}

async function connectionsOf(server: ServerProcess): Promise<number> {
  const metrics = await (await fetch(`${internalUrlOf(server)}/metrics`)).text();
  const lines = [...metrics.matchAll(/^belfry_connections\{[^ ]* (\d+)/gm)];
  return lines.reduce((sum, [, count]) => sum + Number(count), 0);
}

/** The client that was asked to leave its gateway; throws when none was. */
function asked(clients: readonly SocketClient[]): SocketClient {
  const found = clients.find(({ frames }) => frames.some(({ action }) => action === 'goaway'));
  if (found === undefined) throw new Error('no client was asked to leave');
  return found;
}

test('two gateways and a worker are started, and the worker takes no clients', async () => {
  expect(gateways).toHaveLength(2);
  expect((await fetch(`${worker.url}/readyz`)).status).toBe(200);
  expect((await fetch(`${worker.url}/api/v1/users`)).status).toBe(404);
});

test('through nginx clients reach both gateways, and a message comes to those of the other', async () => {
  await putConversation(site, 'c1', ['alice', 'bob']);
  const clients = [await connect('bob'), await connect('bob'), await connect('bob'), await connect('bob')];
  const counts = await Promise.all(gateways.map(connectionsOf));
  // Each process of nginx takes turns by itself.
  expect([Math.min(...counts) > 0, counts.reduce((sum, count) => sum + count)]).toEqual([true, 4]);
  await say(site, 'c1', { from: 'alice', text: 'through nginx' });
  for (const client of clients) {
    const { data } = await client.event('new_message');
    expect(data).toMatchObject({ content: { text: 'through nginx' } });
  }
});

test('neither nginx nor a gateway behind it answers who asks for metrics', async () => {
  expect((await fetch(`${site.url}/metrics`)).status).toBe(404);
  for (const { url } of gateways) expect((await fetch(`${url}/metrics`)).status).toBe(404);
});

test('an upload larger than what nginx holds by itself comes through', async () => {
  const form = new FormData();
  form.set('file', new Blob([png, new Uint8Array(3 * 1024 * 1024)], { type: 'image/png' }), 'a.png');
  const headers = { authorization: `Bearer ${await site.tokenOf('alice')}` };
  const answer = await fetch(`${site.url}/api/v1/uploads`, { method: 'POST', headers, body: form });
  expect(answer.status).toBe(201);
});

test('the health check of the image says whether the server is ready', async () => {
  const check = promisify(execFile);
  const port = new URL(worker.url).port;
  const run = (PORT: string) => check(process.execPath, image.health, { env: { ...environmentOf('worker'), PORT } });
  expect((await run(port)).stdout).toBe('ready\n');
  const nobody = String(await freePort());
  await expect(run(nobody)).rejects.toMatchObject({ code: 1, stderr: expect.stringContaining('does not answer') });
});

test('a gateway that is told to stop drains, and its clients go on at the other', async () => {
  const [first] = gateways as [ServerProcess];
  await putConversation(site, 'c2', ['alice', 'carol']);
  const clients = [await connect('carol'), await connect('carol'), await connect('carol'), await connect('carol')];
  first.kill('SIGTERM');
  // As the SDK does.
  const left = await vi.waitFor(() => asked(clients), 20_000);
  await left.end();
  const again = await connect('carol');
  await say(site, 'c2', { from: 'alice', text: 'after the drain' });
  await again.event('new_message');
  expect(await first.exited).toBe(0);
  expect(await connectionsOf(second())).toBeGreaterThan(0);
});

test('nginx sets no gateway aside: after a failure it would let in one WebSocket every few seconds', () => {
  expect(upstreamParameters()).toBe('max_fails=0');
});

test('the trial secret is refused where https says that this is no trial', async () => {
  const env = environmentOf('belfry', { PUBLIC_URL: 'https://belfry.example.com' });
  const { code, err } = await runServerProcess({ folder: folder.path, args: image.start, env });
  expect(code).toBe(78);
  expect(err).toContain('BELFRY_SECRET: is the secret that everybody has, for trials');
});
