// The Redis driver keeps the contract of presence, each node over a connection of its own that can be cut.

import { afterAll, beforeAll, vi } from 'vitest';
import { presenceContract } from '../../../../test/contracts/presence.contract.ts';
import { startPresenceCluster } from '../../../../test/support/presence-cluster.ts';
import { startRedis, type RedisServer } from '../../../../test/support/redis-server.ts';

// Waits follow each other, and each has seconds on a busy machine.
vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });

let redis: RedisServer;
beforeAll(async () => {
  redis = await startRedis();
});
afterAll(() => redis.stop());

presenceContract('redis', () => startPresenceCluster(redis, { leaseMs: 1500 }));
