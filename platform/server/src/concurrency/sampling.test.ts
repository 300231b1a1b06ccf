import { expect, test } from 'vitest';
import { Sampling } from './sampling.ts';

test('one of a kind passes in so long, and says how many were held back before it', () => {
  const sampling = new Sampling({ everyMs: 1000, maxKinds: 10 });
  expect([0, 1, 999].map((nowMs) => sampling.take('a', nowMs))).toEqual([1, undefined, undefined]);
  expect(sampling.take('b', 500)).toBe(1);
  expect(sampling.take('a', 1000)).toBe(3);
  expect(sampling.take('a', 5000)).toBe(1);
});

test('a kind that is forgotten for others passes again', () => {
  const sampling = new Sampling({ everyMs: 1000, maxKinds: 2 });
  expect(['a', 'b', 'c', 'a'].map((kind) => sampling.take(kind, 0))).toEqual([1, 1, 1, 1]);
});
