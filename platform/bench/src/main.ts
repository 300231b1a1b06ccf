// `npm run bench`: reads the command line, runs the scenarios, prints and keeps the results. Exit code 1 when
// a scenario failed or, with --strict, missed its target.
import { missingEngines } from './contenders/engines.ts';
import { help, parseOptions, type Options } from './options.ts';
import { markdownOf } from './report/markdown.ts';
import { writeJson, writePage, type Section } from './report/publish.ts';
import { createReport, type Report } from './report/report.ts';
import { runScenarios } from './run.ts';
import { isReached, type Scenario } from './scenario.ts';
import { consoleScenario } from './scenarios/console.ts';
import { clusterScenarios } from './scenarios/cluster/index.ts';
import { scenarios } from './scenarios/index.ts';
import { soakFor } from './scenarios/soak.ts';

process.exitCode = await main(process.argv.slice(2));

async function main(args: readonly string[]): Promise<number> {
  if (args.includes('--help')) {
    print(`${help}\nscenarios: ${namesOf(scenarios)}; alone: console\nwith --cluster: ${namesOf(clusterScenarios)}`);
    return 0;
  }
  let options: Options;
  let chosen: readonly Scenario[];
  try {
    options = parseOptions(args);
    chosen = options.soakMs === undefined ? choose(options) : [soakFor(options.soakMs)];
  } catch (error) {
    print(`${error instanceof Error ? error.message : String(error)}\n\n${help}`);
    return 2;
  }
  if (process.platform !== 'linux') {
    print('The benchmarks read CPU time and memory from /proc: they need Linux.');
    return 2;
  }
  const missing = options.cluster ? missingEngines() : [];
  if (missing.length > 0) {
    print(`The scenarios of a cluster start its servers themselves, and cannot:\n${missing.join('\n')}`);
    return 2;
  }
  const reports = await runScenarios(chosen, { options, say: print, signal: untilInterrupted() });
  const report = createReport({ rounds: options.rounds, quick: options.quick, scenarios: reports });
  publish(report, options);
  return codeOf(report, options);
}

/** Throws an Error that lists the names there are. */
function choose({ only, cluster }: Options): readonly Scenario[] {
  // It wants Chromium, and is measured by itself.
  if (!cluster && only?.length === 1 && only[0] === consoleScenario.name) return [consoleScenario];
  const all = cluster ? clusterScenarios : scenarios;
  const unknown = only?.find((name) => !all.some((scenario) => scenario.name === name));
  if (unknown !== undefined) {
    throw new Error(`no scenario ${unknown}; there are ${namesOf(all)}`);
  }
  return only === undefined ? all : all.filter(({ name }) => only.includes(name));
}

function namesOf(all: readonly Scenario[]): string {
  return all.map(({ name }) => name).join(', ');
}

/** A run that is stopped ends its servers and removes its folders. */
function untilInterrupted(): AbortSignal {
  const interrupted = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => interrupted.abort());
  return interrupted.signal;
}

function publish(report: Report, { json, write, soakMs, cluster }: Options): void {
  print(`\n${markdownOf(report)}\n`);
  print(`results are in ${writeJson(report, json)}`);
  if (write) writePage(report, sectionOf(report, { soakMs, cluster }));
}

function sectionOf({ scenarios: reports }: Report, { soakMs, cluster }: Pick<Options, 'soakMs' | 'cluster'>): Section {
  if (soakMs !== undefined) return 'soak';
  if (cluster) return 'cluster';
  return reports.some(({ name }) => name === consoleScenario.name) ? 'console' : 'results';
}

function codeOf({ scenarios: reports }: Report, { strict }: Options): number {
  if (reports.some(({ failure }) => failure !== undefined)) return 1;
  return strict && !reports.every(({ reaches }) => reaches.every(isReached)) ? 1 : 0;
}

function print(text: string): void {
  process.stdout.write(`${text}\n`);
}
