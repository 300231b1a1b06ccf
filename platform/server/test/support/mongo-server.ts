// A real server of MongoDB's protocol on a free loopback port, for the test that starts it: the one that
// MONGODB_URL names, or SecantusDB's, which is built once from crates.io. No part of the product.
// `npm run test:mongodb` builds it.

import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, realpathSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { freePort } from './free-port.ts';

/** Pinned: the drivers were tried on this one. */
const version = '0.5.3-beta.196';
const home = join(homedir(), '.cache', 'belfry', `secantus-mdb-${version}`);
const program = join(home, 'bin', 'secantusd-rs');

export interface MongoServer {
  readonly url: string;
  /** Undefined of one that MONGODB_URL names. */
  readonly pid: number | undefined;
  /** Ends it as kill -9 does. Not of one that MONGODB_URL names. */
  kill(): Promise<void>;
  /** On the same port, with what it has stored. */
  restart(): Promise<void>;
  stop(): Promise<void>;
}

/** Whether `startMongo` can start one without building it. */
export function hasMongo(): boolean {
  return process.env['MONGODB_URL'] !== undefined || existsSync(program);
}

/** Some five minutes on two cores, once. */
export function installMongo(): void {
  if (hasMongo()) return;
  const env = {
    ...process.env,
    // Half-optimised: builds sooner, and is fast enough for tests.
    CARGO_PROFILE_RELEASE_OPT_LEVEL: '1',
    CARGO_PROFILE_RELEASE_CODEGEN_UNITS: '16',
    CARGO_PROFILE_RELEASE_DEBUG: '0',
  };
  // The crate names a newer Rust than it needs.
  const args = [
    'install',
    'secantus-mdb',
    '--version',
    `=${version}`,
    '--locked',
    '--ignore-rust-version',
    '--root',
    home,
  ];
  const { status } = spawnSync('cargo', args, { env, stdio: 'inherit' });
  if (status !== 0) throw new Error(`cargo install secantus-mdb ended with ${String(status)}`);
}

/** Each caller uses a database of its own name, so that one server serves many. */
export async function startMongo(): Promise<MongoServer> {
  const given = process.env['MONGODB_URL'];
  if (given !== undefined) return { url: given, pid: undefined, kill: refuse, restart: refuse, stop: async () => {} };
  const folder = await mkdtemp(join(tmpdir(), 'belfry-mongo-'));
  // It starts again on the same one.
  const port = await freePort();
  let child = await launch(folder, port);

  async function end(signal: NodeJS.Signals): Promise<void> {
    if (child.exitCode !== null || child.signalCode !== null) return;
    const ended = once(child, 'exit');
    child.kill(signal);
    await ended;
  }

  return {
    url: `mongodb://127.0.0.1:${port}/?replicaSet=secantus`,
    get pid() {
      return child.pid;
    },
    kill: () => end('SIGKILL'),
    async restart() {
      await end('SIGTERM');
      child = await launch(folder, port);
    },
    async stop() {
      await end('SIGTERM');
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function launch(folder: string, port: number): Promise<ChildProcess> {
  // Without --sync-on-commit it acknowledges `j: true` before the log is on disk.
  const args = ['--host', '127.0.0.1', '--port', String(port), '--storage-path', join(folder, 'data')];
  const child = spawn(program, [...args, '--cache-size', '256M', '--log-file-max', '32MB', '--sync-on-commit'], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  await new Promise<void>((resolve, reject) => {
    let printed = '';
    const read = (chunk: Buffer): void => {
      if (printed.length > 100_000) return;
      printed += chunk.toString();
      if (printed.includes(`listening on 127.0.0.1:${port}`)) resolve();
    };
    child.once('error', reject);
    child.once('exit', (code) => reject(new Error(`the server ended with ${String(code)}: ${printed}`)));
    child.stdout.on('data', read);
    child.stderr.on('data', read);
  });
  return child;
}

async function refuse(): Promise<void> {
  throw new Error('the server that MONGODB_URL names is not ours to end');
}

if (process.argv[1] !== undefined && realpathSync(process.argv[1]) === fileURLToPath(import.meta.url)) installMongo();
