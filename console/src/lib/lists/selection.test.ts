// Chosen rows.
import { expect, test } from 'vitest';
import { howMany, rangeTo, withChosen } from './selection.ts';

const ids = ['a', 'b', 'c', 'd'];

test('a range reaches from the row that was chosen last to this one, in either direction', () => {
  expect(rangeTo(ids, 'b', 'd')).toEqual(['b', 'c', 'd']);
  expect(rangeTo(ids, 'c', 'a')).toEqual(['a', 'b', 'c']);
});

test('where the row of before is gone, or there was none, it is this one alone', () => {
  expect(rangeTo(ids, 'gone', 'c')).toEqual(['c']);
  expect(rangeTo(ids, undefined, 'c')).toEqual(['c']);
});

test('what is chosen is kept beside what is chosen more, and the set of before stays as it is', () => {
  const before: ReadonlySet<string> = new Set(['x']);
  const after = withChosen(before, ['a', 'b'], true);
  expect([...after]).toEqual(['x', 'a', 'b']);
  expect([...withChosen(after, ['x', 'b'], false)]).toEqual(['a']);
  expect(before.size).toBe(1);
});

test('all, some and none of the rows that are there are told apart', () => {
  expect(howMany(ids, new Set(['x']))).toBe('none');
  expect(howMany(ids, new Set(['a', 'x']))).toBe('some');
  expect(howMany(ids, new Set([...ids, 'x']))).toBe('all');
  expect(howMany([], new Set(['x']))).toBe('none');
});
