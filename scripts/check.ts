// `npm run check`: everything that checks the code without running it. Tests are `npm test`.
import { glob, readFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { dirname, join } from 'node:path';
import { checkCommitSubjects } from './commit-subjects.ts';
import { checkComposeFiles } from './compose-files.ts';
import { sourceFindings } from './source-rules.ts';
import { runNode, runSteps, type Step, type StepOutcome } from './steps.ts';

const root = dirname(import.meta.dirname);

// Longest first, so that the short ones fill the gaps.
const steps: readonly Step[] = [
  program('lint', ['eslint', '.', '--max-warnings=0'], ['--max-old-space-size=8192']),
  types('types', '.'),
  types('types of client', 'platform/client'),
  types('types of worker', 'platform/client/src/service-worker'),
  types('types of clinic', 'examples/clinic'),
  program('types of playground', ['svelte-check', '--workspace', 'platform/playground', '--fail-on-warnings']),
  program('types of console', ['svelte-check', '--workspace', 'console', '--fail-on-warnings']),
  program('import rules', [
    'depcruise',
    '--config=.dependency-cruiser.mjs',
    '--output-type=err-long',
    ...['platform', 'plugins', 'scripts', 'examples', 'console'],
  ]),
  program('format', [
    'prettier',
    '--check',
    '.',
    '--log-level=warn',
    '--cache',
    '--cache-strategy=content',
    '--cache-location=node_modules/.cache/belfry/format',
  ]),
  program('unused code', ['knip', '--no-progress', '--treat-config-hints-as-errors']),
  { name: 'generated docs', run: () => runNode([join(root, 'scripts/generate-docs.ts'), '--check'], { cwd: root }) },
  { name: 'source rules', run: checkSources },
  { name: 'compose files', run: () => checkComposeFiles(root) },
  { name: 'commit subjects', run: () => checkCommitSubjects(root) },
];

// Its texts and the types of its routes are written by a program of its own.
const prepared = await runNode([join(root, 'console/prepare.ts')], { cwd: root });
if (!prepared.ok) console.log(prepared.output);

const results = await runSteps(steps, {
  atOnce: availableParallelism(),
  onEnd: ({ name, ok, tookMs, warnings }) => {
    console.log(`${ok ? 'ok    ' : 'FAILED'}  ${name.padEnd(19)}  ${(tookMs / 1000).toFixed(1)} s`);
    if (warnings) console.log(warnings);
  },
});

const failed = results.filter(({ ok }) => !ok);
for (const { name, output } of failed) console.log(`\n--- ${name} ---\n${output.trimEnd()}`);
console.log(failed.length === 0 ? '\nall checks passed' : `\nfailed: ${failed.map(({ name }) => name).join(', ')}`);
process.exitCode = failed.length === 0 ? 0 : 1;

/** `nodeFlags` are of the Node that runs it. */
function program(name: string, [command = '', ...args]: readonly string[], nodeFlags: readonly string[] = []): Step {
  const file = join(root, 'node_modules/.bin', command);
  return { name, run: () => runNode([...nodeFlags, file, ...args], { cwd: root }) };
}

/** One project per set of globals: Node, a page, a service worker. */
function types(name: string, project: string): Step {
  const cache = `node_modules/.cache/belfry/${project.replaceAll('/', '-')}.tsbuildinfo`;
  return program(name, ['tsc', '-p', project, '--incremental', '--tsBuildInfoFile', cache]);
}

async function checkSources(): Promise<StepOutcome> {
  const paths = await Array.fromAsync(
    glob(['{platform,plugins,scripts,examples,console}/**/*.{ts,tsx,mjs,js,svelte}', '{.*,*}.{mjs,js,ts}'], {
      cwd: root,
      // Generated types are as long as the API.
      exclude: (name) => /(?:^|\/)(?:node_modules|dist|\.svelte-kit|\.texts|schema\.d\.ts)$/.test(name),
    }),
  );
  const findings = await Promise.all(
    paths.sort().map(async (path) => sourceFindings({ path, text: await readFile(join(root, path), 'utf8') })),
  );
  const lines = (wanted: 'error' | 'warning'): string =>
    findings
      .flat()
      .filter(({ severity }) => severity === wanted)
      .map(({ path, message }) => `${path}: ${message}`)
      .join('\n');
  return { ok: lines('error') === '', output: lines('error'), warnings: lines('warning') };
}
