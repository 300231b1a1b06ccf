import { expect, test } from 'vitest';
import { floors, growthPerHour } from './slope.ts';

const hourMs = 3_600_000;
const samples = (values: readonly number[]) => values.map((value, index) => ({ atMs: (index * hourMs) / 10, value }));

test('what grows by a tenth of its median an hour is told so, whatever a few samples say', () => {
  const steady = Array.from({ length: 11 }, (_, index) => 95 + index);
  expect(growthPerHour(samples(steady))).toBeCloseTo(0.1);
  expect(growthPerHour(samples(steady.with(4, 500)))).toBeCloseTo(0.1, 1);
});

test('what stays grows by nothing', () => {
  expect(growthPerHour(samples([100, 100, 100, 100]))).toBe(0);
});

test('of each stretch the least counts', () => {
  const sawtooth = [10, 30, 50, 11, 31, 51].map((value, index) => ({ atMs: index * 10, value }));
  expect(floors(sawtooth, 30).map(({ value }) => value)).toEqual([10, 11]);
});
