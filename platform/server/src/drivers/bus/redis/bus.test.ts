// The Redis driver keeps the contract of the bus, sharded and classic.

import { afterAll, beforeAll } from 'vitest';
import { busContract } from '../../../../test/contracts/bus.contract.ts';
import { startRedis, type RedisServer } from '../../../../test/support/redis-server.ts';
import { RecordedLog, RecordedMetrics } from '../../../sessions/test/sessions.fixture.ts';
import { createSystemClock } from '../../clock.ts';
import { RedisBus } from './redis-bus.ts';

let redis: RedisServer;
beforeAll(async () => {
  redis = await startRedis();
});
afterAll(() => redis.stop());

const surroundings = { clock: createSystemClock(), log: new RecordedLog(), metrics: new RecordedMetrics() };

for (const mode of ['sharded', 'classic'] as const) {
  busContract(`redis, ${mode}`, async () => ({
    connect: (node) => RedisBus.open({ address: { url: redis.url }, node, surroundings, mode }),
    dispose: async () => {},
  }));
}
