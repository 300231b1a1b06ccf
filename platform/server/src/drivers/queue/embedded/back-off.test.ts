// The waits between the runs of a job that throws.

import { expect, test } from 'vitest';
import { backOffMs } from './back-off.ts';

test('from a second, doubling, to five minutes', () => {
  const plain = Array.from({ length: 12 }, (_, i) => backOffMs(i + 1, () => 0));
  expect(plain.slice(0, 4)).toEqual([1000, 2000, 4000, 8000]);
  expect(plain.slice(-2)).toEqual([300_000, 300_000]);
  expect(backOffMs(1_000_000, () => 1)).toBe(300_000);
});

test('jobs that failed together do not come back together', () => {
  expect(backOffMs(1, () => 1)).toBe(1250);
  expect(new Set(Array.from({ length: 20 }, () => backOffMs(3))).size).toBeGreaterThan(1);
});
