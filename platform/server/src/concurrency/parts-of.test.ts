import { expect, test } from 'vitest';
import { partsOf } from './parts-of.ts';

test('a list is taken apart in its order, and the last part is the rest', () => {
  expect([...partsOf([1, 2, 3, 4, 5], 2)]).toEqual([[1, 2], [3, 4], [5]]);
  expect([...partsOf([1, 2, 3, 4], 2)]).toEqual([
    [1, 2],
    [3, 4],
  ]);
});

test('a list that is short is one part, and an empty one is none', () => {
  expect([...partsOf([1], 2)]).toEqual([[1]]);
  expect([...partsOf([], 2)]).toEqual([]);
});
