// The waits between tries of something that fails.

import { expect, test } from 'vitest';
import { BackOff, backOffMs } from './back-off.ts';

const range = { baseMs: 1000, maxMs: 300_000 };
const waits = (random: () => number) => Array.from({ length: 12 }, (_, i) => backOffMs(i + 1, { ...range, random }));

test('the waits begin at the base and double', () => {
  expect(waits(() => 0).slice(0, 8)).toEqual([1000, 2000, 4000, 8000, 16_000, 32_000, 64_000, 128_000]);
});

test('no wait is longer than the longest, after however many failures', () => {
  expect(waits(() => 1).slice(-3)).toEqual([300_000, 300_000, 300_000]);
  expect(backOffMs(1_000_000, { ...range, random: () => 1 })).toBe(300_000);
});

test('callers that failed together do not come back together, not even at the longest wait', () => {
  expect(backOffMs(1, { ...range, random: () => 1 })).toBe(1250);
  for (const failures of [1, 3, 100])
    expect(new Set(Array.from({ length: 20 }, () => backOffMs(failures, range))).size).toBeGreaterThan(1);
  expect(backOffMs(100, { ...range, random: () => 0 })).toBe(240_000);
});

test('failures in a row are counted from the last success on', () => {
  const backOff = new BackOff({ ...range, random: () => 0 });
  expect([backOff.next(), backOff.next(), backOff.next()]).toEqual([1000, 2000, 4000]);
  backOff.reset();
  expect([backOff.next(), backOff.next()]).toEqual([1000, 2000]);
});
