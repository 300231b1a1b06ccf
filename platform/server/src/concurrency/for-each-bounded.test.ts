// The end of a bounded loop of which a task fails.

import { expect, test } from 'vitest';
import { forEachBounded } from './for-each-bounded.ts';

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
