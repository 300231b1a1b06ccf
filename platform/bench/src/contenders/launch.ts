// Starts a server as a process of its own, whose output goes to a file, and waits until it says that it
// listens.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ContenderName, RunningServer, StartOptions } from './contender.ts';

const startPatienceMs = 60_000;
const stopPatienceMs = 30_000;
const lookEveryMs = 25;

export async function launch(
  name: ContenderName,
  program: readonly string[],
  { folder, nodeFlags = [], env = {}, group }: StartOptions,
): Promise<RunningServer> {
  const logFile = join(folder, `${name}.log`);
  const output = openSync(logFile, 'a');
  const args = [...nodeFlags, ...program];
  const [command, words] = group?.wrap(process.execPath, args) ?? ([process.execPath, args] as const);
  const child = spawn(command, words, {
    cwd: folder,
    env: { PATH: '/usr/bin:/bin', ...env },
    stdio: ['ignore', output, output],
  });
  closeSync(output);
  const exited = once(child, 'close');
  const { pid } = child;
  if (pid === undefined) throw new Error(`${name} could not be started`);
  try {
    return { name, pid, port: await listening(), logFile, stop };
  } catch (error) {
    child.kill('SIGKILL');
    await exited;
    throw error;
  }

  async function listening(): Promise<number> {
    const deadlineMs = performance.now() + startPatienceMs;
    while (performance.now() < deadlineMs) {
      const port = portIn(readFileSync(logFile, 'utf8'));
      if (port !== undefined) return port;
      if (child.exitCode !== null) break;
      await sleep(lookEveryMs);
    }
    throw new Error(`${name} does not listen:\n${readFileSync(logFile, 'utf8').slice(-2000)}`);
  }

  async function stop(): Promise<void> {
    if (child.exitCode !== null || child.signalCode !== null) {
      throw new Error(`${name} ended by itself:\n${readFileSync(logFile, 'utf8').slice(-2000)}`);
    }
    child.kill('SIGTERM');
    const hung = setTimeout(() => child.kill('SIGKILL'), stopPatienceMs);
    await exited;
    clearTimeout(hung);
  }
}

/** Of the first line that says so; every contender prints it in the form of Belfry's log. */
function portIn(output: string): number | undefined {
  const port = /"msg":"listening","url":"http:\/\/127\.0\.0\.1:(\d+)"/.exec(output)?.[1];
  return port === undefined ? undefined : Number(port);
}
