// The waits between the runs of a job that throws.

import { expect, test } from 'vitest';
import { backOffMs } from './back-off.ts';

test('from a second, doubling, to five minutes', () => {
  const [least, most] = [0, 1].map((random) => Array.from({ length: 12 }, (_, i) => backOffMs(i + 1, () => random)));
  expect(least?.slice(0, 4)).toEqual([1000, 2000, 4000, 8000]);
  expect(most?.slice(-2)).toEqual([300_000, 300_000]);
  expect(backOffMs(1_000_000, () => 1)).toBe(300_000);
});

test('jobs that failed together do not come back together', () => {
  expect(backOffMs(1, () => 1)).toBe(1250);
  // Nor those that have failed so often that they wait as long as it gets.
  for (const attempt of [3, 12])
    expect(new Set(Array.from({ length: 20 }, () => backOffMs(attempt))).size).toBeGreaterThan(1);
});
