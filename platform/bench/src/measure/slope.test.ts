import { expect, test } from 'vitest';
import { growthPerHour } from './slope.ts';

const hourMs = 3_600_000;
const samples = (values: readonly number[]) => values.map((value, index) => ({ atMs: (index * hourMs) / 10, value }));

test('growth by a tenth of the median an hour is reported, whatever a few samples say', () => {
  const steady = Array.from({ length: 11 }, (_, index) => 95 + index);
  expect(growthPerHour(samples(steady))).toBeCloseTo(0.1);
  expect(growthPerHour(samples(steady.with(4, 500)))).toBeCloseTo(0.1, 1);
});

test('a constant value grows by nothing', () => {
  expect(growthPerHour(samples([100, 100, 100, 100]))).toBe(0);
});
