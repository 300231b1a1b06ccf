// Runs scenarios one after the other, cleans up after each, and gathers their results. One that fails does
// not stop the others.
import { createBench } from './bench.ts';
import type { Options } from './options.ts';
import type { ScenarioReport } from './report/report.ts';
import type { Scenario } from './scenario.ts';

export interface RunOptions {
  options: Options;
  say: (text: string) => void;
  /** Ends the scenario that runs, and begins no other. */
  signal?: AbortSignal;
}

export async function runScenarios(scenarios: readonly Scenario[], run: RunOptions): Promise<ScenarioReport[]> {
  const reports: ScenarioReport[] = [];
  for (const scenario of scenarios) {
    if (run.signal?.aborted === true) break;
    run.say(`\n${scenario.name}`);
    reports.push(await runOne(scenario, { ...run, say: (text) => run.say(`  ${text}`) }));
  }
  return reports;
}

async function runOne(scenario: Scenario, { options, say, signal }: RunOptions): Promise<ScenarioReport> {
  const { name, about } = scenario;
  const bench = createBench(options, say);
  const startedMs = performance.now();
  const tookMs = (): number => performance.now() - startedMs;
  // Whatever waits for a generator or a server then fails; the second close below waits for the first.
  const onAbort = (): void => void bench.close().catch(() => undefined);
  signal?.addEventListener('abort', onAbort);
  try {
    try {
      return { name, about, ...(await scenario.run(bench)), tookMs: tookMs() };
    } finally {
      signal?.removeEventListener('abort', onAbort);
      await bench.close();
    }
  } catch (error) {
    const failure = signal?.aborted === true ? 'interrupted' : error instanceof Error ? error.message : String(error);
    say(`FAILED: ${error instanceof Error ? (error.stack ?? failure) : failure}`);
    return { name, about, figures: [], reaches: [], failure, tookMs: tookMs() };
  }
}
