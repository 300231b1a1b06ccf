// A problem that keeps the server from starting and is the operator's to mend: exit code 78, with every
// problem in one list.

export interface Problem {
  /** The variable, or the path in the provision file. */
  variable: string;
  reason: string;
}

export class StartProblem extends Error {
  readonly problems: readonly Problem[];

  constructor(problems: readonly Problem[]) {
    super(problems.map(({ variable, reason }) => `${variable}: ${reason}`).join('; '));
    this.name = 'StartProblem';
    this.problems = problems;
  }
}
