import { expect, test } from 'vitest';
import { parseOptions } from './options.ts';

test('without flags everything runs, in four rounds', () => {
  expect(parseOptions([])).toMatchObject({ only: undefined, rounds: 4, quick: false, strict: false, generators: 1 });
});

test('names, numbers and times are read', () => {
  const options = parseOptions(['--only', 'fan-out, rooms', '--rounds', '7', '--soak', '20m', '--quick']);
  expect(options).toMatchObject({ only: ['fan-out', 'rooms'], rounds: 7, soakMs: 1_200_000, quick: true });
});

test('the scenarios of a cluster are asked for by a flag', () => {
  expect(parseOptions([]).cluster).toBe(false);
  expect(parseOptions(['--cluster']).cluster).toBe(true);
});

test('a quick run has one round unless more are asked for', () => {
  expect(parseOptions(['--quick']).rounds).toBe(1);
  expect(parseOptions(['--quick', '--rounds', '2']).rounds).toBe(2);
});

test.each([
  [['--rounds', '0'], '--rounds must be a whole number'],
  [['--generators', 'two'], '--generators must be a whole number'],
  [['--soak', '20'], '--soak must be a time'],
  [['--fast'], "Unknown option '--fast'"],
])('%j is refused with what is wrong', (args, problem) => {
  expect(() => parseOptions(args)).toThrow(problem);
});
