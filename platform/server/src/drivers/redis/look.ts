// A look at a server of Redis, for `belfry doctor`. Changes nothing. Not whether that is good enough:
// cli/checks/redis.ts.

import { once } from 'node:events';
import { Cluster } from 'ioredis';
import { withinLimit } from '../../concurrency/time-limit.ts';
import type { Clock } from '../../ports/clock.ts';
import { connectRedis, type RedisAddress, type RedisConnection } from './connect.ts';
import { endConnection } from './end-connection.ts';

export interface RedisLook {
  version: string;
  mode: 'standalone' | 'sentinel' | 'cluster';
  /** How the address has it reached. */
  reachedAs: 'standalone' | 'sentinel' | 'cluster';
  /** Of a cluster; 1 otherwise. */
  masters: number;
  /** Of what goes when its memory is full. */
  evictionPolicy: string;
  /** 0: as much as the machine has. */
  maxMemoryBytes: number;
  persistence: 'append_only' | 'snapshots' | 'none' | 'unknown';
  roundTripMs: number;
}

const readyLimitMs = 5000;
/** The middle one of these is the round trip. */
const pings = 5;

/** Rejects with the last error of the connection where none answers. */
export async function lookAtRedis(address: RedisAddress, clock: Clock): Promise<RedisLook> {
  const connection = connectRedis(address, 'belfry doctor');
  let lastError: unknown;
  connection.on('error', (error: unknown) => (lastError = error));
  try {
    await withinLimit({ clock, limitMs: readyLimitMs }, (signal) => once(connection, 'ready', { signal })).catch(
      (error: unknown) => {
        throw lastError instanceof Error ? lastError : error;
      },
    );
    const nodes = connection instanceof Cluster ? connection.nodes('master') : [connection];
    const [first = connection] = nodes;
    const info = readInfo(await first.info());
    const mode = info.get('redis_mode');
    return {
      version: info.get('redis_version') ?? 'unknown',
      mode: mode === 'cluster' || mode === 'sentinel' ? mode : 'standalone',
      reachedAs:
        connection instanceof Cluster ? 'cluster' : /[?&]sentinel=/.test(address.url) ? 'sentinel' : 'standalone',
      masters: nodes.length,
      evictionPolicy: info.get('maxmemory_policy') ?? 'unknown',
      maxMemoryBytes: Number(info.get('maxmemory') ?? 0),
      persistence: await persistenceOf(first, info),
      roundTripMs: await roundTripOf(first, clock),
    };
  } finally {
    await endConnection(connection);
  }
}

async function persistenceOf(
  connection: RedisConnection,
  info: ReadonlyMap<string, string>,
): Promise<RedisLook['persistence']> {
  if (info.get('aof_enabled') === '1') return 'append_only';
  try {
    const [, save = ''] = await connection.config('GET', 'save');
    return save === '' ? 'none' : 'snapshots';
  } catch {
    // Hosted ones refuse the question.
    return 'unknown';
  }
}

async function roundTripOf(connection: RedisConnection, clock: Clock): Promise<number> {
  const times: number[] = [];
  for (let done = 0; done < pings; done += 1) {
    const startedAt = clock.monotonic();
    await connection.ping();
    times.push(clock.monotonic() - startedAt);
  }
  return times.toSorted((a, b) => a - b)[Math.floor(pings / 2)] ?? 0;
}

function readInfo(text: string): ReadonlyMap<string, string> {
  return new Map(
    text.split('\r\n').flatMap((line): [string, string][] => {
      const [, name, value] = /^(\w+):(.*)$/.exec(line) ?? [];
      return name === undefined || value === undefined ? [] : [[name, value]];
    }),
  );
}
