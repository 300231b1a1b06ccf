// What a test of a scenario asks: that it runs from end to end and measures something. How much is `npm run bench`'s.
import { expect } from 'vitest';
import { parseOptions } from '../options.ts';
import { runScenarios } from '../run.ts';
import type { Scenario } from '../scenario.ts';

/**
 * ms. A scenario starts up to six servers, and their engines, and waits until each is quiet; what else the machine
 * does makes it slower, not wrong.
 */
export const patienceMs = 180_000;

/** Runs it with the fewest rounds; `more` are words of the command line. */
export async function runsThrough(scenario: Scenario, more: readonly string[] = []): Promise<void> {
  const said: string[] = [];
  const options = parseOptions([...more, '--quick']);
  const [report] = await runScenarios([scenario], { options, say: (text) => void said.push(text) });
  expect(report?.failure, said.join('\n')).toBeUndefined();
  expect(report?.figures).not.toHaveLength(0);
  for (const { of, what, values } of report?.figures ?? []) {
    const name = `${of}: ${what}`;
    expect(values.length, name).toBeGreaterThan(0);
    expect(values.every(Number.isFinite), `${name}: ${values.join(', ')}`).toBe(true);
  }
  // Throughput, CPU and counts are above zero in every scenario.
  expect(report?.figures.some(({ values }) => values.every((value) => value > 0))).toBe(true);
  if (!options.cluster) expect(report?.reaches).not.toHaveLength(0);
}
