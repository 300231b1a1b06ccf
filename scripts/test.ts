// `npm test`: runs every test this machine has the parts for and ends with one line of counts. Which part a
// suite needs is in parts.ts. With `--cluster` (`npm run test:cluster`), those of on-cluster.ts on the cluster
// engine.
import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { compileCache } from '../platform/server/test/support/compile-cache.ts';
import { ensureBrowserBuild } from './browser-build.ts';
import { clusterArguments, leftOutOnCluster, suitesOnCluster } from './on-cluster.ts';
import { missingParts } from './parts.ts';
import { failureLines, leftOutTable, namedTable, reasonsToFail, tallyLine, tallyOf, type Report } from './tally.ts';
import { fileVariable } from './unhandled-errors.ts';

const root = dirname(import.meta.dirname);
const onCluster = process.argv[2] === '--cluster';
const given = process.argv.slice(onCluster ? 3 : 2);
const missing = missingParts();
const folder = await mkdtemp(join(tmpdir(), 'belfry-test-'));
const reportFile = join(folder, 'report.json');
const unhandledFile = join(folder, 'unhandled.json');

try {
  // Tests in a browser begin with it; beside all the others it takes longer than a test may begin.
  if (given.length === 0) await ensureBrowserBuild({ withExamples: true });
  const exitCode = await runVitest([
    ...missing.flatMap((part) => part.suites.map((glob) => `--exclude=${glob}`)),
    ...(onCluster ? clusterArguments() : []),
    ...(onCluster && !given.some((word) => !word.startsWith('-')) ? suitesOnCluster : []),
    ...given,
  ]);
  const report = await read<Report>(reportFile);
  const unhandled = (await read<string[]>(unhandledFile)) ?? [];
  const tally = report ? tallyOf(report) : { passed: 0, failed: 0, skipped: 0 };
  const leftOut = onCluster ? leftOutOnCluster.filter(({ test }) => test !== undefined).length : 0;
  const reasons = reasonsToFail({ tally, exitCode, missing, leftOut, ci: process.env['CI'] === 'true' });
  if (onCluster && missing.some(({ isOfCluster }) => isOfCluster === true)) reasons.push('a cluster needs them all');
  if (!report) reasons.unshift('the test runner ended without a report');

  for (const line of leftOutTable(missing)) console.log(line);
  if (onCluster) for (const line of namedTable(leftOutOnCluster)) console.log(line);
  if (missing.length > 0 || onCluster) console.log('');
  if (report) for (const line of failureLines(report, unhandled, root)) console.log(line);
  for (const reason of reasons) console.log(`not a success: ${reason}`);
  console.log(tallyLine(tally));
  process.exitCode = reasons.length > 0 ? 1 : 0;
} finally {
  await rm(folder, { recursive: true, force: true });
}

function runVitest(args: readonly string[]): Promise<number> {
  const reporters = ['default', 'json', './scripts/unhandled-errors.ts'].map((name) => `--reporter=${name}`);
  const vitest = fileURLToPath(new URL('./vitest.mjs', import.meta.resolve('vitest/package.json')));
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [vitest, 'run', ...reporters, `--outputFile.json=${reportFile}`, ...args], {
      cwd: root,
      stdio: 'inherit',
      env: {
        ...process.env,
        ...compileCache,
        [fileVariable]: unhandledFile,
        ...(onCluster ? { TEST_ENGINE: 'cluster' } : {}),
      },
    });
    child.once('error', reject);
    child.once('exit', (code) => {
      resolve(code ?? 1);
    });
  });
}

/** Our own child wrote it a moment ago, in the shape of the vitest release that package-lock.json names. */
async function read<T>(file: string): Promise<T | undefined> {
  try {
    return JSON.parse(await readFile(file, 'utf8')) as T;
  } catch {
    return undefined;
  }
}
