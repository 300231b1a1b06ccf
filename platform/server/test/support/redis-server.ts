// A real Redis on a free loopback port, for the test that starts it. Not where the tests are left out when there
// is none: that is scripts/parts.ts.

import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { freePort } from './free-port.ts';
import { createTemporaryFolder } from './temporary-folder.ts';

export interface RedisServer {
  readonly url: string;
  readonly port: number;
  /** Where a server with `--cluster-enabled` listens to the others of its cluster. */
  readonly busPort: number;
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
  // Left out it is the other port plus 10,000, which may be taken, or none.
  const busPort = await freePort();
  let child = await launch();

  async function launch(): Promise<ChildProcess> {
    const fixed = ['--port', String(port), '--bind', '127.0.0.1', '--dir', folder.path, '--save', ''];
    // Servers before Redis 7.0 do not know this option.
    const bus = options.includes('--cluster-enabled') ? ['--cluster-port', String(busPort)] : [];
    const started = spawn('redis-server', [...fixed, ...bus, ...options], { stdio: ['ignore', 'pipe', 'ignore'] });
    await new Promise<void>((resolve, reject) => {
      let printed = '';
      started.once('error', reject);
      started.once('exit', (code) =>
        reject(new Error(`redis-server ended with ${String(code)}: ${printed.slice(-300)}`)),
      );
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
    busPort,
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
