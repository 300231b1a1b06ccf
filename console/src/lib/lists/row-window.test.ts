// The window of rows.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { rowWindow, wantsMore } from './row-window.ts';

test('ten rows on either side of what is in sight are there', () => {
  expect(rowWindow({ scrollPx: 3600, heightPx: 720, rowPx: 36, count: 10_000 })).toEqual({
    ...{ from: 90, to: 130 },
    ...{ beforePx: 90 * 36, afterPx: 9870 * 36 },
  });
});

test('the list keeps its height, wherever one is and however long it is', () => {
  const views = fc.record({
    scrollPx: fc.integer({ min: -500, max: 100_000 }),
    heightPx: fc.integer({ min: 0, max: 3000 }),
    rowPx: fc.constantFrom(28, 36, 44),
    count: fc.integer({ min: 0, max: 5000 }),
  });
  fc.assert(
    fc.property(views, (view) => {
      const { from, to, beforePx, afterPx } = rowWindow(view);
      expect(beforePx + (to - from) * view.rowPx + afterPx).toBe(view.count * view.rowPx);
      expect(to - from).toBeLessThanOrEqual(Math.ceil(view.heightPx / view.rowPx) + 21);
      if (view.count > 0) expect(to).toBeGreaterThan(from);
    }),
  );
});

test('more is wanted from four fifths on, and at once where the list is shorter than its place', () => {
  const view = { heightPx: 720, rowPx: 36, count: 100 };
  expect(wantsMore({ ...view, scrollPx: 2000 })).toBe(false);
  expect(wantsMore({ ...view, scrollPx: 2160 })).toBe(true);
  expect(wantsMore({ ...view, scrollPx: 0, count: 5 })).toBe(true);
});
