// The cluster engine: MongoDB keeps, Redis carries. Any number of nodes share both, and nothing else.

import { BelfryError } from '@belfry/protocol';
import type { ClusterConfig, Config } from '../config/config.ts';
import { RedisBus } from '../drivers/bus/redis/redis-bus.ts';
import { createSystemClock } from '../drivers/clock.ts';
import { RedisLeases } from '../drivers/leases/redis/redis-leases.ts';
import { RedisPresence } from '../drivers/presence/redis/redis-presence.ts';
import { BullmqQueue } from '../drivers/queue/bullmq/bullmq-queue.ts';
import { RedisRates } from '../drivers/rates/redis/redis-rates.ts';
import { connectRedis } from '../drivers/redis/connect.ts';
import { endConnection } from '../drivers/redis/end-connection.ts';
import { untilReady } from '../drivers/redis/until-ready.ts';
import { createMongoStores } from '../drivers/stores/mongo/create-mongo-stores.ts';
import { MongoOpenError } from '../drivers/stores/mongo/open-error.ts';
import type { Engine, EngineDeps } from './engine.ts';
import { openBlobs } from './open-blobs.ts';
import { StartProblem } from './start-problem.ts';

/**
 * An election of a replica set takes so long by MongoDB's own settings, ms; the bus waits as long for Redis.
 */
const storesWaitMs = 10_000;
/** For the connection of leases and rates, ms: the bus has found Redis there by then. */
const sharedLimitMs = 5000;

export interface ClusterDeps extends EngineDeps {
  cluster: ClusterConfig;
}

/** Throws StartProblem for what the operator has to mend: a server that does not answer, indexes that are missing. */
export async function openClusterEngine(config: Config, deps: ClusterDeps): Promise<Engine> {
  const { node, log, metrics, cluster, clock = createSystemClock() } = deps;
  const address = cluster.redis;
  const surroundings = { clock, log, metrics };
  await using opened = new AsyncDisposableStack();

  const stores = opened.adopt(await openStores(), (each) => each.close());
  const blobs = opened.adopt(await openBlobs(config, { clock, log }), (each) => each.close());
  // The bus says first whether Redis is there.
  const bus = opened.adopt(await onRedis(() => RedisBus.open({ address, node, surroundings })), (each) => each.close());
  const shared = opened.adopt(connectRedis(address, `belfry shared ${encodeURIComponent(node)}`), endConnection);
  // Each command reports its own failure.
  shared.on('error', () => undefined);
  const presence = opened.adopt(new RedisPresence({ address, node, clock, log }), (each) => each.close());
  const queue = opened.adopt(new BullmqQueue({ address, node, surroundings }), (each) => each.close());
  await onRedis(() => Promise.all([queue.connect(), untilReady(shared, { clock, limitMs: sharedLimitMs })]));

  const kept = opened.move();
  return {
    ...{ clock, stores, appData: stores.appData, blobs, queue, bus, presence },
    leases: new RedisLeases(shared),
    rates: new RedisRates(shared),
    explain: (error) => error,
    close: () => kept.disposeAsync(),
  };

  async function openStores() {
    try {
      return await createMongoStores({ address: { url: cluster.mongodbUrl }, clock, log, waitMs: storesWaitMs });
    } catch (error) {
      if (!(error instanceof MongoOpenError)) throw error;
      const reason = error.reason === 'unreachable' ? `no connection to MongoDB: ${error.message}` : error.message;
      throw new StartProblem([{ variable: 'MONGODB_URL', reason }]);
    }
  }
}

async function onRedis<T>(open: () => Promise<T>): Promise<T> {
  try {
    return await open();
  } catch (error) {
    if (!(error instanceof BelfryError)) throw error;
    const { cause } = error;
    const why = cause instanceof Error ? `: ${cause.message}` : '';
    throw new StartProblem([{ variable: 'REDIS_URL', reason: `no Redis that answers is there${why}` }]);
  }
}
