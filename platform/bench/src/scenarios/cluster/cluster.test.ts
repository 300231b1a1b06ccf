import { expect, test } from 'vitest';
import { missingEngines } from '../../contenders/engines.ts';
import { parseOptions } from '../../options.ts';
import { runScenarios } from '../../run.ts';
import { clusterScenarios } from './index.ts';

/** A scenario starts up to six servers and their engines; what else the machine does makes it slower, not wrong. */
const patienceMs = 180_000;

test('a machine that has every part lacks none', () => {
  expect(missingEngines()).toEqual([]);
});

test.each(clusterScenarios)(
  '$name runs from end to end and measures something',
  { timeout: patienceMs },
  async (scenario) => {
    const said: string[] = [];
    const options = parseOptions(['--cluster', '--quick']);
    const [report] = await runScenarios([scenario], { options, say: (text) => void said.push(text) });
    expect(report?.failure, said.join('\n')).toBeUndefined();
    expect(report?.figures).not.toHaveLength(0);
    for (const { of, what, values } of report?.figures ?? []) {
      const name = `${of}: ${what}`;
      expect(values.length, name).toBeGreaterThan(0);
      expect(values.every(Number.isFinite), `${name}: ${values.join(', ')}`).toBe(true);
    }
    expect(report?.figures.some(({ values }) => values.every((value) => value > 0))).toBe(true);
  },
);
