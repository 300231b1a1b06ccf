// One scenario of each sort of load; the others are scenarios.slow.ts.
import { expect, test } from 'vitest';
import { parseOptions } from '../options.ts';
import { runScenarios } from '../run.ts';
import { append } from './append.ts';
import { fanOut } from './fan-out.ts';
import { scenarios } from './index.ts';
import { patienceMs, runsThrough } from './runs-through.fixture.ts';

test.runIf(process.platform === 'linux').each([fanOut, append])(
  '$name runs from end to end and measures something',
  { timeout: patienceMs },
  (scenario) => runsThrough(scenario),
);

test('a run that is stopped begins nothing more', async () => {
  const options = parseOptions(['--quick']);
  const reports = await runScenarios(scenarios, { options, say: () => undefined, signal: AbortSignal.abort() });
  expect(reports).toEqual([]);
});
