// Runs scenarios one after the other, each with what it needs and nothing left behind, and gathers their results. One that fails does not stop the others.
import { createBench } from './bench.ts';
import type { Options } from './options.ts';
import type { ScenarioReport } from './report/report.ts';
import type { Scenario } from './scenario.ts';

export async function runScenarios(
  scenarios: readonly Scenario[],
  options: Options,
  say: (text: string) => void,
): Promise<ScenarioReport[]> {
  const reports: ScenarioReport[] = [];
  for (const scenario of scenarios) {
    say(`\n${scenario.name}`);
    reports.push(await runOne(scenario, options, (text) => say(`  ${text}`)));
  }
  return reports;
}

async function runOne(scenario: Scenario, options: Options, say: (text: string) => void): Promise<ScenarioReport> {
  const { name, about } = scenario;
  const bench = createBench(options, say);
  const startedMs = performance.now();
  const tookMs = (): number => performance.now() - startedMs;
  try {
    try {
      return { name, about, ...(await scenario.run(bench)), tookMs: tookMs() };
    } finally {
      await bench.close();
    }
  } catch (error) {
    const failure = error instanceof Error ? error.message : String(error);
    say(`FAILED: ${error instanceof Error ? (error.stack ?? failure) : failure}`);
    return { name, about, figures: [], reaches: [], failure, tookMs: tookMs() };
  }
}
