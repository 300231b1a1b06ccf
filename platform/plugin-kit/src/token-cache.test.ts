// Access tokens: got once, shared, got anew in time, and not asked for again and again after a refusal.
import { expect, test } from 'vitest';
import { TokenCache } from './token-cache.ts';

const minuteMs = 60_000;

function cache() {
  let nowMs = 1_000_000;
  let loads = 0;
  const tokens = new TokenCache({ now: () => nowMs });
  const load = (lifeMs = 60 * minuteMs) => {
    loads += 1;
    return Promise.resolve({ value: `t${loads}`, expiresAtMs: nowMs + lifeMs });
  };
  return { tokens, load, loads: () => loads, advance: (byMs: number) => void (nowMs += byMs) };
}

test('all who ask at once share one load, and who asks later gets the same token', async () => {
  const { tokens, load, loads } = cache();
  const ask = () => tokens.get('a', () => load());
  expect(await Promise.all([ask(), ask(), ask()])).toEqual(['t1', 't1', 't1']);
  expect(await ask()).toBe('t1');
  expect(loads()).toBe(1);
});

test('a token is got anew before it ends, as early as is asked for', async () => {
  const { tokens, load, advance } = cache();
  await tokens.get('a', () => load());
  advance(55 * minuteMs - 1);
  expect(await tokens.get('a', () => load())).toBe('t1');
  expect(await tokens.get('a', () => load(), { earlyMs: 10 * minuteMs })).toBe('t2');
  advance(55 * minuteMs);
  expect(await tokens.get('a', () => load())).toBe('t3');
});

test('tokens of two names are two', async () => {
  const { tokens, load } = cache();
  expect(await tokens.get('a', () => load())).toBe('t1');
  expect(await tokens.get('b', () => load())).toBe('t2');
  expect(await tokens.get('a', () => load())).toBe('t1');
});

test('after a failure nobody loads for 5 s, and all get the same error', async () => {
  const { tokens, load, loads, advance } = cache();
  const refused = new Error('refused');
  let tries = 0;
  const fail = () => {
    tries += 1;
    return Promise.reject(refused);
  };
  await expect(tokens.get('a', fail)).rejects.toBe(refused);
  advance(4_999);
  await expect(tokens.get('a', () => load())).rejects.toBe(refused);
  expect([tries, loads()]).toEqual([1, 0]);
  advance(1);
  expect(await tokens.get('a', () => load())).toBe('t1');
});

test('a token that has not ended yet serves while a new one cannot be got', async () => {
  const { tokens, load, advance } = cache();
  await tokens.get('a', () => load());
  advance(58 * minuteMs);
  await expect(tokens.get('a', () => Promise.reject(new Error('down')))).rejects.toThrow('down');
  expect(await tokens.get('a', () => load())).toBe('t1');
  advance(2 * minuteMs);
  expect(await tokens.get('a', () => load())).toBe('t2');
});

test('a refused token is dropped, but not the one that took its place', async () => {
  const { tokens, load } = cache();
  await tokens.get('a', () => load());
  tokens.drop('a', 't1');
  expect(await tokens.get('a', () => load())).toBe('t2');
  tokens.drop('a', 't1');
  expect(await tokens.get('a', () => load())).toBe('t2');
});

test('who is aborted leaves, and the load goes on for the others', async () => {
  const { tokens } = cache();
  const { promise, resolve } = Promise.withResolvers<{ value: string; expiresAtMs: number }>();
  const stop = new AbortController();
  const first = tokens.get('a', () => promise, { signal: stop.signal });
  const second = tokens.get('a', () => promise);
  stop.abort(new DOMException('too late', 'TimeoutError'));
  await expect(first).rejects.toThrow('too late');
  resolve({ value: 't', expiresAtMs: Infinity });
  expect(await second).toBe('t');
  await expect(tokens.get('a', () => promise, { signal: stop.signal })).rejects.toThrow('too late');
});
