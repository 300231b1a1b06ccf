// A built site over HTTP: what is given out, for how long it may be kept, and what a build at the same time
// does.
import { mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { brotliCompressSync, gzipSync } from 'node:zlib';
import Koa from 'koa';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { callOnce } from '../../test/hostile/http-call.ts';
import { createTemporaryFolder, type TemporaryFolder } from '../../test/support/temporary-folder.ts';
import type { HttpState } from './context.ts';
import { errors } from './middleware/errors.ts';
import { Site } from './site.ts';

let folder: TemporaryFolder;
let site: Site;
let server: Server;
let url: string;

beforeEach(async () => {
  folder = createTemporaryFolder();
  const dir = join(folder.path, 'dist');
  site = new Site({ path: '/tour', dir, policy: "default-src 'none'" });
  const silent = { debug() {}, info() {}, warn() {}, error() {}, child: () => silent, isDebug: () => false };
  const metrics = { count() {}, observe() {}, set() {}, onCollect() {} };
  const koa = new Koa<HttpState>();
  koa.use(errors({ log: silent, metrics }));
  koa.use(site.serve);
  server = createServer(koa.callback());
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterEach(async () => {
  server.close();
  await once(server, 'close');
  folder.remove();
});

const page = '<h1>Tour</h1>';

function build(): void {
  mkdirSync(join(folder.path, 'dist/assets'), { recursive: true });
  writeFileSync(join(folder.path, 'secret.txt'), 'secret');
  writeFileSync(join(folder.path, 'dist/.built-from'), 'sources');
  writeFileSync(join(folder.path, 'dist/index.html'), page);
  writeFileSync(join(folder.path, 'dist/assets/index-Ab3_d-9x.js'), 'start()');
}

const get = (path: string, headers: Record<string, string> = {}) => callOnce(url, path, { headers });

test('a site that is not built says what to do, and is there once it is', async () => {
  expect(await get('/tour/')).toMatchObject({ status: 503, text: expect.stringContaining('npm run build') });
  build();
  expect(await get('/tour/')).toMatchObject({
    status: 200,
    text: '<h1>Tour</h1>',
    headers: {
      'content-type': 'text/html; charset=utf-8',
      'content-security-policy': "default-src 'none'",
      'cache-control': 'no-cache',
    },
  });
});

test('the path without its slash leads to the one with it', async () => {
  expect(await get('/tour')).toMatchObject({ status: 302, headers: { location: 'tour/' } });
});

test('files with a hash in their name are kept for ever, the page is asked about again', async () => {
  build();
  expect(await get('/tour/assets/index-Ab3_d-9x.js')).toMatchObject({
    status: 200,
    headers: {
      'content-type': 'text/javascript; charset=utf-8',
      'cache-control': 'public, max-age=31536000, immutable',
    },
  });
  const { headers } = await get('/tour/');
  expect(await get('/tour/', { 'if-none-match': String(headers['etag']) })).toMatchObject({ status: 304, text: '' });
});

test('a HEAD is answered like a GET without its body', async () => {
  build();
  expect(await callOnce(url, '/tour/', { method: 'HEAD' })).toMatchObject({ status: 200, text: '' });
});

test.each([
  '/tour/../secret.txt',
  '/tour/..%2fsecret.txt',
  '/tour/%2e%2e/secret.txt',
  '/tour//index.html',
  '/tour/assets',
  '/tour/.built-from',
  '/tours',
])('nothing but its files is given out: %s', async (path) => {
  build();
  expect(await get(path)).toMatchObject({ status: 404, body: { code: 'not_found' } });
});

test('only reading is answered', async () => {
  build();
  expect(await callOnce(url, '/tour/', { method: 'POST' })).toMatchObject({
    status: 405,
    headers: { allow: 'GET, HEAD' },
  });
});

test.each([
  ['br', 'br, gzip'],
  ['gzip', 'gzip'],
])('what lies packed beside a file is sent to a client that takes it: %s', async (encoding, accepted) => {
  build();
  const asset = join(folder.path, 'dist/assets/index-Ab3_d-9x.js');
  writeFileSync(`${asset}.br`, brotliCompressSync('start()'));
  writeFileSync(`${asset}.gz`, gzipSync('start()'));
  const path = '/tour/assets/index-Ab3_d-9x.js';
  expect((await get(path, { 'accept-encoding': accepted })).headers).toMatchObject({
    'content-encoding': encoding,
    'content-type': 'text/javascript; charset=utf-8',
    vary: 'Origin, Accept-Encoding',
  });
  const plain = await get(path, { 'accept-encoding': 'identity' });
  expect(plain).toMatchObject({ status: 200, text: 'start()' });
  expect(plain.headers).not.toHaveProperty('content-encoding');
});

test('a page that is not sent again keeps its policy', async () => {
  build();
  const { headers } = await get('/tour/');
  expect(await get('/tour/', { 'if-none-match': String(headers['etag']) })).toMatchObject({
    status: 304,
    headers: { 'content-security-policy': "default-src 'none'", 'cache-control': 'no-cache' },
  });
});

test.each(['bytes=0-2', 'bytes=-2', 'bytes=5-2', 'bytes=99-', 'bytes=x'])(
  'a request for a part gets the whole: %s',
  async (range) => {
    build();
    expect(await get('/tour/', { range })).toMatchObject({ status: 200, text: page });
  },
);

test('a site that is built anew is served as it is now', async () => {
  build();
  expect(await get('/tour/')).toMatchObject({ text: page });
  const dist = join(folder.path, 'dist');
  renameSync(dist, join(folder.path, 'old'));
  mkdirSync(dist);
  writeFileSync(join(dist, 'index.html'), '<h1>A longer tour</h1>');
  expect(await get('/tour/')).toMatchObject({ status: 200, text: '<h1>A longer tour</h1>' });
  expect(await get('/tour/assets/index-Ab3_d-9x.js')).toMatchObject({ status: 404 });
});

test('a file that goes while the server runs breaks off its own answer and nothing else', async () => {
  build();
  await get('/tour/');
  rmSync(join(folder.path, 'dist/assets/index-Ab3_d-9x.js'));
  await expect(get('/tour/assets/index-Ab3_d-9x.js')).rejects.toThrow();
  expect(await get('/tour/')).toMatchObject({ status: 200, text: page });
});
