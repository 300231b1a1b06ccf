// The server as a process of its own on one port and one folder: started, killed, drained, started again. Its
// users are elsewhere.

import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { compileCache } from '../support/compile-cache.ts';
import { freePort } from '../support/free-port.ts';
import { createTemporaryFolder } from '../support/temporary-folder.ts';
import type { Notebook } from './notebook.ts';
import { provisionText, pushTimeoutMs } from './setting.ts';

export interface InstallationOptions {
  notebook: Notebook;
  providerUrl: string;
  /** The program, with its arguments; the server itself when left out. */
  program?: readonly string[];
  plugin?: string;
  env?: Record<string, string>;
}

export interface Installation {
  readonly url: string;
  /** `laterMs`: so far ahead is its wall clock, as if it had been away so long. */
  start(options?: { laterMs?: number }): Promise<void>;
  /** kill -9; resolves when it is gone. */
  kill(): Promise<void>;
  /** SIGTERM; resolves when it is gone. */
  drain(): Promise<void>;
  /** Starts it and kills it before it may listen. */
  killWhileStarting(afterMs: number): Promise<void>;
  remove(): Promise<void>;
}

const main = join(import.meta.dirname, '../../src/cli/main.ts');
const skewedClock = pathToFileURL(join(import.meta.dirname, '../cluster/skewed-clock.ts'));
/** A drain that is not over by then has hung. */
const drainPatienceMs = 30_000;

export async function createInstallation(options: InstallationOptions): Promise<Installation> {
  const { notebook, providerUrl, program = [main, 'start'], plugin } = options;
  const folder = createTemporaryFolder();
  const provision = join(folder.path, 'provision.yaml');
  writeFileSync(provision, provisionText({ providerUrl, ...(plugin === undefined ? {} : { plugin }) }));
  const port = await freePort();
  let running: Running | undefined;

  function launch(laterMs = 0): Running {
    const child = spawn(process.execPath, program, {
      cwd: folder.path,
      env: {
        ...compileCache,
        ...{
          PATH: '/usr/bin:/bin',
          PORT: String(port),
          DATA_DIR: join(folder.path, 'data'),
          PROVISION_FILE: provision,
        },
        ...{ LOG_FORMAT: 'json', OUTBOUND_ALLOW: '127.0.0.0/8', LIMIT_PUSH_TIMEOUT_MS: String(pushTimeoutMs) },
        ...(laterMs > 0 && { NODE_OPTIONS: `--import=${skewedClock.href}?ms=${laterMs}` }),
        ...options.env,
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    return follow(child, (what) => notebook.record({ type: 'odd', what }));
  }

  async function end(how: 'kill' | 'drain'): Promise<void> {
    const ending = running;
    if (ending === undefined) throw new Error('the server is not running');
    running = undefined;
    notebook.record({ type: 'stopping', how });
    ending.kill(how === 'kill' ? 'SIGKILL' : 'SIGTERM');
    const hung = setTimeout(() => ending.kill('SIGKILL'), drainPatienceMs);
    const code = await ending.exited;
    clearTimeout(hung);
    notebook.record({ type: 'stopped', how, code });
  }

  return {
    url: `http://127.0.0.1:${port}`,
    async start({ laterMs } = {}) {
      running = launch(laterMs);
      await running.listening;
      notebook.record({ type: 'started' });
    },
    kill: () => end('kill'),
    drain: () => end('drain'),
    async killWhileStarting(afterMs) {
      const starting = launch();
      await Promise.race([sleep(afterMs), starting.exited]);
      starting.kill('SIGKILL');
      await starting.exited;
      await starting.listening.catch(() => undefined);
    },
    async remove() {
      running?.kill('SIGKILL');
      await running?.exited;
      folder.remove();
    },
  };
}

interface Running {
  /** Rejects when it ends instead. */
  listening: Promise<void>;
  /** The exit code; null when a signal ended it. */
  exited: Promise<number | null>;
  kill(signal: NodeJS.Signals): void;
}

function follow(child: ChildProcess, odd: (what: string) => void): Running {
  const { promise, resolve, reject } = Promise.withResolvers<undefined>();
  const errors: string[] = [];
  if (child.stdout !== null) {
    createInterface(child.stdout).on('line', (line) => {
      const { level, msg, err } = JSON.parse(line) as { level: string; msg: string; err?: unknown };
      if (msg === 'listening') resolve(undefined);
      if (level === 'error') odd(`the server logged an error: ${msg} ${JSON.stringify(err)}`);
    });
  }
  child.stderr?.on('data', (text: Buffer) => errors.push(text.toString('utf8')));
  const exited = once(child, 'close').then(([code]): number | null => (typeof code === 'number' ? code : null));
  void exited.then((code) => reject(new Error(`the server ended with ${code ?? 'a signal'}: ${errors.join('')}`)));
  // A caller that does not wait for it has killed it.
  promise.catch(() => undefined);
  return { listening: promise, exited, kill: (signal) => void child.kill(signal) };
}
