// Uses that are wrong, or nearly right: each works, or says at once what to do.
import { afterEach, expect, test } from 'vitest';
import { createBelfry } from '../src/create-belfry.ts';
import type { Belfry, BelfryOptions, GetToken } from '../src/types.ts';
import { startBelfry } from './support/started-belfry.ts';
import { createVirtualSurroundings, sampleToken } from './support/virtual-surroundings.ts';

const running: Belfry[] = [];
afterEach(() => Promise.all(running.splice(0).map((belfry) => belfry.stop())));

const token = sampleToken({ sub: 'alice' });

test.each<[string, unknown]>([
  ['a text', token],
  ['{ token }, as POST /tokens answers it', { token, expiresAt: '2026-01-01T00:00:00.000Z' }],
])('getToken that gives %s connects with it', async (_name, given) => {
  const { belfry, virtual } = await startBelfry({ getToken: (() => given) as GetToken });
  running.push(belfry);
  virtual.socket().open();
  expect(virtual.socket().frame('connect').data).toMatchObject({ token });
});

test.each<[string, unknown]>([
  ['nothing, since a `return` is missing', undefined],
  ['a number', 7],
  ['true', true],
  ['{ accessToken }', { accessToken: token }],
  ['{ token: null }, of an answer that failed', { token: undefined }],
  ['a list', [token]],
  ['an answer that was not read as JSON', JSON.stringify({ token })],
  ['a text in quotes', JSON.stringify(token)],
  ['an error page', '<!doctype html> <p>no</p>'],
])('getToken that gives %s is refused in words, and no socket is opened', async (_name, given) => {
  const { belfry, virtual } = await startBelfry({ getToken: (() => given) as GetToken });
  running.push(belfry);
  expect(virtual.sockets).toHaveLength(0);
  expect(belfry.snapshot().lastError).toMatchObject({
    code: 'no_token',
    message: 'getToken must give a token, { token } or null.',
  });
});

const page = 'https://app.example';

test.each<[string | undefined, string | undefined, string]>([
  [undefined, page, 'wss://app.example/ws?app=demo'],
  ['https://belfry.example', page, 'wss://belfry.example/ws?app=demo'],
  ['https://belfry.example/', undefined, 'wss://belfry.example/ws?app=demo'],
  ['http://127.0.0.1:8000', undefined, 'ws://127.0.0.1:8000/ws?app=demo'],
  ['wss://belfry.example', page, 'wss://belfry.example/ws?app=demo'],
  ['ws://127.0.0.1:8000/', undefined, 'ws://127.0.0.1:8000/ws?app=demo'],
  ['/belfry', page, 'wss://app.example/belfry/ws?app=demo'],
])('url %s on a page of %s leads to %s', async (url, origin, expected) => {
  const virtual = createVirtualSurroundings();
  const options: Partial<BelfryOptions> = { getToken: () => token, page: '/chat', ...(url && { url }) };
  const { belfry } = await startBelfry({ ...options, surroundings: { origin } }, virtual);
  running.push(belfry);
  expect(virtual.socket().url).toBe(expected);
  expect(virtual.requests[0]?.url).toMatch(/^https?:/);
});

test.each<[string, string | undefined]>([
  ['localhost:8000', page],
  ['belfry.example', page],
  ['ftp://belfry.example', page],
  ['', page],
  ['/belfry', undefined],
  ['/', 'null'],
])('url "%s" on a page of %s is refused when the client is made', (url, origin) => {
  const { surroundings } = createVirtualSurroundings();
  expect(() => createBelfry({ app: 'demo', url, surroundings: { ...surroundings, origin } })).toThrow(
    '`url` must be an http(s):// address.',
  );
});

test('on a server that renders the page a client without url is made and shown; only to start it is refused', async () => {
  const belfry = createBelfry({ app: 'demo', getToken: () => token });
  expect(belfry.snapshot()).toMatchObject({ status: 'closed', page: '/' });
  expect(belfry.hasFeature('messaging')).toBe(false);
  belfry.on('new_message', () => undefined);
  await expect(belfry.http('/conversations')).rejects.toThrow('`url` is needed where there is no page');
  expect(() => belfry.start()).toThrow('`url` must be an http(s):// address.');
  await belfry.stop();
});

test('start twice is once, and start after stop says what to do', async () => {
  const { belfry, virtual } = await startBelfry({ getToken: () => token });
  belfry.start();
  await virtual.clock.advance(0);
  expect(virtual.sockets).toHaveLength(1);
  const stopped = belfry.stop();
  expect(() => belfry.start()).toThrow('stop() is for good.');
  await stopped;
  expect(() => belfry.start()).toThrow('stop() is for good.');
});
