// `npm run test:install`: installs what is committed as docs/operations.md says, in a clone of its own, and
// proves that npm warns of nothing, that what is left is small, and that it serves SDK and playground. Takes
// minutes and asks the package registry, so it is no part of `npm test`.
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { text } from 'node:stream/consumers';

const root = dirname(import.meta.dirname);
const folder = mkdtempSync(join(tmpdir(), 'belfry-install-'));
const clone = join(folder, 'belfry');
const mostBytes = 150 * 1024 * 1024;

// Without the Node of this repository in front: a user's npm runs on the system's.
const userPath = (process.env['PATH'] ?? '')
  .split(delimiter)
  .filter((part) => !part.includes('node_modules'))
  .join(delimiter);
// Nor the settings of the npm that runs this, which would hide those of the clone.
const userEnvironment = {
  ...Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('npm_'))),
  PATH: userPath,
};

try {
  execFileSync('git', ['clone', '--quiet', '--local', root, clone]);
  const said = npm('install');
  check('npm install warns of nothing', !/warn|EBADENGINE/i.test(said), said);
  const built = npm('run', 'build');
  check('a build gives no verdict on sizes', !built.includes('TOO LARGE'), built);
  npm('prune', '--omit=dev', '--omit=optional');
  const bytes = Number(/^\d+/.exec(execFileSync('du', ['-sb', '--exclude=.git', clone]).toString())?.[0]);
  check(`what is left has ${Math.round(bytes / 1024 / 1024)} MiB`, bytes < mostBytes, `more than ${mostBytes} bytes`);
  await checkServer();
} finally {
  rmSync(folder, { recursive: true, force: true });
}

/** Both outputs, as a user sees them. */
function npm(...args: readonly string[]): string {
  return execFileSync('sh', ['-c', 'npm "$@" 2>&1', 'npm', ...args], {
    cwd: clone,
    env: userEnvironment,
  }).toString();
}

/** On the Node that runs this: the one that came along was pruned away. */
async function checkServer(): Promise<void> {
  const child = spawn(process.execPath, ['scripts/start.ts', 'start'], {
    cwd: clone,
    env: { PATH: userPath, PORT: '0', DATA_DIR: join(folder, 'data'), LOG_FORMAT: 'json' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const ended = once(child, 'close');
  const complaints = text(child.stderr);
  try {
    const signal = AbortSignal.timeout(60_000);
    const line = String((await once(createInterface(child.stdout), 'line', { signal }))[0]);
    const { url, level } = JSON.parse(line) as { url: string; level: string };
    check('the first line of the log is no warning', level === 'info', line);
    for (const path of ['/console/', '/playground/', '/sdk/belfry.global.js', '/docs/', '/readyz']) {
      const { status } = await fetch(url + path);
      check(`${path} answers 200`, status === 200, String(status));
    }
  } finally {
    child.kill('SIGTERM');
  }
  await ended;
  check('it ends with 0 when it is told to', child.exitCode === 0, String(child.exitCode));
  check('it complains of nothing', (await complaints) === '', await complaints);
}

function check(what: string, isTrue: boolean, otherwise: string): void {
  console.log(`${isTrue ? 'ok    ' : 'FAILED'}  ${what}`);
  if (isTrue) return;
  console.log(otherwise);
  process.exitCode = 1;
}
