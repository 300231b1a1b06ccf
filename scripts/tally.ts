// Counts a vitest JSON report and makes the last lines of `npm test`. Does not run anything.
import { relative } from 'node:path';
import type { LeftOut } from './on-cluster.ts';
import type { Part } from './parts.ts';

/** The part of vitest's JSON report that is counted. */
export interface Report {
  numTotalTests: number;
  numPassedTests: number;
  numFailedTests: number;
  testResults: readonly TestFile[];
}

interface TestFile {
  /** Absolute path. */
  name: string;
  status: string;
  /** The error of the file as a whole; empty when there is none. */
  message: string;
  assertionResults: readonly { status: string; fullName: string; failureMessages?: readonly string[] | null }[];
}

export interface Tally {
  passed: number;
  failed: number;
  skipped: number;
}

/**
 * A file that failed without a failing test (it could not be imported, or a hook threw) counts as one
 * failure; a test that neither passed nor failed (skipped, todo, never reached) counts as skipped, never as
 * passed.
 */
export function tallyOf(report: Report): Tally {
  const brokenFiles = report.testResults.filter(isBroken).length;
  return {
    passed: report.numPassedTests,
    failed: report.numFailedTests + brokenFiles,
    skipped: report.numTotalTests - report.numPassedTests - report.numFailedTests,
  };
}

export function tallyLine({ passed, failed, skipped }: Tally): string {
  return `${passed} passed, ${failed} failed, ${skipped} skipped`;
}

/**
 * One line per failure, `file > test: message` without the stack, so that a log whose beginning was cut off
 * still says what failed. `unhandled` is what no file is to blame for.
 */
export function failureLines(report: Report, unhandled: readonly string[], root: string): string[] {
  const ofFiles = report.testResults.flatMap((file) => {
    const path = relative(root, file.name);
    if (isBroken(file)) return [`failed: ${path}: ${said(file.message) || 'it ended before its tests did'}`];
    return file.assertionResults
      .filter((test) => test.status === 'failed')
      .map((test) => `failed: ${path} > ${test.fullName}: ${said(test.failureMessages?.[0] ?? '')}`);
  });
  return [...ofFiles, ...unhandled.map((error) => `failed: outside of the tests: ${said(error)}`)];
}

function isBroken(file: TestFile): boolean {
  return file.status === 'failed' && !file.assertionResults.some((test) => test.status === 'failed');
}

/** Characters of a failure's line: enough for the seed and the counterexample of a property. */
const mostSaid = 500;

/** A message in one line, without its stack. */
function said(text: string): string {
  const lines = text.split('\n');
  const stack = lines.findIndex((line) => /^\s+at /.test(line));
  const message = lines
    .slice(0, stack < 0 ? undefined : stack)
    .map((line) => line.trim())
    .filter((line) => line !== '')
    .join(' ');
  return message.length > mostSaid ? `${message.slice(0, mostSaid)} …` : message;
}

/** One row per missing part: its suites, and how to install it. Empty when nothing is missing. */
export function leftOutTable(missing: readonly Part[]): string[] {
  if (missing.length === 0) return [];
  return inColumns([
    ['missing part', 'suites left out', 'to run them'],
    ...missing.map((part) => [part.name, part.suites.join(', '), part.remedy]),
  ]);
}

/** What a run on the cluster engine leaves out, and why. */
export function namedTable(leftOut: readonly LeftOut[]): string[] {
  return inColumns([
    ['not on the cluster engine', 'because it'],
    ...leftOut.map(({ file, test, reason }) => [test === undefined ? file : `${file} > ${test}`, reason]),
  ]);
}

function inColumns(rows: readonly (readonly string[])[]): string[] {
  const columns = rows[0]?.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0))) ?? [];
  return rows.map((row) =>
    row
      .map((cell, column) => cell.padEnd(columns[column] ?? 0))
      .join('  ')
      .trimEnd(),
  );
}

/**
 * The reasons why a run is not a success; empty when it is one. `exitCode` is the runner's own: it is also
 * non-zero for unhandled errors and leaked handles, which no count shows.
 */
export function reasonsToFail(run: {
  tally: Tally;
  exitCode: number;
  missing: readonly Part[];
  /** Tests that this run leaves out on purpose, each named with its reason. */
  leftOut: number;
  ci: boolean;
}): string[] {
  const { tally, exitCode, missing, leftOut, ci } = run;
  const reasons: string[] = [];
  if (tally.failed > 0) reasons.push(`${tally.failed} failed`);
  else if (exitCode !== 0)
    reasons.push(`the runner ended with ${exitCode} although no test failed: see its errors above`);
  if (tally.passed + tally.failed === 0) reasons.push('no test ran');
  if (ci && tally.skipped > leftOut) reasons.push(`${tally.skipped} skipped (CI=true)`);
  if (ci && missing.length > 0) reasons.push(`missing here (CI=true): ${missing.map((part) => part.name).join(', ')}`);
  return reasons;
}
