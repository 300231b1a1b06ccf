// Which engine the whole servers of a test run are on, and what one server of them needs: read here alone. By
// itself it is the embedded one; `npm run test:cluster` runs the same tests on the other.

import { randomUUID } from 'node:crypto';
import { mongo } from 'mongoose';
import { startRedis } from './redis-server.ts';

/** Set for a run by `npm run test:cluster`. */
const engineVariable = 'TEST_ENGINE';
/** Set by cluster-setup.ts, for the processes of the tests. */
const mongodbVariable = 'TEST_ENGINE_MONGODB_URL';

export interface EngineUnderTest {
  /** Variables of each server that is to be on it; two with the same ones are two nodes of one cluster. */
  readonly env: Readonly<Record<string, string>>;
  /** The database of its own, to be looked into; undefined on the embedded engine. */
  readonly mongodb: { url: string; database: string } | undefined;
  readonly redisUrl: string | undefined;
  /** After the servers on it. Takes away what they stored. */
  close(): Promise<void>;
}

const embedded: EngineUnderTest = {
  env: {},
  mongodb: undefined,
  redisUrl: undefined,
  close: async () => undefined,
};

export function isOnCluster(): boolean {
  const name = process.env[engineVariable] ?? 'embedded';
  if (name !== 'embedded' && name !== 'cluster') throw new Error(`${engineVariable} is embedded or cluster`);
  return name === 'cluster';
}

/** Puts the tests of this process on the cluster engine, on this server of MongoDB's protocol. */
export function putOnCluster(mongodbUrl: string): void {
  process.env[engineVariable] = 'cluster';
  process.env[mongodbVariable] = mongodbUrl;
}

/** A database and a Redis of its own on the cluster engine; nothing on the embedded one, which is a folder. */
export async function startEngine(): Promise<EngineUnderTest> {
  if (!isOnCluster()) return embedded;
  const base = process.env[mongodbVariable];
  if (base === undefined) throw new Error(`${mongodbVariable} is not set: has cluster-setup.ts run?`);
  const database = `belfry-test-${randomUUID()}`;
  const url = withDatabase(base, database);
  // Channels have no database numbers, so that two servers on one Redis would hear each other.
  const redis = await startRedis();
  return {
    env: {
      MONGODB_URL: url,
      REDIS_URL: redis.url,
      BELFRY_SECRET: 'the same on every node',
      // Not there by itself in a cluster.
      PLAYGROUND: 'on',
    },
    mongodb: { url: base, database },
    redisUrl: redis.url,
    async close() {
      await redis.stop();
      await using client = new mongo.MongoClient(base, { serverSelectionTimeoutMS: 5000 });
      await client.db(database).dropDatabase();
    },
  };
}

/** By hand, since a URL has one host, and these may have several. */
function withDatabase(url: string, database: string): string {
  const [, hosts = '', query = ''] = /^(mongodb(?:\+srv)?:\/\/[^/?]+)(?:\/[^?]*)?(\?.*)?$/.exec(url) ?? [];
  return `${hosts}/${database}${query}`;
}
