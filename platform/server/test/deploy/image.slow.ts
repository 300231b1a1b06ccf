// The image, built by buildah out of what is committed, and run: a message between two clients, a drain, and nothing
// written where nothing may be. Not by Docker: no engine of it is at hand.

import { execFileSync, spawnSync } from 'node:child_process';
import { chownSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, expect, onTestFinished, test, vi } from 'vitest';
import { version } from '../../src/config/version.ts';
import { createApiClient } from '../support/api-client.ts';
import { Buildah, type ImageConfig } from '../support/buildah.ts';
import { putConversation, say } from '../support/clinic.ts';
import { repository } from '../support/compose-file.ts';
import { provisionFile } from '../support/provision.ts';
import { freePort } from '../support/free-port.ts';
import { SocketClient } from '../support/socket-client.ts';
import { createTemporaryFolder } from '../support/temporary-folder.ts';

vi.setConfig({ testTimeout: 60_000, hookTimeout: 20 * 60_000 });

const user = 10_001;
const mostBytesBesideBase = 350 * 1024 * 1024;
/** 2023-11-14, long before anything here was written. */
const epochSeconds = 1_700_000_000;
const strangersText = 'a secret of who builds the image';
const strangers = [
  ...['.env', 'data/secret', 'platform/server/data/belfry.db', 'deploy/compose/secrets/belfry'],
  'deploy/compose/provision/stranger.yaml',
  ...['node_modules/stranger/index.js', 'plugins/notify-fcm/node_modules/stranger/index.js'],
  ...['bench-results/stranger.json', 'console/.svelte-kit/stranger.js', 'platform/client/dist/stranger.js'],
];
const folder = createTemporaryFolder();
const buildah = new Buildah(folder.path);
let container: string;
let files: string;
let config: ImageConfig;
let baseFiles: string;

beforeAll(() => {
  const clone = join(folder.path, 'clone');
  execFileSync('git', ['clone', '--quiet', '--local', repository, clone]);
  // What a folder that was worked in has beside what is committed.
  for (const path of strangers) {
    mkdirSync(join(clone, dirname(path)), { recursive: true });
    writeFileSync(join(clone, path), strangersText);
  }
  const base = buildah.makeBase();
  const image = buildah.build(clone, { base, epochSeconds });
  config = buildah.config(image);
  baseFiles = buildah.mount(buildah.container(base));
  container = buildah.container(image);
  files = buildah.mount(container);
});
afterAll(() => folder.remove());

/** Bytes below a folder. */
function sizeOf(path: string): number {
  return Number(/^\d+/.exec(execFileSync('du', ['-sb', path], { encoding: 'utf8' }))?.[0]);
}

/** Every file with its size and time, and every folder; not what belongs to /data, /tmp and buildah. */
function listFiles(): string[] {
  const others = ['data', 'tmp', 'proc', 'sys', 'dev', 'etc/hosts', 'etc/resolv.conf', 'run/.containerenv'];
  const except = others.flatMap((name) => ['-path', `./${name}`, '-prune', '-o']);
  const shown = ['-type', 'd', '-printf', '%p/\n', '-o', '-printf', '%p %s %T@\n'];
  const text = execFileSync('find', ['.', '-xdev', ...except, ...shown], {
    ...{ cwd: files, encoding: 'utf8', maxBuffer: 256 * 1024 * 1024 },
  });
  return text.split('\n').sort();
}

test('beside its base the image has less than 350 MiB', () => {
  const [whole, base] = [sizeOf(files), sizeOf(baseFiles)];
  const mib = (bytes: number): string => `${Math.round(bytes / 1024 / 1024)} MiB`;
  console.log(`size of the image: ${mib(whole)}; of its base ${mib(base)}, of /app ${mib(sizeOf(join(files, 'app')))}`);
  expect(whole - base).toBeLessThan(mostBytesBesideBase);
});

test('the image says what runs in it, as whom, and how to ask whether it is well', () => {
  expect(config).toMatchObject({ User: `${user}:${user}`, StopSignal: 'SIGTERM', Cmd: ['start'] });
  expect(Object.keys(config.Volumes)).toEqual(['/data']);
  expect(Object.keys(config.ExposedPorts)).toEqual(['8000/tcp']);
  expect(config.Labels).toMatchObject({
    'org.opencontainers.image.title': 'Belfry',
    'org.opencontainers.image.licenses': 'Apache-2.0',
    'org.opencontainers.image.revision': 'tested',
  });
});

test('nothing in the image installs packages, and there are no tests in it', () => {
  const found = execFileSync(
    'sh',
    [
      '-c',
      `find usr/local/bin usr/local/lib -name 'npm*' -o -name 'npx*'; find app/platform app/plugins -name '*.test.ts'`,
    ],
    { cwd: files, encoding: 'utf8' },
  );
  expect(found).toBe('');
});

test('nothing of who builds it gets into the image, and its files have the time of the commit', () => {
  const find = (...args: string[]): string => execFileSync('find', args, { cwd: join(files, 'app'), encoding: 'utf8' });
  const named = find('.', '-name', '*stranger*', '-o', '-name', '.env', '-o', '-name', '.git', '-o', '-name', 'data');
  expect(named.split('\n').filter((path) => !/^$|node_modules\/.+\/data$/.test(path))).toEqual([]);
  expect(spawnSync('grep', ['-rl', strangersText, '.'], { cwd: join(files, 'app'), encoding: 'utf8' }).stdout).toBe('');
  // The folder itself is made by the copy.
  expect(find('.', '-mindepth', '1', '-newermt', `@${epochSeconds}`)).toBe('');
});

test('each command of Belfry can be called by its name', () => {
  expect(buildah.run(container, { env: {}, volumes: {} }, ['belfry', '--version']).trim()).toBe(version);
});

test('a message goes from one client to another, and SIGTERM drains: nothing is written outside of /data and /tmp', async () => {
  const data = join(folder.path, 'data');
  mkdirSync(data);
  chownSync(data, user, user);
  const provision = join(folder.path, 'provision.yaml');
  writeFileSync(provision, provisionFile());
  const port = String(await freePort());
  const options = {
    env: { PORT: port, PROVISION_FILE: '/etc/provision.yaml' },
    volumes: { '/data': data, '/etc/provision.yaml': provision },
  };
  // What buildah itself puts in, it puts in at its first run.
  expect(buildah.run(container, options, ['id', '-u']).trim()).toBe(String(user));
  const before = listFiles();

  const server = buildah.start(container, options, [...config.Entrypoint, ...config.Cmd]);
  onTestFinished(() => server.abandon());
  await server.line('listening');
  const url = `http://127.0.0.1:${port}`;
  expect((await fetch(`${url}/readyz`)).status).toBe(200);
  const [kind, ...health] = config.Healthcheck.Test;
  expect(kind).toBe('CMD');
  expect(buildah.run(container, options, health).trim()).toBe('ready');
  for (const path of ['/console/', '/sdk/belfry.global.js', '/docs/']) {
    expect((await fetch(url + path)).status, path).toBe(200);
  }

  const site = { url, ...createApiClient(() => url) };
  await putConversation(site, 'c1', ['alice', 'bob']);
  const bob = await SocketClient.connect(site, { userId: 'bob' });
  onTestFinished(() => bob.end());
  await say(site, 'c1', { from: 'alice', text: 'out of the image' });
  expect((await bob.event('new_message')).data).toMatchObject({ content: { text: 'out of the image' } });

  server.kill('SIGTERM');
  await vi.waitFor(() => expect(bob.frames.some(({ action }) => action === 'goaway')).toBe(true), 20_000);
  await bob.end();
  expect(await server.exited).toBe(0);
  expect(server.lines.filter(({ level }) => level === 'error')).toEqual([]);
  expect(listFiles()).toEqual(before);
});
