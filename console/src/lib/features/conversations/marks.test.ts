import { expect, it } from 'vitest';
import type { Progress } from '#lib/api/shapes.ts';
import { marksOf, marksOfGroups } from './marks.ts';

const person = (userId: string, at: Partial<Progress>): Progress => ({
  ...{ userId, role: 'member', joinedAt: '2026-11-29T10:00:00.000Z' },
  ...{ delivered: 0, seen: 0, seenMobile: 0, read: 0, pushed: 0, ...at },
});

it('a participant has one mark at each message that they are at, by what is strongest there', () => {
  const marks = marksOf([person('bob', { delivered: 127, seen: 125, read: 120, pushed: 127 })], 128);
  expect([...marks]).toEqual([
    [120, [{ fields: ['read'], userId: 'bob' }]],
    [125, [{ fields: ['seen'], userId: 'bob' }]],
    [127, [{ fields: ['delivered'], userId: 'bob' }]],
  ]);
});

it('a push that went farther than what was delivered has a mark of its own', () => {
  const marks = marksOf([person('bob', { delivered: 2, seen: 2, read: 2, pushed: 5 })], 9);
  expect([...marks]).toEqual([
    [2, [{ fields: ['read'], userId: 'bob' }]],
    [5, [{ fields: ['pushed'], userId: 'bob' }]],
  ]);
});

it('those who are at no message have no mark, and nobody stands behind the head', () => {
  expect([...marksOf([person('eve', {})], 9)]).toEqual([]);
  expect([...marksOf([person('bob', { read: 9, seen: 9, delivered: 9 })], 5).keys()]).toEqual([5]);
});

it('a group stands where its first are', () => {
  const groups = {
    delivered: [],
    seen: [],
    pushed: [],
    read: [
      { from: 100, to: 127, users: 1500 },
      { from: 0, to: 0, users: 3 },
    ],
  };
  expect([...marksOfGroups(groups)]).toEqual([[127, [{ fields: ['read'], users: 1500 }]]]);
});
