// The built SDK as any page may load it: from another origin, and as a service worker for the whole of its
// own.
import { once } from 'node:events';
import { mkdirSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import Koa from 'koa';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { callOnce } from '../../test/hostile/http-call.ts';
import { createTemporaryFolder, type TemporaryFolder } from '../../test/support/temporary-folder.ts';
import type { HttpState } from './context.ts';
import { serveSdk } from './sdk-files.ts';

let folder: TemporaryFolder;
let server: Server;
let url: string;

beforeEach(async () => {
  folder = createTemporaryFolder();
  mkdirSync(join(folder.path, 'chunks'));
  writeFileSync(join(folder.path, 'belfry.global.js'), 'var Belfry');
  writeFileSync(join(folder.path, 'chunks/chat-Ab3_d-9x.js'), 'export {}');
  writeFileSync(join(folder.path, 'belfry-client.tgz'), 'packed');
  const koa = new Koa<HttpState>();
  koa.use(serveSdk(folder.path));
  koa.use((ctx) => void (ctx.body = 'elsewhere'));
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

test.each([
  ['/sdk/belfry.global.js', 'var Belfry'],
  ['/sdk/chunks/chat-Ab3_d-9x.js', 'export {}'],
])('%s is there for every page', async (path, text) => {
  expect(await callOnce(url, path, {})).toMatchObject({
    status: 200,
    text,
    headers: {
      'content-type': 'text/javascript; charset=utf-8',
      'cross-origin-resource-policy': 'cross-origin',
      'service-worker-allowed': '/',
    },
  });
});

test('the package for npm is there as a file that nobody unpacks on the way', async () => {
  expect(await callOnce(url, '/sdk/belfry-client.tgz', {})).toMatchObject({
    status: 200,
    text: 'packed',
    headers: { 'cache-control': 'no-cache' },
  });
});

test('a path that is not below the SDK goes on to the next', async () => {
  expect(await callOnce(url, '/sdk.js', {})).toMatchObject({ status: 200, text: 'elsewhere' });
});
