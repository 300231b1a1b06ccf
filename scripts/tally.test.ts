// Proves that the closing lines of `npm test` count what ran, and that nothing left out or broken looks like a success.
import { describe, expect, test } from 'vitest';
import type { Part } from './parts.ts';
import { debianPackages, missingParts } from './parts.ts';
import { leftOutTable, reasonsToFail, tallyLine, tallyOf } from './tally.ts';

const passed = { status: 'passed' };
const failed = { status: 'failed' };

function part(over: Partial<Part>): Part {
  return {
    name: 'redis',
    suites: ['a/**'],
    debianPackages: ['redis'],
    remedy: 'install it',
    present: () => false,
    ...over,
  };
}

describe('the tally', () => {
  test('counts skipped and todo tests apart from those that passed', () => {
    const report = {
      numTotalTests: 5,
      numPassedTests: 2,
      numFailedTests: 1,
      testResults: [{ status: 'failed', assertionResults: [passed, passed, failed, { status: 'skipped' }] }],
    };
    expect(tallyLine(tallyOf(report))).toBe('2 passed, 1 failed, 2 skipped');
  });

  test('counts a file that could not be imported as a failure', () => {
    const report = {
      numTotalTests: 1,
      numPassedTests: 1,
      numFailedTests: 0,
      testResults: [
        { status: 'passed', assertionResults: [passed] },
        { status: 'failed', assertionResults: [] },
      ],
    };
    expect(tallyOf(report)).toEqual({ passed: 1, failed: 1, skipped: 0 });
  });
});

describe('a run is a success', () => {
  const good = { tally: { passed: 3, failed: 0, skipped: 0 }, exitCode: 0, missing: [], ci: false };

  test('when tests passed and the runner is content', () => {
    expect(reasonsToFail(good)).toEqual([]);
  });

  test.each([
    ['a test failed', { tally: { passed: 3, failed: 1, skipped: 0 }, exitCode: 1 }, '1 failed'],
    ['an error was not handled', { exitCode: 1 }, 'no test failed'],
    ['nothing ran', { tally: { passed: 0, failed: 0, skipped: 4 } }, 'no test ran'],
    ['CI lacks a part', { ci: true, missing: [part({ name: 'chromium' })] }, 'chromium'],
  ])('but not when %s', (_when, change, reason) => {
    expect(reasonsToFail({ ...good, ...change }).join()).toContain(reason);
  });

  test('on a machine that lacks a part, outside CI', () => {
    expect(reasonsToFail({ ...good, missing: [part({})] })).toEqual([]);
  });
});

describe('a part', () => {
  test('is missing only when a suite needs it and the machine has none', () => {
    const all = [part({ name: 'a' }), part({ name: 'b', suites: [] }), part({ name: 'c', present: () => true })];
    expect(missingParts(all).map(({ name }) => name)).toEqual(['a']);
  });

  test('is installed by CI only when a suite needs it', () => {
    expect(debianPackages([part({}), part({ suites: [], debianPackages: ['other'] })])).toEqual(['redis']);
  });

  test('that is missing is named in the table beside the suites it left out', () => {
    const lines = leftOutTable([part({ suites: ['x/**', 'y/**'] })]);
    expect(lines).toHaveLength(2);
    expect(lines[1]).toMatch(/^redis +x\/\*\*, y\/\*\* +install it$/);
  });

  test('prints no table when none is missing', () => {
    expect(leftOutTable([])).toEqual([]);
  });
});
