import { expect, test } from 'vitest';
import { sizeUnits, timeUnits, unitFor } from './scale.ts';

test.each([
  [5000, 's'],
  [1500, 'ms'],
  [7 * 86_400_000, 'd'],
  [90 * 60_000, 'min'],
  [0, 'ms'],
])('%i ms are written in %s', (ms, unit) => {
  expect(unitFor(ms, timeUnits).id).toBe(unit);
});

test.each([
  [10 * 1024 ** 3, 'GiB'],
  [1536 * 1024, 'KiB'],
  [1000, 'B'],
])('%i bytes are written in %s', (bytes, unit) => {
  expect(unitFor(bytes, sizeUnits).id).toBe(unit);
});
