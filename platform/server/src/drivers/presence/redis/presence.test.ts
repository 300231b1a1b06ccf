// The Redis driver keeps the contract of presence, each node over a connection of its own that can be cut.

import { afterAll, beforeAll } from 'vitest';
import { presenceContract } from '../../../../test/contracts/presence.contract.ts';
import { startPresenceCluster } from '../../../../test/support/presence-cluster.ts';
import { startRedis, type RedisServer } from '../../../../test/support/redis-server.ts';

let redis: RedisServer;
beforeAll(async () => {
  redis = await startRedis();
});
afterAll(() => redis.stop());

presenceContract('redis', () => startPresenceCluster(redis, { leaseMs: 450 }));
