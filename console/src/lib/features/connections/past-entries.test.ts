import { expect, test } from 'vitest';
import { droppedOf, inOrder, type PastEntry } from './past-entries.ts';

const entry = (n: number, change: Partial<PastEntry> = {}): PastEntry => ({ n, at: '', what: 'page', ...change });

test('each entry is there once, as it was said last, the newest first; all of them said anew change nothing', () => {
  const first = [entry(2, { version: 5 }), entry(1), entry(0)];
  const rows = [entry(3), entry(2, { version: 5, confirmedAt: 'now' }), ...first];
  expect(inOrder(rows)).toEqual([entry(3), entry(2, { version: 5, confirmedAt: 'now' }), entry(1), entry(0)]);
  expect(inOrder([...rows, ...rows])).toEqual(inOrder(rows));
});

test('what is kept no more is counted from the numbers', () => {
  expect(droppedOf([entry(0)])).toBe(0);
  expect(droppedOf([entry(2), entry(1), entry(0)])).toBe(0);
  expect(droppedOf([entry(22), entry(21), entry(0)])).toBe(20);
  expect(droppedOf([])).toBe(0);
});
