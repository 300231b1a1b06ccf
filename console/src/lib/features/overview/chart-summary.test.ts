// A chart in three numbers.
import { expect, test } from 'vitest';
import { partOf, summaryOf, wholeOf } from './chart-summary.ts';

test('the newest, the lowest and the highest are those that were measured', () => {
  expect(
    summaryOf([
      [1, 5],
      [2, 9],
      [3, null],
      [4, 2],
      [5, 7],
      [6, null],
    ]),
  ).toEqual({
    now: 7,
    low: { at: 4, value: 2 },
    high: { at: 2, value: 9 },
  });
  expect(summaryOf([[1, null]])).toBeUndefined();
});

test('parts make a whole where all of them were measured', () => {
  const lines = [
    {
      name: 'a',
      points: [
        [1, 1],
        [2, 2],
        [3, 3],
      ] as const,
    },
    {
      name: 'b',
      points: [
        [1, 10],
        [2, null],
        [3, 30],
      ] as const,
    },
  ];
  expect(wholeOf(lines)).toEqual([
    [1, 11],
    [2, null],
    [3, 33],
  ]);
  expect(wholeOf([])).toEqual([]);
});

test('a part of a whole is known where there was a whole', () => {
  const part = [
    [0, 1],
    [1, null],
    [2, 0],
  ] as const;
  const whole = [
    [0, 4],
    [1, null],
    [2, 0],
  ] as const;
  expect(partOf(part, whole)).toEqual([
    [0, 0.25],
    [1, null],
    [2, null],
  ]);
});
