import { expect, test } from 'vitest';
import { isReached } from '../scenario.ts';
import { markdownOf, numberText } from './markdown.ts';
import { withSection } from './publish.ts';
import { createReport, type ScenarioReport } from './report.ts';

const scenario: ScenarioReport = {
  name: 'fan-out',
  about: 'Everybody hears one.',
  figures: [{ of: 'ws', what: 'CPU per delivery', unit: 'µs', values: [3, 1, 2] }],
  reaches: [{ what: 'CPU', value: 0.25, bound: { most: 0.2 }, unit: 'ratio' }],
  tookMs: 1,
};

test('a bound is kept on its own side', () => {
  const reach = { what: 'it', value: 5, unit: '' };
  expect(isReached({ ...reach, bound: { most: 5 } })).toBe(true);
  expect(isReached({ ...reach, bound: { most: 4 } })).toBe(false);
  expect(isReached({ ...reach, bound: { least: 6 } })).toBe(false);
  expect(isReached({ ...reach, value: Number.NaN, bound: { most: 5 } })).toBe(false);
});

test('the tables show reaches, medians, minima and every round', () => {
  const text = markdownOf(createReport({ rounds: 3, quick: false, scenarios: [scenario] }));
  expect(text).toMatch(/\| fan-out +\| CPU ≤ 0\.2 +\| 0\.250 +\| missed +\|/);
  expect(text).toMatch(/\| ws +\| CPU per delivery +\| µs +\| 2\.00 +\| 1\.00 +\| 3\.00, 1\.00, 2\.00 +\|/);
  expect(text).toContain('LIMIT_COMMANDS_PER_SECOND');
});

test('a scenario that failed says so in place of numbers', () => {
  const failed = { ...scenario, figures: [], reaches: [], failure: 'belfry: 1 delivery missing\n  at' };
  const text = markdownOf(createReport({ rounds: 1, quick: false, scenarios: [failed] }));
  expect(text).toContain('Failed: belfry: 1 delivery missing');
  expect(text).not.toContain('  at');
});

test('numbers keep the digits that mean something', () => {
  expect([1234.5, 123.45, 12.345, 1.2345, 0.12345, Number.NaN].map(numberText)).toEqual([
    ...['1,235', '123', '12.3', '1.23', '0.123', '–'],
  ]);
});

test('a section of the page is replaced, and the rest stays', () => {
  const page = 'before\n<!-- results: begin -->\nold\n<!-- results: end -->\nafter\n';
  expect(withSection(page, 'results', 'new')).toBe(
    'before\n<!-- results: begin -->\n\nnew\n\n<!-- results: end -->\nafter\n',
  );
  expect(() => withSection(page, 'soak', 'new')).toThrow('soak');
});
