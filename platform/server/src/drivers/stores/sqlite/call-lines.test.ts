// In which order the calls of apps go to the data file, and how many of one may wait.

import { expect, test } from 'vitest';
import { CallLines, type PendingCall } from './call-lines.ts';

const call = (app: string, method: string): PendingCall => ({
  ...{ store: 'messages', method, args: [app] },
  resolve: () => undefined,
  reject: () => undefined,
});
const push = (lines: CallLines, app: string, count: number): boolean[] =>
  Array.from({ length: count }, (_, i) => lines.push(call(app, `${app}${i}`)));
const named = (calls: readonly PendingCall[]): string[] => calls.map(({ method }) => method);

test('calls are taken one of each app after the other, and those of one app in their order', () => {
  const lines = new CallLines(1000);
  push(lines, 'a', 5);
  push(lines, 'b', 1);
  push(lines, 'c', 2);
  expect(named(lines.take(6))).toEqual(['a0', 'b0', 'c0', 'a1', 'c1', 'a2']);
  // A caller that comes now stands behind one call of each other, and not behind all of them.
  push(lines, 'd', 1);
  expect(named(lines.take(6))).toEqual(['a3', 'd0', 'a4']);
  expect([lines.waiting, lines.size]).toEqual([0, 9]);
});

test('calls that were not done stand before the others of their app again', () => {
  const lines = new CallLines(1000);
  push(lines, 'a', 4);
  push(lines, 'b', 3);
  const taken = lines.take(4);
  expect(named(taken)).toEqual(['a0', 'b0', 'a1', 'b1']);
  lines.end(taken.slice(0, 1));
  lines.putBack(taken.slice(1));
  expect(lines.waiting).toBe(6);
  expect(named(lines.take(10))).toEqual(['b0', 'a1', 'b1', 'a2', 'b2', 'a3']);
});

test('an app may hold half of the calls that may wait, and there is room for the next app', () => {
  const lines = new CallLines(100);
  expect(push(lines, 'greedy', 80).filter(Boolean)).toHaveLength(50);
  expect(push(lines, 'other', 10).every(Boolean)).toBe(true);
  // Calls under way count, and ended ones do not.
  const taken = lines.take(20);
  expect(lines.push(call('greedy', 'more'))).toBe(false);
  lines.end(taken);
  expect(lines.push(call('greedy', 'more'))).toBe(true);
  lines.end(lines.take(1000));
  expect([lines.waiting, lines.size]).toEqual([0, 0]);
});
