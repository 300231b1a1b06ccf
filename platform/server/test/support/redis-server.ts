// A real Redis on a free loopback port, for the test that starts it. Not where the tests are left out when there
// is none: that is scripts/parts.ts.

import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { freePort } from './free-port.ts';
import { createTemporaryFolder } from './temporary-folder.ts';

export interface RedisServer {
  readonly url: string;
  readonly port: number;
  readonly pid: number;
  /** Ends it as kill -9 does. */
  kill(): Promise<void>;
  /** On the same port. Nothing was kept unless `save` asked for it. */
  restart(): Promise<void>;
  stop(): Promise<void>;
}

/** `options` go to redis-server as they are, e.g. `['--appendonly', 'yes']`. */
export async function startRedis(options: readonly string[] = []): Promise<RedisServer> {
  const folder = createTemporaryFolder();
  // Port 0 means to redis-server that it does not listen.
  const port = await freePort();
  let child = await launch();

  async function launch(): Promise<ChildProcess> {
    const fixed = ['--port', String(port), '--bind', '127.0.0.1', '--dir', folder.path, '--save', ''];
    const started = spawn('redis-server', [...fixed, ...options], { stdio: ['ignore', 'pipe', 'ignore'] });
    await new Promise<void>((resolve, reject) => {
      let printed = '';
      started.once('error', reject);
      started.once('exit', (code) => reject(new Error(`redis-server ended with ${String(code)}: ${printed}`)));
      started.stdout.on('data', (chunk: Buffer) => {
        printed += chunk.toString();
        if (printed.includes('Ready to accept connections')) resolve();
      });
    });
    return started;
  }

  async function end(signal: NodeJS.Signals): Promise<void> {
    if (child.exitCode !== null || child.signalCode !== null) return;
    const ended = once(child, 'exit');
    child.kill(signal);
    await ended;
  }

  return {
    url: `redis://127.0.0.1:${port}`,
    port,
    get pid() {
      return child.pid ?? 0;
    },
    kill: () => end('SIGKILL'),
    async restart() {
      await end('SIGTERM');
      child = await launch();
    },
    async stop() {
      await end('SIGTERM');
      folder.remove();
    },
  };
}
