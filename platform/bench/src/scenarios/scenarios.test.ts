import { expect, test } from 'vitest';
import { parseOptions } from '../options.ts';
import { runScenarios } from '../run.ts';
import { scenarios } from './index.ts';
import { soakFor } from './soak.ts';

/**
 * A scenario starts up to six servers and waits until each is quiet; what else the machine does makes it
 * slower, not wrong.
 */
const patienceMs = 180_000;

const isLinux = process.platform === 'linux';
const loads = scenarios.filter(({ name }) => name !== 'sdk-size');

test.runIf(isLinux).each([...loads, soakFor(4000)])(
  '$name runs from end to end and measures something',
  { timeout: patienceMs },
  async (scenario) => {
    const said: string[] = [];
    const options = parseOptions(['--quick']);
    const [report] = await runScenarios([scenario], { options, say: (text) => void said.push(text) });
    expect(report?.failure, said.join('\n')).toBeUndefined();
    expect(report?.figures).not.toHaveLength(0);
    expect(report?.reaches).not.toHaveLength(0);
    for (const { of, what, values } of report?.figures ?? []) {
      const name = `${of}: ${what}`;
      expect(values.length, name).toBeGreaterThan(0);
      expect(values.every(Number.isFinite), `${name}: ${values.join(', ')}`).toBe(true);
    }
    // Throughput, CPU and counts are above zero in every scenario.
    expect(report?.figures.some(({ values }) => values.every((value) => value > 0))).toBe(true);
  },
);

test('a run that is stopped begins nothing more', async () => {
  const options = parseOptions(['--quick']);
  const reports = await runScenarios(scenarios, { options, say: () => undefined, signal: AbortSignal.abort() });
  expect(reports).toEqual([]);
});
