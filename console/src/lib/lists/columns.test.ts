// Columns as a person wants them.
import { expect, test } from 'vitest';
import { asMade, choiceOfAddress, inOrder, isAsMade, moved, readChoice, shownOf, withShown } from './columns.ts';

const columns = [{ id: 'user', isFixed: true }, { id: 'device' }, { id: 'page' }, { id: 'rtt' }];
const ids = (all: readonly { id: string }[]): string[] => all.map(({ id }) => id);

test('columns that are hidden are not shown, but for the one that says what the row is', () => {
  const choice = withShown(withShown(asMade, 'page', false), 'user', false);
  expect(ids(shownOf(columns, choice))).toEqual(['user', 'device', 'rtt']);
  expect(ids(shownOf(columns, withShown(choice, 'page', true)))).toEqual(['user', 'device', 'page', 'rtt']);
});

test('a column moves by places, and not beyond an end', () => {
  const choice = moved(columns, asMade, { id: 'rtt', by: -1 });
  expect(ids(inOrder(columns, choice))).toEqual(['user', 'device', 'rtt', 'page']);
  expect(moved(columns, choice, { id: 'user', by: -1 })).toBe(choice);
  expect(moved(columns, choice, { id: 'page', by: 1 })).toBe(choice);
});

test('a column that a newer version brings stands where that version has it, whatever was moved', () => {
  const choice = moved(columns, asMade, { id: 'rtt', by: -3 });
  const newer = [...columns.slice(0, 2), { id: 'policy' }, ...columns.slice(2)];
  expect(ids(inOrder(newer, choice))).toEqual(['rtt', 'user', 'device', 'policy', 'page']);
  expect(ids(inOrder([{ id: 'first' }, ...columns], choice))).toEqual(['first', 'rtt', 'user', 'device', 'page']);
});

test('an address names the columns that are shown; of unknown ones alone there is no choice', () => {
  const choice = choiceOfAddress(columns, 'rtt,nonsense,device') ?? asMade;
  expect(ids(shownOf(columns, choice))).toEqual(['user', 'rtt', 'device']);
  expect(choiceOfAddress(columns, 'nonsense')).toBeUndefined();
  expect(choiceOfAddress(columns, null)).toBeUndefined();
});

test('what was stored by another hand is no choice', () => {
  for (const stored of [null, 'x', 7, [], { order: 7, hidden: [7] }]) expect(isAsMade(readChoice(stored))).toBe(true);
  expect(readChoice({ order: ['a'], hidden: ['b'] })).toEqual({ order: ['a'], hidden: ['b'] });
});
