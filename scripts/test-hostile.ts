// `npm run test:hostile [-- FILE ...]`: the tables of bad input alone (platform/server/test/hostile); with
// `--repeat` each row many times, and memory is measured.
import { spawn } from 'node:child_process';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';

/** A thousand times a row takes longer than a test may otherwise. */
const longRowMs = 600_000;

const table = 'platform/server/test/hostile';
const [options, words] = [
  process.argv.slice(2).filter((word) => word.startsWith('-') && word !== '--repeat'),
  process.argv.slice(2).filter((word) => !word.startsWith('-')),
];
const repeats = process.argv.includes('--repeat');
const vitest = fileURLToPath(new URL('./vitest.mjs', import.meta.resolve('vitest/package.json')));
const files = words.length === 0 ? [table] : words.map((word) => `${table}/${word}`);
// One file after the other, in a process of its own: the memory of each is measured, and alone each is fast enough.
const limits = repeats
  ? [
      `--testTimeout=${longRowMs}`,
      `--hookTimeout=${longRowMs}`,
      '--no-file-parallelism',
      '--isolate',
      '--reporter=verbose',
    ]
  : [];
const child = spawn(process.execPath, [vitest, 'run', ...files, ...limits, ...options], {
  cwd: dirname(import.meta.dirname),
  env: { ...process.env, ...(repeats ? { HOSTILE_REPEAT: 'yes' } : {}) },
  stdio: 'inherit',
});
child.once('exit', (code) => {
  process.exitCode = code ?? 1;
});
