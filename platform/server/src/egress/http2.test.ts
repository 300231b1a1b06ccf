// Calls to services that speak HTTP/2, and to those that speak nothing else: they work, share one connection,
// and keep it while nothing is called.

import { once } from 'node:events';
import { createSecureServer, type Http2SecureServer, type ServerHttp2Session } from 'node:http2';
import { createServer } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import { getCACertificates, setDefaultCACertificates } from 'node:tls';
import { afterAll, beforeAll, expect, onTestFinished, test, vi } from 'vitest';
import { createVirtualClock } from '../../test/support/virtual-clock.ts';
import { testCertificate } from '../../test/support/test-certificate.ts';
import { Guard } from './guard.ts';

const { cert } = testCertificate;
const authorities = getCACertificates('default');
beforeAll(() => setDefaultCACertificates([...authorities, cert]));
afterAll(() => setDefaultCACertificates(authorities));

const request = { method: 'POST', body: 'hello', headers: { 'x-name': 'value' }, signal: AbortSignal.timeout(60_000) };

function newGuard(): Guard {
  const clock = createVirtualClock();
  const guard = new Guard({ allow: ['127.0.0.0/8'], clock, resolve: async () => ['127.0.0.1'] });
  onTestFinished(() => guard.close());
  return guard;
}

/** Speaks HTTP/2 alone; counts its sessions, and can be told to say goodbye. */
async function serveHttp2(): Promise<{ url: URL; sessions: Set<ServerHttp2Session>; opened: () => number }> {
  const sessions = new Set<ServerHttp2Session>();
  let opened = 0;
  const server: Http2SecureServer = createSecureServer({ ...testCertificate, allowHTTP1: false });
  server.on('session', (session) => {
    opened += 1;
    sessions.add(session);
    session.on('close', () => sessions.delete(session)).on('error', () => undefined);
  });
  server.on('stream', (stream, headers) => {
    stream.on('error', () => undefined);
    let body = '';
    stream.setEncoding('utf8').on('data', (part: string) => void (body += part));
    stream.on('end', () => {
      stream.respond({ ':status': 200, 'x-name': headers['x-name'] });
      stream.end(`${String(headers[':method'])} ${String(headers[':path'])} ${body}`);
    });
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  onTestFinished(async () => {
    for (const session of sessions) session.destroy();
    server.close();
    await once(server, 'close');
  });
  const { port } = server.address() as AddressInfo;
  return { url: new URL(`https://service.example:${port}/3/device/x`), sessions, opened: () => opened };
}

test('a server that speaks nothing but HTTP/2 is called, with method, path, headers and body', async () => {
  const { url } = await serveHttp2();
  const response = await newGuard().call(url, request);
  expect([response.status, response.headers.get('x-name')]).toEqual([200, 'value']);
  expect(await response.text()).toBe('POST /3/device/x hello');
});

test('many calls at once go over few connections, and later calls over the one that is open', async () => {
  const { url, opened } = await serveHttp2();
  const guard = newGuard();
  const call = async () => (await guard.call(url, request)).text();
  await call();
  await Promise.all(Array.from({ length: 200 }, call));
  const after = opened();
  expect(after).toBeLessThanOrEqual(4);
  await Promise.all(Array.from({ length: 20 }, call));
  expect(opened()).toBe(after);
});

test('a goodbye of the server costs nothing: the next call opens a new connection', async () => {
  const { url, sessions, opened } = await serveHttp2();
  const guard = newGuard();
  const call = async () => (await guard.call(url, request)).text();
  await call();
  await call();
  const before = opened();
  for (const session of sessions) session.close();
  await vi.waitFor(() => expect(sessions.size).toBe(0));
  expect(await call()).toContain('hello');
  expect(opened()).toBe(before + 1);
});

test('an idle connection is kept for a minute with HTTP/2, and for seconds without', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval', 'Date', 'performance'] });
  onTestFinished(() => void vi.useRealTimers());
  const http2 = await serveHttp2();
  const http1 = await serveHttp1();
  const guard = newGuard();
  for (const { url } of [http2, http1, http2, http1]) await (await guard.call(url, request)).text();
  const [opened2, opened1] = [http2.opened(), http1.opened()];
  await vi.advanceTimersByTimeAsync(50_000);
  for (const { url } of [http2, http1]) await (await guard.call(url, request)).text();
  expect(http2.opened() - opened2).toBe(0);
  expect(http1.opened() - opened1).toBe(1);
  await vi.advanceTimersByTimeAsync(70_000);
  await (await guard.call(http2.url, request)).text();
  expect(http2.opened() - opened2).toBe(1);
});

async function serveHttp1(): Promise<{ url: URL; opened: () => number }> {
  let opened = 0;
  const open = new Set<Socket>();
  const server = createServer({ ...testCertificate, keepAliveTimeout: 600_000 }, (_request, response) => {
    response.end('ok');
  });
  server.on('secureConnection', (socket) => {
    opened += 1;
    open.add(socket);
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  onTestFinished(async () => {
    for (const socket of open) socket.destroy();
    await once(server.close(), 'close');
  });
  const { port } = server.address() as AddressInfo;
  return { url: new URL(`https://service.example:${port}/`), opened: () => opened };
}
