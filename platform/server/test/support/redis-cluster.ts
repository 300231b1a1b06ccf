// A Redis Cluster of three masters without replicas, on free loopback ports, for the test that starts it.

import { setTimeout as delay } from 'node:timers/promises';
import type { RedisConnection } from '../../src/drivers/redis/connect.ts';
import { endConnection } from '../../src/drivers/redis/end-connection.ts';
import { openRedis } from './open-redis.ts';
import { startRedis, type RedisServer } from './redis-server.ts';

export interface RedisClusterServers {
  readonly url: string;
  readonly masters: readonly RedisServer[];
  stop(): Promise<void>;
}

const slotCount = 16_384;
const masterCount = 3;
/**
 * A master that is silent for so long is taken for away. One on a busy machine is late without being away.
 */
const nodeTimeoutMs = 3000;
/**
 * Masters that have not met by then meet anew: a meeting that takes longer than `nodeTimeoutMs` is forgotten.
 */
const meetAgainMs = 4000;
const lookEveryMs = 20;

export async function startRedisCluster(): Promise<RedisClusterServers> {
  const masters = await Promise.all(
    Array.from({ length: masterCount }, () =>
      startRedis([
        ...['--cluster-enabled', 'yes'],
        // The slots of a master that is away are missed, and the others go on.
        ...['--cluster-require-full-coverage', 'no', '--cluster-node-timeout', String(nodeTimeoutMs)],
      ]),
    ),
  );
  const stop = async (): Promise<void> => {
    for (const each of masters) await each.stop();
  };
  try {
    await join(masters);
  } catch (error) {
    await stop();
    throw error;
  }
  return {
    url: `redis://${masters.map(({ port }) => `127.0.0.1:${port}`).join(',')}?cluster=true`,
    masters,
    stop,
  };
}

/** Gives each master its slots, and makes them one cluster. */
async function join(masters: readonly RedisServer[]): Promise<void> {
  for (const [index, { url }] of masters.entries()) {
    const admin = await openRedis(url, 'admin');
    const from = Math.ceil((index * slotCount) / masterCount);
    const to = Math.ceil(((index + 1) * slotCount) / masterCount) - 1;
    await admin.call('CLUSTER', 'ADDSLOTSRANGE', from, to);
    await admin.call('CLUSTER', 'SET-CONFIG-EPOCH', index + 1);
    await endConnection(admin);
  }
  // Not before all have their epochs: who knows another node cannot be given one.
  for (const { url } of masters) await meetOthers(url, masters);
}

/** Resolves when this one knows all of them, and all slots. */
async function meetOthers(url: string, masters: readonly RedisServer[]): Promise<void> {
  const admin = await openRedis(url, 'admin');
  for (let waitedMs = 0; !(await isComplete(admin)); waitedMs += lookEveryMs) {
    if (waitedMs % meetAgainMs === 0) {
      for (const { port, busPort } of masters) await admin.call('CLUSTER', 'MEET', '127.0.0.1', port, busPort);
    }
    await delay(lookEveryMs);
  }
  await endConnection(admin);
}

async function isComplete(admin: RedisConnection): Promise<boolean> {
  const info = String(await admin.call('CLUSTER', 'INFO'));
  return ['cluster_state:ok', `cluster_slots_ok:${slotCount}`, `cluster_size:${masterCount}`].every((line) =>
    info.includes(line),
  );
}
