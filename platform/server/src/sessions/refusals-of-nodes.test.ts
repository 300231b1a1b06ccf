import { expect, test } from 'vitest';
import type { Refusal } from './refusals.ts';
import { mergedRefusals } from './refusals-of-nodes.ts';

const refusal = (fields: Partial<Refusal>): Refusal => ({
  ...{ stage: 'upgrade', reason: 'origin_not_allowed', code: 'forbidden', at: 0, firstAt: 0, count: 1, ...fields },
});

test('refusals of one sort at two nodes are one, with the newest one’s details, and the newest sort is the first', () => {
  const merged = mergedRefusals([
    [refusal({ at: 5, firstAt: 4, count: 2, origin: 'https://a', userAgent: 'new' })],
    [
      refusal({ at: 9, firstAt: 9, origin: 'https://b' }),
      refusal({ at: 3, firstAt: 1, count: 3, origin: 'https://a', userAgent: 'old' }),
    ],
  ]);
  expect(merged).toMatchObject([
    { origin: 'https://b', count: 1 },
    { origin: 'https://a', count: 5, firstAt: 1, at: 5, userAgent: 'new' },
  ]);
});

test('at most two hundred sorts are told', () => {
  const list = Array.from({ length: 150 }, (_, at) => refusal({ at, origin: `https://${at}` }));
  const other = Array.from({ length: 150 }, (_, at) => refusal({ at: at + 1000, origin: `https://other-${at}` }));
  const merged = mergedRefusals([list, other]);
  expect(merged).toHaveLength(200);
  expect(merged[0]).toMatchObject({ origin: 'https://other-149' });
});
