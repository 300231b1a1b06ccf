// The time along a chart.
import { expect, test } from 'vitest';
import { drawnPart, partOfAddress, shifted, timeMarks, within } from './time-scale.ts';

const minute = 60_000;

test('marks stand at whole steps, and are no more than there is room for', () => {
  expect(timeMarks({ fromMs: 90_000, toMs: 90_000 + 15 * minute }, 4)).toEqual([300_000, 600_000, 900_000]);
  expect(timeMarks({ fromMs: 0, toMs: 60 * minute }, 6)).toHaveLength(7);
  expect(timeMarks({ fromMs: 1, toMs: 40_000 }, 4)).toEqual([10_000, 20_000, 30_000, 40_000]);
});

test('marks of days stand at midnight of the clock there', () => {
  const [hour, day] = [60 * minute, 24 * 60 * minute];
  expect(timeMarks({ fromMs: 0, toMs: 7 * day }, 8, 8 * hour)).toEqual(
    [1, 2, 3, 4, 5, 6, 7].map((each) => each * day - 8 * hour),
  );
  expect(timeMarks({ fromMs: 0, toMs: day }, 4, -1.5 * hour)).toEqual(
    [1.5, 7.5, 13.5, 19.5].map((each) => each * hour),
  );
});

test('lines of before stand as much later, with their gaps', () => {
  expect(
    shifted(
      [
        {
          name: 'a',
          points: [
            [1, 5],
            [2, null],
          ],
        },
      ],
      10,
    ),
  ).toEqual([
    {
      name: 'a',
      points: [
        [11, 5],
        [12, null],
      ],
    },
  ]);
});

test('a part that was drawn lies in the chart, from either side; a click and a moment are none', () => {
  const whole = { fromMs: 0, toMs: 1000, leastMs: 100 };
  expect(drawnPart({ fromShare: 0.75, toShare: 0.25 }, whole)).toEqual({ fromMs: 250, toMs: 750 });
  expect(drawnPart({ fromShare: 0.5, toShare: 1.4 }, whole)).toEqual({ fromMs: 500, toMs: 1000 });
  expect(drawnPart({ fromShare: 0.5, toShare: 0.5 }, whole)).toBeUndefined();
  expect(drawnPart({ fromShare: 0.5, toShare: 0.55 }, whole)).toBeUndefined();
});

test('a part of an address is one where both ends are moments, the first before the last', () => {
  const part = { from: '2026-11-28T18:00:00.000Z', to: '2026-11-28T18:05:00.000Z' };
  expect(partOfAddress(new URLSearchParams(part))).toEqual({
    fromMs: Date.parse(part.from),
    toMs: Date.parse(part.to),
  });
  expect(partOfAddress(new URLSearchParams({ from: part.to, to: part.from }))).toBeUndefined();
  expect(partOfAddress(new URLSearchParams({ from: 'soon', to: part.to }))).toBeUndefined();
  expect(partOfAddress(new URLSearchParams())).toBeUndefined();
});

test('points outside the part are left out', () => {
  const lines = [{ name: 'a', points: [[1, 5] as const, [2, null] as const, [3, 7] as const] }];
  expect(within(lines, { fromMs: 2, toMs: 3 })).toEqual([{ name: 'a', points: lines[0]?.points.slice(1) }]);
});
