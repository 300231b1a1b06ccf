// A fault that a check of a plugin found, and one check as something to run. How it is reported:
// test-plugin.ts.

export const rules = [
  'shape', // not what defineNotificationProvider or defineMessageType makes
  'manifest', // package.json and behaviour disagree
  'config', // the sample configuration is refused, or a misspelt field is not
  'form', // a field of the configuration has no title, or not in every language
  'target',
  'setup', // throws, hangs, or returns something else
  'answer', // a line of the author's table does not hold
  'throw', // throws where an outcome is due
  'hang', // goes on after its signal was aborted
  'outcome', // returns something that is none, or says accepted where nothing was
  'secret', // a secret shows in the log, in an outcome or in an error
  'network', // connects by itself
  'token', // gets a token anew for each delivery
  'receipt', // a line of the author's table of receipts does not hold, or a receipt names no delivery
  'close', // throws, the first time or the second
  'content', // the schema accepts or refuses a content against the author's table
  'preview',
  'accept',
  'uploads', // the references of a content do not match its fields
  'upgrade',
] as const;
export type Rule = (typeof rules)[number];

export interface Finding {
  readonly rule: Rule;
  /** The situation, such as `answer HTTP 500`. */
  readonly scenario: string;
  readonly problem: string;
}

/** One thing that is tried on a plugin. `run` never rejects because of the plugin. */
export interface Scenario {
  readonly name: string;
  run(): Promise<Finding[]>;
}

/** Runs all, one after the other, so that anything left behind belongs to one of them. */
export async function runScenarios(scenarios: readonly Scenario[]): Promise<Finding[]> {
  const findings: Finding[] = [];
  for (const scenario of scenarios) findings.push(...(await scenario.run()));
  return findings;
}

/** A finding on one line, for people. */
export function sayFinding({ rule, scenario, problem }: Finding): string {
  return `[${rule}] ${scenario}: ${problem}`;
}
