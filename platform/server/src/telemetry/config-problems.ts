// Reports what is wrong with the configuration: log lines for programs, one list for people. Finding it is
// config's and tenancy's.
import type { Log } from '../ports/log.ts';

/** `variable`, or the path in a file, and what is wrong with it. */
export interface ReportedProblem {
  variable?: string;
  path?: string;
  reason: string;
}

/** A line `config problem` for each. For mistakes that stop a start, and for warnings that do not. */
export function logConfigProblems(log: Log, problems: readonly ReportedProblem[]): void {
  for (const problem of problems) log.warn('config problem', { ...problem });
}

/** All in one list. */
export function problemList(title: string, problems: readonly ReportedProblem[]): string {
  const lines = problems.map(({ variable, path, reason }) => `  - ${variable ?? path ?? 'configuration'}: ${reason}`);
  return [title, ...lines].join('\n');
}
