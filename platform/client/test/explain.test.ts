// What is wrong is said once, on the console of who develops the page and in the log of the server, and what cannot
// get better is not tried again.
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { startWholeServer, type WholeServer } from '../../server/test/support/whole-server.ts';
import { forgetWarnings } from '../src/explain.ts';
import type { Belfry, BelfryOptions, GetToken } from '../src/types.ts';
import { createRealClients, type RealClients } from './support/real-client.ts';
import { startBelfry } from './support/started-belfry.ts';
import { createVirtualSurroundings, sampleToken } from './support/virtual-surroundings.ts';

const minute = 60_000;
const running: Belfry[] = [];
let lines: unknown[] = [];
beforeEach(() => {
  forgetWarnings();
  lines = [];
  vi.spyOn(console, 'warn').mockImplementation((text) => void lines.push(text));
});
afterEach(() => Promise.all(running.splice(0).map((belfry) => belfry.stop())));

const warned = (): unknown[] => lines;
const problem = (status: number, code: string, detail = ''): Response => Response.json({ code, detail }, { status });

describe('page policies that are refused', () => {
  test.each<[string, () => Response, Partial<BelfryOptions>, string, string]>([
    [
      'a wrong key',
      () => problem(404, 'not_found'),
      {},
      'not_found',
      'no app "demo" on https://app.example.*/docs/errors/not_found$',
    ],
    [
      'a path in `url`',
      () => problem(404, 'not_found', 'There is no such path, or the caller may not see it.'),
      { url: 'https://app.example/ws' },
      'not_found',
      'https://app.example has nothing under /ws. .* without a path.* See https://app.example/docs/errors/not_found$',
    ],
    ['no key', () => problem(400, 'bad_request'), { app: '' }, 'bad_request', 'createBelfry needs `app`'],
    ['a disabled app', () => problem(403, 'page_disabled'), {}, 'page_disabled', 'The app "demo" is disabled'],
    [
      'an origin that is not on the list',
      () => problem(403, 'forbidden', 'The origin is not on the list of the app.'),
      {},
      'forbidden',
      'does not let in pages of https://app.example. Add that to its `allowedOrigins`',
    ],
  ])('for %s are asked for once, say so once, and end in closed', async (_name, answer, options, code, text) => {
    const virtual = createVirtualSurroundings();
    virtual.pages.answer = answer;
    const { belfry } = await startBelfry(options, virtual);
    running.push(belfry);
    await virtual.clock.advance(60 * minute);
    expect(belfry.snapshot()).toMatchObject({ status: 'closed', lastError: { code, retry: 'never' } });
    expect([virtual.requests.length, virtual.sockets.length]).toEqual([1, 0]);
    expect(warned()).toEqual([expect.stringMatching(new RegExp(text))]);
    delete virtual.pages.answer;
    belfry.connect();
    await virtual.clock.advance(0);
    virtual.socket().accept();
    expect(belfry.snapshot()).toMatchObject({ status: 'connected', lastError: undefined });
  });

  test('by what is no Belfry server are tried again, and the address is asked about', async () => {
    const virtual = createVirtualSurroundings();
    virtual.pages.answer = () => new Response('<html>', { status: 404 });
    const { belfry } = await startBelfry({ url: 'https://app.example/ws' }, virtual);
    running.push(belfry);
    await virtual.clock.advance(minute);
    expect(belfry.snapshot()).toMatchObject({ status: 'reconnecting', lastError: { code: 'http_404' } });
    expect(virtual.requests.length).toBeGreaterThan(2);
    expect(warned()).toEqual([expect.stringMatching('Its path /ws is where a proxy has the server')]);
  });

  test('that were kept from an earlier visit are no reason to go on', async () => {
    const stored = new Map<string, string>();
    running.push((await startBelfry({}, createVirtualSurroundings({ stored }))).belfry);
    const later = createVirtualSurroundings({ stored });
    later.pages.answer = () => problem(404, 'not_found');
    const { belfry } = await startBelfry({}, later);
    running.push(belfry);
    expect([belfry.snapshot().status, later.sockets.length]).toEqual(['closed', 0]);
  });
});

const hour = (Date.UTC(2026, 0, 1) + 60 * minute) / 1000;
const claims = (more: object): GetToken => {
  const given = { sub: 'alice', aud: 'demo', exp: hour, ...more };
  return () => sampleToken(given);
};

describe('a token that is refused', () => {
  test.each<[string, GetToken, string]>([
    ['another aud', claims({ aud: 'other' }), '`aud` is "other", and must be "demo"'],
    ['no aud', claims({ aud: undefined }), '`aud` is missing'],
    ['no sub', claims({ sub: undefined }), '`sub` is missing'],
    ['a number as sub', claims({ sub: 7 }), '`sub` is 7'],
    ['no exp', claims({ exp: undefined }), '`exp` is missing'],
    ['exp in milliseconds', claims({ exp: hour * 1000 }), 'seconds since 1970, not milliseconds'],
    ['a life of two days', claims({ exp: hour + 2 * 86_400 }), 'more than 24 hours ahead'],
    ['a life that is over', claims({ exp: hour - 7200 }), '`exp` is over'],
    ['nbf in the future', claims({ nbf: hour }), '`nbf` is in the future'],
    ['another secret', claims({}), 'its signature is not'],
    ['no form of a token', () => 'abc', 'it is no JWT'],
  ])('for %s says which claim, once', async (_name, getToken, text) => {
    const { belfry, virtual } = await startBelfry({ getToken });
    running.push(belfry);
    for (let tries = 0; tries < 2; tries += 1) {
      virtual.socket().open().refuse('connect', { code: 'bad_token' }).drop(4501);
      await virtual.clock.advance(0);
    }
    expect(belfry.snapshot()).toMatchObject({ status: 'closed', lastError: { code: 'bad_token' } });
    await expect.poll(warned).toEqual([expect.stringContaining(text)]);
  });
});

describe('a real server', () => {
  let server: WholeServer;
  let clients: RealClients;
  beforeAll(async () => {
    server = await startWholeServer({ app: { allowedOrigins: ['https://clinic.example'] } });
    clients = createRealClients(() => server);
  });
  afterEach(() => clients.stopAll());
  afterAll(() => server.stop());

  test('says in its log which app, origin and reason, and the page in its console', async () => {
    const ann = clients.start('ann', { surroundings: { origin: 'https://evil.example' } });
    await ann.until(() => ann.belfry.snapshot().lastError !== undefined);
    expect(ann.belfry.snapshot()).toMatchObject({ status: 'closed', lastError: { code: 'forbidden' } });
    expect(ann.attempts()).toBe(0);
    await expect.poll(warned).toEqual([expect.stringContaining('does not let in pages of https://evil.example')]);
    const line = await server.line(({ msg }) => msg === 'client refused');
    expect(line).toMatchObject({
      level: 'warn',
      app: 'demo',
      origin: 'https://evil.example',
      reason: 'origin_not_allowed',
    });
    const bob = clients.start('bob', { surroundings: { origin: 'https://clinic.example' } });
    await bob.untilStatus('connected');
  });

  test('has nothing under a path in `url`, which is said in place of an app that would not be there', async () => {
    const ann = clients.start('ann', { url: `${server.url}/ws` });
    await ann.until(() => ann.belfry.snapshot().lastError !== undefined);
    await expect.poll(warned).toEqual([expect.stringContaining(`${server.url} has nothing under /ws`)]);
  });
});
