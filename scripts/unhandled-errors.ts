// A reporter of vitest that keeps what no test and no file is to blame for: a process that ended by itself, an
// error that nobody caught. The JSON report leaves these out. Not what is printed of them: tally.ts.
import { writeFileSync } from 'node:fs';
import type { Reporter } from 'vitest/node';

/** The environment variable with the path of the file: a JSON array of texts. */
export const fileVariable = 'UNHANDLED_ERRORS_FILE';

export default class UnhandledErrors implements Reporter {
  onTestRunEnd(...[, errors]: Parameters<NonNullable<Reporter['onTestRunEnd']>>): void {
    const file = process.env[fileVariable];
    if (file === undefined) throw new Error(`${fileVariable} is not set`);
    writeFileSync(file, JSON.stringify(errors.map(said)));
  }
}

/** The cause says more than the runner's own words: which signal ended a process. */
function said(error: { message?: string; cause?: unknown }): string {
  const cause = error.cause instanceof Object && 'message' in error.cause ? String(error.cause.message) : undefined;
  const message = (error.message ?? 'an error without words').replace(/\.$/, '');
  return cause === undefined ? message : `${message}: ${cause}`;
}
