// Proves that the closing lines of `npm test` count what ran, and that nothing left out or broken looks like
// a success.
import { describe, expect, test } from 'vitest';
import type { Part } from './parts.ts';
import { debianPackages, missingParts } from './parts.ts';
import { failureLines, leftOutTable, reasonsToFail, tallyLine, tallyOf, type Report } from './tally.ts';

const passed = { status: 'passed', fullName: 'a chat is kept' };
const failed = { status: 'failed', fullName: 'a chat is lost', failureMessages: ['Error: nothing came\n  at x.ts:1'] };

function testFile(status: string, assertionResults: Report['testResults'][number]['assertionResults']) {
  return { name: '/repo/platform/chat.test.ts', status, message: 'no such module\n  at y.ts:2', assertionResults };
}

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
      testResults: [testFile('failed', [passed, passed, failed, { status: 'skipped', fullName: 'later' }])],
    };
    expect(tallyLine(tallyOf(report))).toBe('2 passed, 1 failed, 2 skipped');
  });

  test('counts a file that could not be imported as a failure', () => {
    const report = {
      numTotalTests: 1,
      numPassedTests: 1,
      numFailedTests: 0,
      testResults: [testFile('passed', [passed]), testFile('failed', [])],
    };
    expect(tallyOf(report)).toEqual({ passed: 1, failed: 1, skipped: 0 });
  });

  test('names every failure with its file and its message', () => {
    const report = {
      numTotalTests: 2,
      numPassedTests: 1,
      numFailedTests: 1,
      testResults: [
        testFile('failed', [passed, failed]),
        testFile('failed', []),
        testFile('passed', [passed]),
        { ...testFile('failed', [passed]), message: '' },
      ],
    };
    expect(failureLines(report, ['a process ended: SIGSEGV\n  at z.ts:3'], '/repo')).toEqual([
      'failed: platform/chat.test.ts > a chat is lost: Error: nothing came',
      'failed: platform/chat.test.ts: no such module',
      'failed: platform/chat.test.ts: it ended before its tests did',
      'failed: outside of the tests: a process ended: SIGSEGV',
    ]);
  });

  test('says how a property can be tried again, in one line that ends somewhere', () => {
    const property = (counterexample: string) => ({
      ...{ status: 'failed', fullName: 'a property' },
      failureMessages: [
        `Error: Property failed\n{ seed: 7 }\nCounterexample: ${counterexample}\n\n    at a.ts:1\n    at b.ts:2`,
      ],
    });
    const lines = (counterexample: string): string[] =>
      failureLines(
        {
          ...{ numTotalTests: 1, numPassedTests: 0, numFailedTests: 1 },
          testResults: [testFile('failed', [property(counterexample)])],
        },
        [],
        '/repo',
      );
    const start = 'failed: platform/chat.test.ts > a property: Error: Property failed { seed: 7 } Counterexample: ';
    expect(lines('[1]')).toEqual([`${start}[1]`]);
    expect(lines('x'.repeat(2000))[0]?.length).toBeLessThan(600);
  });
});

describe('a run is a success', () => {
  const good = { tally: { passed: 3, failed: 0, skipped: 0 }, exitCode: 0, missing: [], leftOut: 0, ci: false };

  test('when tests passed and the runner is content', () => {
    expect(reasonsToFail(good)).toEqual([]);
  });

  test.each([
    ['a test failed', { tally: { passed: 3, failed: 1, skipped: 0 }, exitCode: 1 }, '1 failed'],
    ['an error was not handled', { exitCode: 1 }, 'no test failed'],
    ['nothing ran', { tally: { passed: 0, failed: 0, skipped: 4 } }, 'no test ran'],
    ['CI skipped a test', { ci: true, tally: { passed: 3, failed: 0, skipped: 2 }, leftOut: 1 }, '2 skipped'],
    ['CI lacks a part', { ci: true, missing: [part({ name: 'chromium' })] }, 'chromium'],
  ])('but not when %s', (_when, change, reason) => {
    expect(reasonsToFail({ ...good, ...change }).join()).toContain(reason);
  });

  test('where CI skipped what the run leaves out on purpose', () => {
    expect(reasonsToFail({ ...good, ci: true, tally: { ...good.tally, skipped: 1 }, leftOut: 1 })).toEqual([]);
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

  test('is named in the table when it is missing, beside the suites it left out', () => {
    const lines = leftOutTable([part({ suites: ['x/**', 'y/**'] })]);
    expect(lines).toHaveLength(2);
    expect(lines[1]).toMatch(/^redis +x\/\*\*, y\/\*\* +install it$/);
  });

  test('prints no table when none is missing', () => {
    expect(leftOutTable([])).toEqual([]);
  });
});
