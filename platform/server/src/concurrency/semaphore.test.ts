// The bounds of a semaphore: how many tasks run at once, how many wait, and which are refused.

import { expect, test } from 'vitest';
import { forEachBounded } from './for-each-bounded.ts';
import { Semaphore } from './semaphore.ts';

test('a semaphore runs so many at once, refuses beyond its bound, and knows when it is idle', async () => {
  const semaphore = new Semaphore({ running: 1, waiting: 1 });
  const first = Promise.withResolvers<undefined>();
  const ran: number[] = [];
  expect(semaphore.enter(async () => void (await first.promise, ran.push(1)))).toBe(true);
  expect(semaphore.enter(async () => void ran.push(2))).toBe(true);
  expect(semaphore.enter(async () => void ran.push(3))).toBe(false);
  first.resolve(undefined);
  await semaphore.idle();
  expect(ran).toEqual([1, 2]);
  await semaphore.idle();
});

test('a bounded loop ends all its tasks before it fails', async () => {
  const ran: number[] = [];
  const looping = forEachBounded([1, 2, 3, 4], 2, async (n) => {
    if (n === 1) throw new Error('defect');
    await Promise.resolve();
    ran.push(n);
  });
  await expect(looping).rejects.toThrow('defect');
  expect(ran).toEqual([2, 3, 4]);
});
