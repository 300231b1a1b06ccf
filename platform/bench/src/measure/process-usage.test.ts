import { spawn } from 'node:child_process';
import { openSync, closeSync } from 'node:fs';
import { expect, test } from 'vitest';
import { cpuMicrosOf, openFilesOf, residentBytesOf } from './process-usage.ts';

const isLinux = process.platform === 'linux';

test.runIf(isLinux)('the CPU time of a process is what it says itself, to the step of the clock', () => {
  const own = (): number => {
    const { user, system } = process.cpuUsage();
    return user + system;
  };
  const before = { own: own(), read: cpuMicrosOf(process.pid) };
  // Work, so that there is something to read.
  while (own() - before.own < 100_000) JSON.parse(JSON.stringify(process.versions));
  const worked = own() - before.own;
  const read = cpuMicrosOf(process.pid) - before.read;
  expect(read).toBeGreaterThanOrEqual(80_000);
  expect(read).toBeLessThanOrEqual(worked + 50_000);
});

test.runIf(isLinux)('memory and open files are those of the process', () => {
  const files = openFilesOf(process.pid);
  const file = openSync(import.meta.filename, 'r');
  expect(openFilesOf(process.pid)).toBe(files + 1);
  closeSync(file);
  expect(residentBytesOf(process.pid)).toBeGreaterThan(10 * 2 ** 20);
});

test.runIf(isLinux)('children that end while they are counted are left out', async () => {
  const shell = spawn('sh', ['-c', 'while :; do true | true; done'], { stdio: 'ignore' });
  try {
    const { pid = 0 } = shell;
    for (let looks = 0; looks < 3000; looks += 1) expect(cpuMicrosOf(pid)).toBeGreaterThanOrEqual(0);
  } finally {
    shell.kill('SIGKILL');
  }
});
