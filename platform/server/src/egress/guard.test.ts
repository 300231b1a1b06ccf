// The targets of outgoing calls: checked as the address is written, as the name resolves, and as it is
// dialled in the end.

import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, onTestFinished, test } from 'vitest';
import { createVirtualClock } from '../../test/support/virtual-clock.ts';
import { Guard } from './guard.ts';
import type { Resolve } from './resolve-target.ts';

function guardWith({ allow = [], names = {} }: { allow?: string[]; names?: Record<string, string[]> } = {}) {
  const clock = createVirtualClock();
  const resolve: Resolve = async (name) => {
    const found = names[name];
    if (found === undefined) throw new Error(`no such name: ${name}`);
    return found;
  };
  return closed({ clock, guard: new Guard({ allow, clock, resolve }) });
}

function closed<T extends { guard: Guard }>(made: T): T {
  onTestFinished(() => made.guard.close());
  return made;
}

/** A server of this machine that counts who comes. */
async function serve(listener: RequestListener): Promise<{ port: number; asked: () => number }> {
  let count = 0;
  const server = createServer((request, response) => {
    count += 1;
    listener(request, response);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(async () => {
    server.closeAllConnections();
    server.close();
    await once(server, 'close');
  });
  return { port: (server.address() as AddressInfo).port, asked: () => count };
}

const request = { method: 'GET', headers: {}, signal: AbortSignal.timeout(60_000) };

/** Of every row the URL; each means the same in all ways of writing it. */
const refusedForms: readonly [what: string, ...urls: string[]][] = [
  ['loopback', 'http://127.0.0.1/', 'https://127.0.0.1:8443/x', 'http://127.255.255.254/', 'http://[::1]/'],
  ['this machine by no name', 'http://0.0.0.0/', 'http://0.1.2.3/', 'http://[::]/'],
  ['private', 'http://10.0.0.1/', 'http://172.16.0.1/', 'http://172.31.255.255/', 'http://192.168.1.1/'],
  ['private IPv6', 'http://[fc00::1]/', 'http://[fd12:3456::1]/', 'http://[fec0::1]/'],
  ['carrier-grade NAT, and a metadata service in it', 'http://100.64.0.1/', 'http://100.100.100.200/'],
  ['link-local', 'http://169.254.1.1/', 'http://[fe80::1]/'],
  ['cloud metadata', 'http://169.254.169.254/latest/meta-data/', 'http://[fd00:ec2::254]/', 'http://168.63.129.16/'],
  ['metadata in a special-purpose block', 'http://192.0.0.192/opc/v1/instance/'],
  ['multicast', 'http://224.0.0.1/', 'http://239.255.255.250/', 'http://[ff02::1]/'],
  ['broadcast', 'http://255.255.255.255/'],
  [
    'reserved',
    'http://240.0.0.1/',
    'http://198.18.0.1/',
    'http://192.0.2.1/',
    'http://203.0.113.9/',
    'http://[100::1]/',
  ],
  ['reserved IPv6', 'http://[2001:db8::1]/', 'http://[3fff::1]/', 'http://[5f00::1]/', 'http://[4000::1]/'],
  ['IPv4-mapped', 'http://[::ffff:127.0.0.1]/', 'http://[::ffff:7f00:1]/', 'http://[::ffff:8.8.8.8]/'],
  ['IPv4-compatible', 'http://[::127.0.0.1]/', 'http://[::7f00:1]/'],
  ['IPv4-translated', 'http://[::ffff:0:127.0.0.1]/'],
  ['6to4', 'http://[2002:7f00:1::]/', 'http://[2002:a00:1::1]/'],
  ['NAT64', 'http://[64:ff9b::127.0.0.1]/', 'http://[64:ff9b::a9fe:a9fe]/', 'http://[64:ff9b:1::7f00:1]/'],
  ['Teredo', 'http://[2001::1]/'],
  ['decimal', 'http://2130706433/', 'http://134744072/', 'http://127.1/', 'http://10.1/'],
  ['hexadecimal', 'http://0x7f000001/', 'http://0x7f.0x0.0x0.0x1/', 'http://0x8.8.8.8/'],
  ['octal', 'http://0177.0.0.1/', 'http://017700000001/', 'http://010.8.8.8/'],
  ['percent escapes', 'http://%31%32%37.0.0.1/', 'http://127%2e0%2e0%2e1/'],
  ['other digits and dots', 'http://１２７.0.0.1/', 'http://127。0。0。1/', 'http://①②⑦.0.0.1/'],
  ['a dot at the end', 'http://127.0.0.1./', 'http://8.8.8.8./'],
];

/** URLs that are refused by their text, whatever the address. */
const refusedTexts: readonly [what: string, ...urls: string[]][] = [
  ['a user', 'http://user@example.com/', 'http://user:pw@example.com/', 'http://@example.com/', 'https:@example.com/'],
  ['a user that looks like a host', 'http://example.com@127.0.0.1/', 'http://example.com%20@8.8.8.8/'],
  ['backslashes before an @', 'http:\\\\a@example.com/', 'http://a\\@b@example.com'],
  ['another scheme', 'ftp://example.com/', 'file:///etc/passwd', 'gopher://example.com/', 'data:,x', 'javascript:1'],
  ['blanks and line ends', ' http://example.com/', 'http://exa\nmple.com/', 'ht\ttp://example.com/', 'http://a.com/ x'],
  ['no URL', '', 'example.com', '//example.com/', 'http://', 'http://[::1', 'http://256.256.256.256/', 'http://a b/'],
];

describe('an address that is', () => {
  for (const [what, ...urls] of refusedForms) {
    test.each(urls)(`${what} is refused when saved and when called: %s`, async (url) => {
      const { guard } = guardWith();
      expect(await guard.checkUrl(url)).toMatchObject({ ok: false, reason: expect.any(String) });
      expect(guard.checkUrlText(url)).toMatchObject({ ok: false });
    });
  }

  test.each(refusedForms.flatMap(([, ...urls]) => urls).filter((url) => !/8\.8\.8|134744072/.test(url)))(
    'one of these is not dialled either: %s',
    async (url) => {
      const { guard } = guardWith();
      await expect(guard.call(new URL(url), request)).rejects.toMatchObject({ code: 'REFUSED_ADDRESS' });
    },
  );

  for (const [what, ...urls] of refusedTexts) {
    test.each(urls)(`written with ${what} is refused: %j`, async (url) => {
      const { guard } = guardWith({ names: { 'example.com': ['93.184.215.14'], 'a.com': ['93.184.215.14'] } });
      expect(await guard.checkUrl(url)).toMatchObject({ ok: false });
    });
  }

  test.each([
    'https://8.8.8.8/',
    'http://93.184.215.14:8080/hook?a=b@c',
    'https://[2606:4700::1111]/x@y',
    'http://172.32.0.1/',
  ])('public passes: %s', async (url) => {
    const { guard } = guardWith();
    expect(await guard.checkUrl(url)).toEqual({ ok: true });
  });
});

describe('a name', () => {
  const names = {
    'public.example': ['93.184.215.14', '2606:4700::1111'],
    'inside.example': ['10.0.0.5'],
    'mixed.example': ['93.184.215.14', '127.0.0.1'],
    'metadata.example': ['169.254.169.254'],
    'mapped.example': ['::ffff:10.0.0.5'],
    'none.example': [],
    localhost: ['::1', '127.0.0.1'],
  };

  test.each(['inside', 'mixed', 'metadata', 'mapped', 'none'])(
    'is refused when saved, where any of its addresses is: %s.example',
    async (name) => {
      const { guard } = guardWith({ names });
      expect(await guard.checkUrl(`https://${name}.example/`)).toMatchObject({ ok: false });
    },
  );

  test('of public addresses passes, and one that nobody knows yet is left to the call', async () => {
    const { guard } = guardWith({ names });
    expect(await guard.checkUrl('https://public.example/')).toEqual({ ok: true });
    expect(await guard.checkUrl('https://unknown.example/')).toEqual({ ok: true });
    await expect(guard.call(new URL('http://unknown.example/'), request)).rejects.toThrow();
  });

  test('holds nobody up for long when its name server does not answer', async () => {
    const clock = createVirtualClock();
    const { guard } = closed({
      guard: new Guard({ allow: [], clock, resolve: () => new Promise(() => {}) }),
    });
    const checked = guard.checkUrl('https://slow.example/');
    await clock.advance(2000);
    expect(await checked).toEqual({ ok: true });
    expect(clock.pending()).toBe(0);
  });

  test('is not dialled when it leads to this machine only at the call (rebinding)', async () => {
    const { port, asked } = await serve((_request, response) => void response.end('secret'));
    const answers = [['93.184.215.14'], ['127.0.0.1']];
    const { guard } = closed({
      guard: new Guard({ allow: [], clock: createVirtualClock(), resolve: async () => answers.shift() ?? [] }),
    });
    const url = `http://rebinding.example:${port}/`;
    expect(await guard.checkUrl(url)).toEqual({ ok: true });
    await expect(guard.call(new URL(url), request)).rejects.toMatchObject({ code: 'REFUSED_ADDRESS' });
    expect(asked()).toBe(0);
  });

  test('is resolved once for a call: the address that is dialled is the one that was checked', async () => {
    const { port } = await serve((_request, response) => void response.end('answer'));
    const answers = [['127.0.0.1'], ['10.0.0.5']];
    const resolve: Resolve = async () => answers.shift() ?? [];
    const { guard } = closed({
      guard: new Guard({ allow: ['127.0.0.1'], clock: createVirtualClock(), resolve }),
    });
    const response = await guard.call(new URL(`http://once.example:${port}/`), request);
    expect(await response.text()).toBe('answer');
    expect(answers).toEqual([['10.0.0.5']]);
  });

  test('of which the operator allowed an address is called there and nowhere else', async () => {
    const { port } = await serve((_request, response) => void response.end('here'));
    const { guard } = guardWith({ allow: ['127.0.0.0/8'], names });
    for (const name of ['localhost', 'mixed.example']) {
      const response = await guard.call(new URL(`http://${name}:${port}/`), request);
      expect(await response.text()).toBe('here');
    }
  });
});

describe('what the operator allows', () => {
  test.each([
    ['127.0.0.0/8', 'http://127.0.0.1/', true],
    ['127.0.0.0/8', 'http://10.0.0.1/', false],
    ['127.0.0.0/8', 'http://[::1]/', false],
    ['127.0.0.0/8', 'http://[::ffff:127.0.0.1]/', false],
    ['127.0.0.0/8', 'http://2130706433/', false],
    ['10.1.2.3', 'http://10.1.2.3/', true],
    ['10.1.2.3', 'http://10.1.2.4/', false],
    ['fd00::/8', 'http://[fd12::1]/', true],
    ['::1', 'http://[::1]/', true],
  ])('with %s, %s is let through: %s', async (range, url, isAllowed) => {
    const { guard } = guardWith({ allow: [range] });
    expect((await guard.checkUrl(url)).ok).toBe(isAllowed);
  });

  test('is named in the reason of what is refused', async () => {
    const { guard } = guardWith();
    expect(await guard.checkUrl('http://127.0.0.1/')).toEqual({
      ok: false,
      reason: '127.0.0.1 is an address of this machine; OUTBOUND_ALLOW names those that may be reached',
    });
  });
});

describe('a call', () => {
  test('follows no redirect, wherever it leads', async () => {
    const inner = await serve((_request, response) => void response.end('secret'));
    const outer = await serve((_request, response) => {
      response.writeHead(302, { location: `http://127.0.0.1:${inner.port}/` }).end();
    });
    const { guard } = guardWith({ allow: ['127.0.0.0/8'] });
    const response = await guard.call(new URL(`http://127.0.0.1:${outer.port}/`), request);
    expect(response.status).toBe(302);
    await response.text();
    expect(inner.asked()).toBe(0);
  });

  test('carries method, headers and body, and ends with its signal', async () => {
    const { port } = await serve((incoming, response) => {
      if (incoming.url === '/never') return;
      incoming.pipe(
        response.writeHead(201, { 'x-method': incoming.method, 'x-type': incoming.headers['content-type'] }),
      );
    });
    const { guard } = guardWith({ allow: ['127.0.0.0/8'] });
    const headers = { 'content-type': 'application/json' };
    const posted = { ...request, method: 'POST', headers, body: '{"a":1}' };
    const response = await guard.call(new URL(`http://127.0.0.1:${port}/`), posted);
    expect([response.status, response.headers.get('x-method'), response.headers.get('x-type')]).toEqual([
      201,
      'POST',
      'application/json',
    ]);
    expect(await response.text()).toBe('{"a":1}');
    const stopping = new AbortController();
    const cut = guard.call(new URL(`http://127.0.0.1:${port}/never`), { ...request, signal: stopping.signal });
    stopping.abort();
    await expect(cut).rejects.toMatchObject({ name: 'AbortError' });
  });
});
