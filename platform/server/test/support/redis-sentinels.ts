// A real Redis with a replica, watched by three real sentinels, for the test that starts it. What happens at a
// fail-over is that test's.

import { once } from 'node:events';
import { spawn, type ChildProcess } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { vi } from 'vitest';
import { freePort } from './free-port.ts';
import { startRedis, type RedisServer } from './redis-server.ts';
import { createTemporaryFolder } from './temporary-folder.ts';

/** The name by which sentinels know the master. */
const master = 'belfry';
const sentinelCount = 3;
const quorum = 2;
/** The least with which a machine that is busy does not take a server for dead. */
const downAfterMs = 1500;
/** A sentinel learns of the others within some seconds. */
const patienceMs = 30_000;

export interface RedisSentinels {
  /** As `REDIS_URL` has it. */
  readonly url: string;
  readonly master: RedisServer;
  readonly replica: RedisServer;
  /** The port of the master that the sentinels name. */
  masterPort(): Promise<number>;
  stop(): Promise<void>;
}

/** Resolves when the sentinels know each other and the replica, so that they can name another master. */
export async function startRedisSentinels(): Promise<RedisSentinels> {
  await using opened = new AsyncDisposableStack();
  const folder = opened.adopt(createTemporaryFolder(), (each) => each.remove());
  const first = opened.adopt(await startRedis(), (each) => each.stop());
  const second = opened.adopt(await startRedis(['--replicaof', `127.0.0.1 ${first.port}`]), (each) => each.stop());
  const ports: number[] = [];
  for (let count = 0; count < sentinelCount; count++) {
    const port = await freePort();
    opened.adopt(startSentinel(folder.path, { port, masterPort: first.port }), end);
    ports.push(port);
  }
  const asked = opened.adopt(ports.map(askSentinel), (all) => all.forEach((each) => each.disconnect()));
  await vi.waitFor(async () => {
    for (const each of asked) {
      await each.call('SENTINEL', 'CKQUORUM', master);
      const replicas = (await each.call('SENTINEL', 'REPLICAS', master)) as unknown[];
      const others = (await each.call('SENTINEL', 'SENTINELS', master)) as unknown[];
      if (replicas.length !== 1 || others.length !== sentinelCount - 1) throw new Error('not all are known');
    }
  }, patienceMs);
  const kept = opened.move();
  return {
    url: `redis://${ports.map((port) => `127.0.0.1:${port}`).join(',')}?sentinel=${master}`,
    master: first,
    replica: second,
    async masterPort() {
      const [asks] = asked;
      const answer = (await asks?.call('SENTINEL', 'GET-MASTER-ADDR-BY-NAME', master)) as [string, string];
      return Number(answer[1]);
    },
    stop: () => kept.disposeAsync(),
  };
}

function startSentinel(folder: string, { port, masterPort }: { port: number; masterPort: number }): ChildProcess {
  // Sentinels write into it what they learn.
  const file = join(folder, `sentinel-${port}.conf`);
  writeFileSync(
    file,
    [
      `port ${port}`,
      'bind 127.0.0.1',
      `dir ${folder}`,
      `sentinel monitor ${master} 127.0.0.1 ${masterPort} ${quorum}`,
      `sentinel down-after-milliseconds ${master} ${downAfterMs}`,
      `sentinel failover-timeout ${master} 10000`,
      '',
    ].join('\n'),
  );
  return spawn('redis-server', [file, '--sentinel'], { stdio: 'ignore' });
}

async function end(sentinel: ChildProcess): Promise<void> {
  if (sentinel.exitCode !== null || sentinel.signalCode !== null) return;
  const ended = once(sentinel, 'exit');
  sentinel.kill('SIGTERM');
  await ended;
}

function askSentinel(port: number): Redis {
  const connection = new Redis({ host: '127.0.0.1', port, retryStrategy: () => 100 });
  // It is asked again.
  connection.on('error', () => undefined);
  return connection;
}
