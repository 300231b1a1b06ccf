// The server as a process of its own, as an operator runs it: signals, exit codes, kills. For everything else
// a server in the test's process is faster.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { text } from 'node:stream/consumers';
import { createApiClient, type ApiClient } from './api-client.ts';
import { compileCache } from './compile-cache.ts';
import type { LogLine } from './whole-server.ts';

const main = join(import.meta.dirname, '../../src/cli/main.ts');

export interface ServerProcess extends ApiClient {
  /** From the line `listening`. */
  readonly url: string;
  readonly lines: readonly LogLine[];
  readonly pid: number;
  kill(signal: NodeJS.Signals): void;
  /** The exit code; null when a signal ended it. */
  readonly exited: Promise<number | null>;
}

export interface Ended {
  code: number | null;
  lines: readonly LogLine[];
  err: string;
}

interface ProcessOptions {
  /** Its working folder. */
  folder: string;
  env: Record<string, string>;
  /** What Node is given; this tree's own `belfry start` when left out. */
  args?: readonly string[] | undefined;
  onLine?: (line: LogLine) => void;
}

/** Resolves when it listens; rejects when it ends instead. */
export async function startServerProcess(options: ProcessOptions): Promise<ServerProcess> {
  const { lines, pid, ended, kill, listening } = run(options);
  const url = await Promise.race([
    listening,
    ended.then(({ code, err }) => Promise.reject(new Error(`ended with ${String(code)}: ${err}`))),
  ]);
  return { ...createApiClient(() => url), url, lines, pid, kill, exited: ended.then(({ code }) => code) };
}

/** A command that ends by itself, and prints texts for people. */
export async function runCommand({ folder, env, args = [] }: ProcessOptions): Promise<{
  code: number | null;
  out: string;
  err: string;
}> {
  const child = spawn(process.execPath, args, {
    cwd: folder,
    env: { ...compileCache, PATH: '/usr/bin:/bin', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const [[code], out, err] = await Promise.all([once(child, 'close'), text(child.stdout), text(child.stderr)]);
  return { code: typeof code === 'number' ? code : null, out, err };
}

/** For one that is not to come up; it is killed if it does. */
export async function runServerProcess(options: ProcessOptions): Promise<Ended> {
  const { ended, kill, listening } = run(options);
  void listening.then(() => kill('SIGKILL'));
  return await ended;
}

function run({ folder, env, args = [main, 'start'], onLine }: ProcessOptions) {
  const child = spawn(process.execPath, args, {
    cwd: folder,
    // A machine that is busy with other tests is slow without having too many clients.
    env: {
      ...{ ...compileCache, PATH: '/usr/bin:/bin', PORT: '0', LOG_FORMAT: 'json' },
      ...{ LIMIT_EVENT_LOOP_DELAY_MS: '0', ...env },
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const lines: LogLine[] = [];
  const listening = new Promise<string>((resolve) => {
    createInterface(child.stdout).on('line', (written) => {
      const line = JSON.parse(written) as LogLine;
      lines.push(line);
      onLine?.(line);
      if (line.msg === 'listening') resolve(String(line['url']));
    });
  });
  const ended = Promise.all([once(child, 'close'), text(child.stderr)]).then(([[code], err]): Ended => {
    // Of `close`: the code, or null when a signal ended it.
    return { code: typeof code === 'number' ? code : null, lines, err };
  });
  return { lines, pid: child.pid ?? 0, listening, ended, kill: (signal: NodeJS.Signals) => void child.kill(signal) };
}
