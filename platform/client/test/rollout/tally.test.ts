import { expect, test } from 'vitest';
import type { ReceivedPush } from '../../../server/test/support/push-receiver.ts';
import type { CrowdRecord } from './crowd.ts';
import { isAsPromised, tally } from './tally.ts';

const push = (seq: number) =>
  ({ body: { type: 'push', userId: 'r.away', notification: { data: { seq } } } }) as unknown as ReceivedPush;

const received = (userId: string, seqs: number[], gaps = 0) => ({ userId, conversationId: 'r', seqs, gaps });

const record = (change: Partial<CrowdRecord> = {}): CrowdRecord => ({
  received: [received('r.1', []), received('r.2', [1, 2, 3])],
  acknowledged: new Map([['r', [1, 2, 3]]]),
  sent: 3,
  failed: 0,
  absencesMs: [100, 2000, 300],
  ...change,
});

test('nothing but short absences is as promised; what the sender said need not come back', () => {
  const counted = tally(record(), [push(2), push(3)]);
  expect(counted).toMatchObject({ acknowledged: 3, delivered: 3, lost: 0, pushesOwed: 1, pushesMade: 1 });
  expect(counted).toMatchObject({ absences: 3, back95Ms: 2000, backAllMs: 2000 });
  expect(isAsPromised(counted)).toBe(true);
});

test.each([
  ['lost', record({ received: [received('r.2', [1, 3])] }), 1],
  ['twice', record({ received: [received('r.2', [1, 2, 2, 3])] }), 1],
  ['outOfOrder', record({ received: [received('r.2', [2, 1, 3])] }), 1],
  ['gaps', record({ received: [received('r.2', [1, 2, 3], 1)] }), 1],
  ['failed', record({ failed: 1 }), 1],
  ['acknowledged', record({ sent: 4 }), 3],
  ['back95Ms', record({ absencesMs: [31_000] }), 31_000],
] as const)('%s is counted, and no promise', (field, given, count) => {
  const counted = tally(given, [push(3)]);
  expect(counted[field]).toBe(count);
  expect(isAsPromised(counted)).toBe(false);
});

test('a push that stands for less than was owed is not made', () => {
  expect(isAsPromised(tally(record(), [push(2)]))).toBe(false);
  expect(isAsPromised(tally(record(), []))).toBe(false);
});
