// Presence, rates and leases keep their contracts on a Redis Cluster of three masters: every script names
// keys of one slot, and what spans slots is asked of each.

import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, expect, onTestFinished, test, vi } from 'vitest';
import { leasesContract } from '../../../../test/contracts/leases.contract.ts';
import { presenceContract } from '../../../../test/contracts/presence.contract.ts';
import { ratesContract } from '../../../../test/contracts/rates.contract.ts';
import { openRedis } from '../../../../test/support/open-redis.ts';
import { startRedisCluster, type RedisClusterServers } from '../../../../test/support/redis-cluster.ts';
import type { Clock } from '../../../ports/clock.ts';
import { silentLog } from '../../../ports/log.ts';
import { createSystemClock } from '../../clock.ts';
import { RedisLeases } from '../../leases/redis/redis-leases.ts';
import { RedisRates } from '../../rates/redis/redis-rates.ts';
import type { RedisConnection } from '../../redis/connect.ts';
import { endConnection } from '../../redis/end-connection.ts';
import { RedisPresence } from './redis-presence.ts';

// Waits follow each other, and each has seconds on a busy machine.
vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });

let cluster: RedisClusterServers;
beforeAll(async () => {
  cluster = await startRedisCluster();
});
afterAll(() => cluster.stop());

const connect = (name: string) => openRedis(cluster.url, name);

/** Nothing falls due any more after `stop`: for the others such a node is one that was killed. */
function stoppableClock(): Clock & { stop(): void } {
  const clock = createSystemClock();
  let isStopped = false;
  return {
    ...clock,
    after: (delayMs, run) =>
      clock.after(delayMs, () => {
        if (!isStopped) run();
      }),
    stop: () => void (isStopped = true),
  };
}

presenceContract('redis cluster', async () => {
  const clocks = new Map<string, ReturnType<typeof stoppableClock>>();
  return {
    async connect(node) {
      const clock = stoppableClock();
      clocks.set(node, clock);
      const address = { url: cluster.url };
      const presence = new RedisPresence({ address, node, clock, log: silentLog, leaseMs: 1500 });
      await presence.connect({ own: () => [] });
      return presence;
    },
    kill: async (node) => clocks.get(node)?.stop(),
    async loseEverything() {
      for (const { url } of cluster.masters) {
        const admin = await openRedis(url, 'admin');
        await admin.flushall();
        await endConnection(admin);
      }
    },
    dispose: async () => undefined,
  };
});

/** Each over a connection of its own. */
async function twoNodes<T>(create: (connection: RedisConnection) => T) {
  const connections = [await connect('n1'), await connect('n2')] as const;
  const [one, two] = connections;
  return {
    nodes: [create(one), create(two)] as const,
    pass: (ms: number) => delay(ms),
    dispose: async () => connections.forEach((each) => each.disconnect()),
  };
}

ratesContract('redis cluster', () => twoNodes((connection) => new RedisRates(connection)));
leasesContract('redis cluster', () => twoNodes((connection) => new RedisLeases(connection)));

test('rates that are alike up to their second colon are taken together', async () => {
  const connection = await connect('n1');
  onTestFinished(() => connection.disconnect());
  const rates = new RedisRates(connection);
  const asked = [
    { key: 'push:demo:fcm', limit: 1, perMs: 60_000 },
    { key: 'push:demo', limit: 5, perMs: 86_400_000 },
  ];
  expect(await rates.take(asked)).toEqual({ ok: true });
  expect(await rates.take(asked)).toMatchObject({ ok: false, key: 'push:demo:fcm' });
});
