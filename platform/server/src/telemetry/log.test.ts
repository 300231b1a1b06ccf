import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pino from 'pino';
import { expect, onTestFinished, test, vi } from 'vitest';
import { createLog, type LogSettings } from './log.ts';

function recording(settings: Partial<LogSettings> = {}) {
  const lines: string[] = [];
  const log = createLog({ level: 'info', format: 'json', ...settings }, { write: (line) => lines.push(line) });
  return { log, lines, last: () => JSON.parse(lines.at(-1) ?? 'null') };
}

test('a line is one JSON object with the level as a word, the time and the message', () => {
  const { log, lines, last } = recording();
  log.info('listening', { url: 'http://127.0.0.1:8000' });
  expect(lines[0]).toMatch(/^\{"level":"info","time":\d{13},"msg":"listening","url":"http:\/\/127\.0\.0\.1:8000"\}\n$/);
  log.error('store', { state: 'down' });
  expect(last()).toMatchObject({ level: 'error', msg: 'store', state: 'down' });
});

test('lines below the level are not written, and `isDebug` says so', () => {
  const { log, lines } = recording({ level: 'warn' });
  log.info('quiet');
  log.debug('quiet');
  expect(lines).toEqual([]);
  expect(log.isDebug()).toBe(false);
  expect(recording({ level: 'debug' }).log.isDebug()).toBe(true);
});

test('no field takes the place of the message', () => {
  const { log, last } = recording();
  log.info('broadcast done', { msg: 'other' });
  expect(last().msg).toBe('broadcast done');
});

test('a child adds its fields to every line', () => {
  const { log, last } = recording();
  log.child({ app: 'demo' }).info('push', { outcome: 'accepted' });
  expect(last()).toMatchObject({ app: 'demo', outcome: 'accepted' });
});

test('secrets are taken out by the names of fields, at any depth', () => {
  const { log, lines } = recording();
  const secret = 'swordfish';
  log.child({ apiKey: secret }).warn('push failed', {
    token: secret,
    headers: { Authorization: secret, cookie: [secret] },
    list: [{ signingSecret: { nested: secret }, key: secret, client_secret: secret }],
    tokens: 3,
    collapseKey: 'c',
    secretFile: '/data/secret',
  });
  expect(lines.join('')).not.toContain(secret);
  expect(lines.join('')).toContain('"tokens":3');
  expect(lines.join('')).toContain('"collapseKey":"c","secretFile":"/data/secret"');
});

test.each([
  ['a user token', 'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJhIn0.c2lnbmF0dXJl'],
  ['an API key', 'bk_backend_0123456789abcdef0123456789abcdef'],
  ['a webhook secret', 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw'],
  ['a Bearer header', 'Bearer abcdef0123456789'],
])('%s is taken out wherever it stands', (_, secret) => {
  const { log, lines } = recording();
  log.warn(`refused ${secret}`, { detail: `it said ${secret}.`, error: new Error(`bad ${secret}`) });
  expect(lines.join('')).not.toContain(secret);
  expect(lines.join('')).toContain('[redacted]');
});

test('an error keeps its name, message, stack and cause, and a URL loses its password', () => {
  const { log, last } = recording();
  log.error('store', { error: new TypeError('no', { cause: new Error('mongodb://root:pw@db/x') }) });
  expect(last().error).toMatchObject({ name: 'TypeError', message: 'no', stack: expect.stringContaining('log.test') });
  expect(last().error.cause.message).toBe('mongodb://root:[redacted]@db/x');
});

test('a value that JSON has no form for does not break the line', () => {
  const { log, last } = recording();
  const loop: Record<string, unknown> = { big: 1n, bytes: new Uint8Array(3), map: new Map([['a', 1]]) };
  loop['self'] = loop;
  log.info('odd', { loop, when: new Date(0) });
  expect(last()).toMatchObject({ loop: { big: '1', bytes: '[3 bytes]' }, when: '1970-01-01T00:00:00.000Z' });
});

test('lines for people hold the same', () => {
  const { log, lines } = recording({ format: 'pretty' });
  log.warn('config problem', { variable: 'PORT', token: 'swordfish' });
  expect(lines.join('')).toMatch(/WARN.*config problem.*PORT/);
  expect(lines.join('')).not.toContain('swordfish');
});

test('lines come out together a moment later, and without any the process sleeps', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'belfry-log-'));
  const file = join(folder, 'out');
  const destination = pino.destination;
  vi.spyOn(pino, 'destination').mockImplementationOnce((options) =>
    destination({ ...(options as object), dest: file }),
  );
  vi.useFakeTimers({ toFake: ['setTimeout', 'setInterval', 'clearTimeout', 'clearInterval'] });
  onTestFinished(async () => {
    vi.useRealTimers();
    vi.restoreAllMocks();
    await rm(folder, { recursive: true });
  });
  const written = () => readFile(file, 'utf8').catch(() => '');
  const log = createLog({ level: 'info', format: 'json' });
  expect(vi.getTimerCount()).toBe(0);
  log.info('one');
  log.info('two');
  expect(vi.getTimerCount()).toBe(1);
  expect(await written()).toBe('');
  vi.advanceTimersByTime(100);
  expect(vi.getTimerCount()).toBe(0);
  await vi.waitFor(async () => expect((await written()).split('\n')).toHaveLength(3));
  log.info('three');
  expect(vi.getTimerCount()).toBe(1);
});
