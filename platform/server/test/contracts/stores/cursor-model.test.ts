// Proves that the model of cursor races finds every answer that no order explains.

import { expect, test } from 'vitest';
import { isExplained } from './cursor-model.ts';
import type { CursorCall, Observed } from './cursor-model.ts';

const zero = { userId: 'alice', stream: 's', delivered: 0, seen: 0, seenMobile: 0, read: 0, pushed: 0 };
const acked = { ...zero, seen: 1 };
const ack: Observed = { call: { type: 'advance', userId: 'alice', fields: { seen: 1 } } };
const claim: CursorCall = { type: 'claim', userIds: ['alice'], seq: 1, beyond: 0, claimId: 'x', heldBackBy: 'seen' };
const tag = { pushed: 1, claim: { id: 'x', from: 0 } };

test('either order of an acknowledgement and a claim is explained', () => {
  const lost: Observed = { call: claim, outcomes: [{ userId: 'alice', result: 'acked', cursor: acked }] };
  expect(isExplained({ userId: 'alice', before: zero, observed: [lost, ack], after: acked })).toBe(true);
  const won: Observed = { call: claim, outcomes: [{ userId: 'alice', result: 'won', cursor: { ...zero, ...tag } }] };
  expect(isExplained({ userId: 'alice', before: zero, observed: [ack, won], after: { ...acked, ...tag } })).toBe(true);
});

test('a claim that was won over an acknowledgement it saw is not explained', () => {
  const won: Observed = { call: claim, outcomes: [{ userId: 'alice', result: 'won', cursor: { ...acked, ...tag } }] };
  expect(isExplained({ userId: 'alice', before: zero, observed: [won, ack], after: { ...acked, ...tag } })).toBe(false);
});

test('two claims that both won are not explained', () => {
  const win = (claimId: string): Observed => ({
    call: { ...claim, claimId },
    outcomes: [{ userId: 'alice', result: 'won', cursor: { ...zero, pushed: 1, claim: { id: claimId, from: 0 } } }],
  });
  const after = { ...zero, pushed: 1, claim: { id: 'y', from: 0 } };
  expect(isExplained({ userId: 'alice', before: zero, observed: [win('x'), win('y')], after })).toBe(false);
});

test('a lost update is not explained', () => {
  expect(isExplained({ userId: 'alice', before: zero, observed: [ack], after: zero })).toBe(false);
});
