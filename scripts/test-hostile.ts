// `npm run test:hostile`: the tables of bad input alone; with `-- --repeat` each cheap row a thousand times, and the memory looked at. The rows are in platform/server/test/hostile.
import { spawn } from 'node:child_process';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';

/** A thousand times a row takes longer than a test may otherwise. */
const longRowMs = 600_000;

const [repeats, rest] = [
  process.argv.includes('--repeat'),
  process.argv.slice(2).filter((word) => word !== '--repeat'),
];
const vitest = fileURLToPath(new URL('./vitest.mjs', import.meta.resolve('vitest/package.json')));
const limits = repeats ? [`--testTimeout=${longRowMs}`, `--hookTimeout=${longRowMs}`] : [];
const child = spawn(process.execPath, [vitest, 'run', 'platform/server/test/hostile', ...limits, ...rest], {
  cwd: dirname(import.meta.dirname),
  env: { ...process.env, ...(repeats ? { HOSTILE_REPEAT: 'yes' } : {}) },
  stdio: 'inherit',
});
child.once('exit', (code) => {
  process.exitCode = code ?? 1;
});
