// What a bounded map forgets, and that it takes no room before it is used.

import { expect, test } from 'vitest';
import { leastUsed } from './least-used.ts';

test('of one entry too many, that which was used least lately is forgotten', () => {
  const kept = leastUsed<number>(3);
  for (const key of ['a', 'b', 'c']) kept.set(key, 1);
  kept.get('a');
  kept.set('d', 1);
  expect([...kept.keys()].toSorted()).toEqual(['a', 'c', 'd']);
});

test('a thousand empty ones for a hundred thousand entries each are made at once', () => {
  const begun = performance.now();
  const made = Array.from({ length: 1000 }, () => leastUsed<true>(100_000));
  // With their room taken beforehand they are gigabytes, and take several seconds.
  expect(made.every(({ size }) => size === 0)).toBe(true);
  expect(performance.now() - begun).toBeLessThan(2000);
});
