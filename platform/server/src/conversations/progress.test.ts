import { expect, it } from 'vitest';
import { progressGroups } from './progress.ts';

const at = (read: number) => ({ delivered: read, seen: read, read, pushed: 0 });
const many = (count: number, seqOf: (index: number) => number) =>
  Array.from({ length: count }, (_, index) => at(seqOf(index)));

it('has those at the head, those between and those who are nowhere in groups of their own', () => {
  const cursors = [...many(8000, () => 128), ...many(1500, (index) => 100 + (index % 28)), ...many(500, () => 0)];
  const groups = progressGroups(cursors, 'read', 128);
  expect(groups[0]).toEqual({ from: 128, to: 128, users: 8000 });
  expect(groups.at(-1)).toEqual({ from: 0, to: 0, users: 500 });
  expect(groups.length).toBeLessThanOrEqual(8);
  expect(groups.reduce((sum, { users }) => sum + users, 0)).toBe(10_000);
  const between = groups.slice(1, -1);
  expect([between[0]?.to, between.at(-1)?.from]).toEqual([127, 100]);
  for (const { users } of between) expect(users).toBeGreaterThan(100);
});

it('has ranges that follow one another and never overlap', () => {
  const groups = progressGroups(
    many(997, (index) => (index * 37) % 500),
    'seen',
    600,
  );
  for (const [index, { from, to }] of groups.entries()) {
    expect(from).toBeLessThanOrEqual(to);
    const next = groups[index + 1];
    if (next !== undefined) expect(next.to).toBeLessThan(from);
  }
});

it('keeps few places as they are, and has none where nothing was said', () => {
  expect(progressGroups([at(5), at(3), at(3)], 'read', 5)).toEqual([
    { from: 5, to: 5, users: 1 },
    { from: 3, to: 3, users: 2 },
  ]);
  expect(progressGroups([at(0), at(0)], 'read', 0)).toEqual([{ from: 0, to: 0, users: 2 }]);
  expect(progressGroups([], 'read', 5)).toEqual([]);
});

it('counts somebody whose cursor is of a log that was cut off behind its head as at the head', () => {
  expect(progressGroups([at(9)], 'read', 5)).toEqual([{ from: 5, to: 5, users: 1 }]);
});
