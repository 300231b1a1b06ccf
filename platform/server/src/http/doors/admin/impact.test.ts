import { expect, test } from 'vitest';
import { needImpact } from './impact.ts';

const refused = expect.objectContaining({ code: 'impact_changed' }) as Error;

test.each([
  [0, 5],
  [214, 219],
  [214, 209],
  [1000, 1050],
])('a change that was to reach %i and reaches %i goes on', (before, now) => {
  needImpact(before, { connections: now, users: 0 });
});

test.each([
  [0, 6],
  [214, 230],
  [1000, 1051],
  [1000, 0],
])('a change that was to reach %i and would reach %i is asked about again', (before, now) => {
  expect(() => needImpact(before, { connections: now, users: 0 })).toThrow(refused);
});

test('a change that says nothing of whom it reaches is not asked about', () => {
  needImpact(undefined, { connections: 5000, users: 5000 });
});
