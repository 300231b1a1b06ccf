// The providers' way to the network, against a real server on this machine.
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { PluginFetch } from '@belfry/plugin-kit';
import { expect, it, onTestFinished } from 'vitest';
import { createVirtualClock } from '../../test/support/virtual-clock.ts';
import { createLimitedFetch } from './limited-fetch.ts';

async function serve(listener: RequestListener): Promise<string> {
  const server = createServer(listener);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(async () => {
    server.closeAllConnections();
    server.close();
    await once(server, 'close');
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** Within 1 s, to wherever it is sent: there is no guard here. */
function limitedFetch(clock = createVirtualClock()): PluginFetch {
  const fetch = createLimitedFetch({ clock, call: globalThis.fetch, inTurn: (_turn, run) => run() });
  return (url, request = {}) => fetch(url, { ...request, limitMs: 1000 });
}

it('posts and gives back status, headers and body', async () => {
  const url = await serve((request, response) => {
    request.pipe(response.writeHead(201, { 'x-method': request.method, 'content-type': 'application/json' }));
  });
  const fetch = limitedFetch();
  const answer = await fetch(url, { method: 'POST', body: '{"a":1}' });
  expect([answer.status, answer.ok, answer.headers.get('x-method')]).toEqual([201, true, 'POST']);
  expect(await answer.json()).toEqual({ a: 1 });
});

it('follows no redirect', async () => {
  const url = await serve((_request, response) => void response.writeHead(302, { location: '/else' }).end());
  const answer = await limitedFetch()(url);
  expect([answer.status, answer.headers.get('location')]).toEqual([302, '/else']);
});

it('cuts an endless answer at 64 KiB', async () => {
  const url = await serve((_request, response) => {
    const more = (): void => {
      while (response.write(Buffer.alloc(16_384, 'x')));
    };
    response.on('drain', more).on('error', () => {});
    more();
  });
  const answer = await limitedFetch()(url);
  expect((await answer.text()).length).toBe(65_536);
});

it('ends with its time limit, and with the signal of the call', async () => {
  const clock = createVirtualClock();
  const asked = Promise.withResolvers<undefined>();
  const url = await serve(() => asked.resolve(undefined));
  const fetch = limitedFetch(clock);
  const late = expect(fetch(url)).rejects.toThrow('did not finish within 1000 ms');
  await asked.promise;
  await clock.advance(1000);
  await late;
  const stopping = new AbortController();
  const cut = fetch(url, { signal: stopping.signal });
  stopping.abort();
  await expect(cut).rejects.toMatchObject({ name: 'AbortError' });
  expect(clock.pending()).toBe(0);
});

it.each(['file:///etc/passwd', 'http://user@127.0.0.1/', 'no address'])('refuses %s', async (url) => {
  await expect(limitedFetch()(url)).rejects.toThrow(TypeError);
});

it('says that a body broke off only to who reads it', async () => {
  const url = await serve((_request, response) => {
    response.writeHead(200, { 'content-length': '100' }).write('part', () => response.destroy());
  });
  const answer = await limitedFetch()(url);
  expect(answer.status).toBe(200);
  await expect(answer.text()).rejects.toThrow();
});
