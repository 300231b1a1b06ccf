// Outcomes: how statuses, failures and Retry-After become one, and how the host reads what a plugin returned.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  accepted,
  checkResultOf,
  OutcomeError,
  outcomeOfFailure,
  outcomeOfStatus,
  outcomeSchema,
  parseRetryAfter,
  rejected,
  retry,
} from './index.ts';

const nowMs = Date.UTC(2026, 0, 1);
const dayMs = 86_400_000;

test.each([
  [200, 'accepted'],
  [204, 'accepted'],
  [301, 'rejected credentials'],
  [302, 'retry'],
  [304, 'rejected payload'],
  [400, 'rejected payload'],
  [401, 'rejected credentials'],
  [403, 'rejected credentials'],
  [404, 'rejected payload'],
  [408, 'retry'],
  [410, 'rejected target_gone'],
  [413, 'rejected payload'],
  [429, 'retry'],
  [500, 'retry'],
  [503, 'retry'],
  [100, 'retry'],
  [999, 'retry'],
])('HTTP %i means %s', (status, expected) => {
  const outcome = outcomeOfStatus(status, new Headers(), nowMs);

  expect(`${outcome.outcome} ${outcome.outcome === 'rejected' ? outcome.reason : ''}`.trim()).toBe(expected);
});

test('a retry waits as long as the service asks for', () => {
  expect(outcomeOfStatus(429, new Headers({ 'retry-after': '7' }), nowMs)).toEqual(retry('HTTP 429', 7000));
  expect(outcomeOfStatus(503, new Headers({ 'retry-after': 'soon' }), nowMs)).toEqual(retry('HTTP 503'));
});

test.each<[header: string | null | undefined, expected: number | undefined]>([
  ['0', 0],
  [' 120 ', 120_000],
  ['99999999999', dayMs],
  ['Thu, 01 Jan 2026 00:00:30 GMT', 30_000],
  ['Thursday, 01-Jan-26 00:00:30 GMT', 30_000],
  ['Thu Jan  1 00:00:30 2026', 30_000],
  ['Wed, 31 Dec 2025 23:59:00 GMT', 0],
  ['Fri, 01 Jan 2100 00:00:00 GMT', dayMs],
  ['-5', undefined],
  ['1.5', undefined],
  ['soon', undefined],
  ['Thu, 99 Foo 2026', undefined],
  ['', undefined],
  [null, undefined],
  [undefined, undefined],
])('Retry-After "%s" is %s ms', (header, expected) => {
  expect(parseRetryAfter(header, nowMs)).toBe(expected);
});

test('Retry-After of any text is nothing, or between now and a day', () => {
  fc.assert(
    fc.property(fc.oneof(fc.string(), fc.date().map(String), fc.nat().map(String)), (header) => {
      const waitMs = parseRetryAfter(header, nowMs) ?? 0;
      expect(waitMs >= 0 && waitMs <= dayMs).toBe(true);
    }),
  );
});

test.each<[thrown: unknown, reason: string]>([
  [new DOMException('x', 'TimeoutError'), 'no answer in time'],
  [new DOMException('x', 'AbortError'), 'stopped while waiting for the answer'],
  [
    new TypeError('fetch failed', { cause: Object.assign(new Error('x'), { code: 'ECONNRESET' }) }),
    'no answer (ECONNRESET)',
  ],
  [Object.assign(new Error('https://example.com/key-1'), { code: 'refused' }), 'no answer (refused)'],
  [new Error('https://example.com/key-1'), 'no answer'],
  [new SyntaxError('Unexpected token <'), 'an answer that cannot be read'],
  ['text', 'no answer'],
  [undefined, 'no answer'],
])('a failure (%s) is a retry that says %s and no address', (thrown, reason) => {
  expect(outcomeOfFailure(thrown)).toEqual(retry(reason));
});

test('an error that says what it comes to is that outcome', () => {
  const outcome = rejected('credentials', 'the key is refused');
  expect(outcomeOfFailure(new OutcomeError(outcome))).toEqual(outcome);
  expect(new OutcomeError(outcome).message).toBe('credentials: the key is refused');
});

test('the host reads what the builders make', () => {
  const forOne = retry('slower', 5, { scope: 'target' });
  for (const outcome of [accepted(), accepted('m-1'), retry('later', 5), forOne, rejected('quota', 'used up')]) {
    expect(outcomeSchema.parse(outcome)).toEqual(outcome);
  }
});

test('the host cuts what is too long and refuses what is no outcome', () => {
  const long = outcomeSchema.parse(rejected('payload', 'x'.repeat(5000)));

  expect(long.outcome === 'rejected' && long.detail.length).toBe(500);
  expect(outcomeSchema.safeParse(undefined).success).toBe(false);
  expect(outcomeSchema.safeParse({ outcome: 'rejected', reason: 'mood', detail: '' }).success).toBe(false);
  expect(outcomeSchema.safeParse({ outcome: 'retry', reason: 'x', afterMs: -1 }).success).toBe(false);
});

test('a check says what the outcome of its call says', () => {
  expect(checkResultOf(accepted('m-1'))).toEqual({ ok: true });
  expect(checkResultOf(retry('HTTP 503', 5))).toEqual({ ok: false, detail: 'HTTP 503' });
  expect(checkResultOf(rejected('credentials', 'HTTP 401'))).toEqual({ ok: false, detail: 'HTTP 401' });
});
