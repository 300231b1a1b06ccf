// Proves that `npm start` runs on the Node that the command asks for, and drains when its whole group is told
// to stop.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { expect, onTestFinished, test } from 'vitest';

const root = join(import.meta.dirname, '..');

test('npm start and npm run dev have the flags of the command `belfry`', () => {
  const [firstLine = ''] = readFileSync(join(root, 'platform/server/src/cli/belfry.mjs'), 'utf8').split('\n', 1);
  const [, flags] = /^#!\/usr\/bin\/env -S node (--\S.*)$/.exec(firstLine) ?? [];
  const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
    scripts: Record<string, string>;
  };
  expect(flags).toBeDefined();
  expect(scripts['start']).toContain(`exec node ${flags} --import`);
  expect(readFileSync(join(root, 'scripts/dev.ts'), 'utf8')).toContain(`'${flags}',`);
});

async function openSocket(listening: string): Promise<void> {
  const { url } = JSON.parse(listening) as { url: string };
  const socket = new WebSocket(`${url.replace('http', 'ws')}/ws?app=demo`, 'belfry.v1');
  await once(socket, 'open');
}

// As systemd, a shell and a terminal do it: npm gets the signal too, and hands it on to the server, which
// then has two.
test.each(['SIGTERM', 'SIGINT'] as const)(
  'npm start drains and ends with 0 when its group gets %s',
  async (signal) => {
    const folder = mkdtempSync(join(tmpdir(), 'belfry-'));
    const child = spawn('npm', ['start'], {
      cwd: root,
      env: { ...process.env, PORT: '0', DATA_DIR: folder, LOG_FORMAT: 'json' },
      stdio: ['ignore', 'pipe', 'ignore'],
      detached: true,
    });
    onTestFinished(() => {
      if (child.exitCode === null && child.pid !== undefined) process.kill(-child.pid, 'SIGKILL');
      rmSync(folder, { recursive: true, force: true });
    });
    const ended = once(child, 'close');
    const lines: string[] = [];
    for await (const line of createInterface(child.stdout)) {
      lines.push(line);
      if (!line.includes('"msg":"listening"')) continue;
      // Without anybody to send away the drain would be over before the second signal.
      await openSocket(line);
      process.kill(-(child.pid ?? 0), signal);
    }
    expect([await ended, lines.filter((line) => line.includes('"phase":"done"')).length]).toEqual([[0, null], 1]);
  },
  120_000,
);
