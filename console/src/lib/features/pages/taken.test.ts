import { expect, test } from 'vitest';
import { takenOf } from './taken.ts';

test('tabs are counted as taken, waiting or at a node that is behind', () => {
  const versions = [
    { version: 8, confirmed: 200, enforced: 12, silent: 4 },
    { version: 7, confirmed: 2, enforced: 1, silent: 0 },
  ];
  expect(takenOf(versions, 8)).toEqual({
    ...{ total: 215, confirmed: 200, waiting: 12, silent: 4 },
    old: [{ version: 7, count: 3 }],
  });
});

test('news of a version that was not read so far is no old one', () => {
  expect(takenOf([{ version: 9, confirmed: 1, enforced: 0, silent: 0 }], 8)).toMatchObject({ confirmed: 1, old: [] });
  expect(takenOf([], 8).total).toBe(0);
});
