// Belfry as a process of its own, on the embedded engine: started, drained, or killed. Its provision file:
// provisioning.ts.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

export interface BelfryProcess {
  readonly url: string;
  /** Drains and ends; resolves when it has. */
  stop(): Promise<void>;
  /** As a power cut. */
  kill(): Promise<void>;
  /** Resolves when it has ended, for any reason: the exit code, or null after a signal. */
  readonly ended: Promise<number | null>;
}

export interface BelfryOptions {
  /** 0 takes a free one. */
  port: number;
  dataFolder: string;
  provisionFile: string;
  env?: Record<string, string>;
  onLine?: (line: BelfryLine) => void;
}

/** A line of its log. */
export interface BelfryLine {
  level: string;
  msg: string;
  [field: string]: unknown;
}

const main = join(import.meta.dirname, '../../../platform/server/src/cli/main.ts');
const endWithParent = join(import.meta.dirname, 'end-with-parent.ts');

/** Open pages are told to reconnect later; they do not need the half minute that a cluster gives them. */
const drainMs = 2000;

/** Resolves when it listens; rejects with its output when it ends instead. */
export async function startBelfry(options: BelfryOptions): Promise<BelfryProcess> {
  const child = spawn(process.execPath, ['--import', endWithParent, main, 'start'], {
    env: {
      ...process.env,
      PORT: String(options.port),
      DATA_DIR: options.dataFolder,
      PROVISION_FILE: options.provisionFile,
      LOG_FORMAT: 'json',
      LIMIT_DRAIN_MS: String(drainMs),
      ...options.env,
    },
    // The channel says nothing; it closes when this process ends, however it does.
    stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
    // A Ctrl-C on the terminal reaches this process alone, which then signals Belfry once: a second signal
    // would cut the drain short.
    detached: true,
  });
  const said: string[] = [];
  const { stdout } = child;
  if (stdout === null) throw new Error('its output is a pipe');
  // Waits for Belfry where somebody asks for that, and keeps nobody up.
  child.channel?.unref();
  const ended = once(child, 'close').then(([code]) => (typeof code === 'number' ? code : null));
  const listening = new Promise<string>((resolve) => {
    createInterface(stdout).on('line', (text) => {
      const line = readLine(text);
      if (line.level !== 'info' && line.level !== 'debug') said.push(text);
      if (line.msg === 'listening') resolve(String(line['url']));
      options.onLine?.(line);
    });
  });
  const url = await Promise.race([
    listening,
    ended.then((code) => Promise.reject(new Error(`Belfry ended with ${String(code)}\n${said.join('\n')}`))),
  ]);

  async function end(signal: NodeJS.Signals): Promise<void> {
    child.kill(signal);
    await ended;
  }
  return { url, ended, stop: () => end('SIGTERM'), kill: () => end('SIGKILL') };
}

function readLine(text: string): BelfryLine {
  try {
    return JSON.parse(text) as BelfryLine;
  } catch {
    return { level: 'error', msg: text };
  }
}
