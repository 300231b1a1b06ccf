import { expect, test } from 'vitest';
import { areaPaths, linePaths, nearest, niceTop, sparkPath } from './chart-paths.ts';

const box = { widthPx: 100, heightPx: 116, fromMs: 0, toMs: 100 };

test('a gap in what was measured is a gap in the line', () => {
  const points = [
    [0, 10],
    [50, null],
    [100, 5],
  ] as const;
  expect(linePaths([{ name: 'a', points }], box)).toEqual({
    top: 10,
    paths: [{ name: 'a', line: 'M0.0 16.0M100.0 66.0' }],
  });
});

test('parts of a whole stand on each other', () => {
  const lines = [
    { name: 'a', points: [[0, 4]] as const },
    { name: 'b', points: [[0, 6]] as const },
  ];
  const { top, paths } = areaPaths(lines, box);
  expect(top).toBe(10);
  expect(paths.map(({ line }) => line)).toEqual(['M0.0 76.0', 'M0.0 16.0']);
  expect(paths[1]?.area).toBe('M0.0 16.0L0.0 76.0Z');
});

test('the scale ends at a number that one reads easily', () => {
  expect([0, 3, 18, 21, 480, 5001].map(niceTop)).toEqual([1, 5, 20, 50, 500, 10_000]);
});

test('a moment shows what was measured nearest to it', () => {
  const points = [
    [0, 1],
    [10, 2],
  ] as const;
  expect(nearest([{ name: 'a', points }], 8)).toEqual([{ name: 'a', at: 10, value: 2 }]);
});

test('a small line goes from nothing at its lower edge to its greatest value at the upper one, with its gaps', () => {
  const small = { widthPx: 100, heightPx: 24, fromMs: 0, toMs: 100 };
  const points = [
    [0, 0],
    [50, 10],
    [60, null],
    [100, 5],
  ] as const;
  expect(sparkPath(points, small)).toBe('M0.0 23.0L50.0 1.0M100.0 12.0');
  expect(sparkPath([[0, 0]], small)).toBe('M0.0 23.0');
});
