// The built console over HTTP: which addresses are screens, what its page may do, and what a proxy's path changes.
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { mkdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import Koa from 'koa';
import { expect, onTestFinished, test } from 'vitest';
import { callOnce } from '../../test/hostile/http-call.ts';
import { createTemporaryFolder } from '../../test/support/temporary-folder.ts';
import { ConsoleSite } from './console-site.ts';
import type { HttpState } from './context.ts';
import { errors } from './middleware/errors.ts';

const script = '\n  start("/console");\n';
const page = `<link href="/console/belfry.svg"><script>${script}</script>`;

async function serve({ publicUrl, isBuilt = true }: { publicUrl?: string; isBuilt?: boolean } = {}) {
  const folder = createTemporaryFolder();
  const dir = join(folder.path, 'dist');
  const koa = new Koa<HttpState>();
  const silent = { debug() {}, info() {}, warn() {}, error() {}, child: () => silent, isDebug: () => false };
  koa.use(errors({ log: silent, metrics: { count() {}, observe() {}, set() {}, onCollect() {} } }));
  koa.use(new ConsoleSite({ dir, publicUrl }).serve);
  const server = createServer(koa.callback());
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(async () => {
    server.close();
    await once(server, 'close');
    folder.remove();
  });
  const build = (html = page): void => {
    mkdirSync(join(dir, '_app/immutable/nodes'), { recursive: true });
    writeFileSync(join(dir, 'index.html'), html);
    writeFileSync(join(dir, 'belfry.svg'), '<svg/>');
    writeFileSync(join(dir, '_app/version.json'), '{}');
    writeFileSync(join(dir, '_app/immutable/nodes/2.1PtoQ-v4.js'), 'run()');
  };
  if (isBuilt) build();
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const get = (path: string, headers: Record<string, string> = {}) => callOnce(url, path, { headers });
  return { url, get, build };
}

const hashOf = (text: string): string => `'sha256-${createHash('sha256').update(text).digest('base64')}'`;

test.each(['/console/', '/console/index.html', '/console/a/demo/pages?try=/x.html', '/console/t/a.b/members'])(
  'an address of a screen gets the page: %s',
  async (path) => {
    const { get } = await serve();
    expect(await get(path)).toMatchObject({
      status: 200,
      text: page,
      headers: { 'content-type': 'text/html; charset=utf-8', 'cache-control': 'no-cache' },
    });
  },
);

test('only the script of the build may run, and nobody may frame the page', async () => {
  const { get } = await serve();
  const policy = String((await get('/console/')).headers['content-security-policy']);
  expect(policy).toContain(`script-src 'self' ${hashOf(script)};`);
  expect(policy).toContain("frame-ancestors 'none'");
  expect(policy).toContain("require-trusted-types-for 'script'");
  expect(policy).not.toMatch(/unsafe-inline|unsafe-eval|https?:/);
});

test('a path in the public address stands before every address of the page, and its script is let run', async () => {
  const { get } = await serve({ publicUrl: 'https://example.com/belfry/' });
  const { text, headers } = await get('/console/a/demo');
  expect(text).toBe(page.replaceAll('/console', '/belfry/console'));
  expect(headers['content-security-policy']).toContain(hashOf(script.replace('/console', '/belfry/console')));
});

test('files of the build are files: hashed ones for ever, the version is asked about again', async () => {
  const { get } = await serve();
  expect(await get('/console/_app/immutable/nodes/2.1PtoQ-v4.js')).toMatchObject({
    status: 200,
    text: 'run()',
    headers: {
      'cache-control': 'public, max-age=31536000, immutable',
      'content-security-policy': "default-src 'none'",
    },
  });
  expect(await get('/console/_app/version.json')).toMatchObject({
    status: 200,
    headers: { 'cache-control': 'no-cache' },
  });
  // A chunk of an older build is gone, and no page of HTML in its place.
  expect(await get('/console/_app/immutable/nodes/9.old.js')).toMatchObject({ status: 404 });
  expect(await get('/console/other.svg')).toMatchObject({ status: 404 });
});

test('a page that the browser still has is not sent again, until it is built anew', async () => {
  const { get, build } = await serve();
  const { headers } = await get('/console/');
  const known = { 'if-none-match': String(headers['etag']) };
  expect(await get('/console/', known)).toMatchObject({ status: 304, text: '' });
  build(`${page}<p>new</p>`);
  expect(await get('/console/', known)).toMatchObject({ status: 200, text: `${page}<p>new</p>` });
});

test('a console that is not built says what to do', async () => {
  const { get } = await serve({ isBuilt: false });
  expect(await get('/console/a/demo')).toMatchObject({ status: 503, text: expect.stringContaining('npm run build') });
});

test('only reading is answered, and nothing beside it is taken', async () => {
  const { url, get } = await serve();
  expect(await callOnce(url, '/console/sign-in', { method: 'POST' })).toMatchObject({ status: 405 });
  expect(await get('/consoles/')).toMatchObject({ status: 404 });
  expect(await get('/console')).toMatchObject({ status: 302, headers: { location: 'console/' } });
});
