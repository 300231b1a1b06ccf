// The Redis and the server of MongoDB's protocol that the nodes of one contender stand on: started for it alone, so
// that their CPU is that contender's. Whether they can be started: missingEngines.
import { spawnSync } from 'node:child_process';
import { mongo } from 'mongoose';
import { hasMongo, startMongo } from '../../../server/test/support/mongo-server.ts';
import { startRedis } from '../../../server/test/support/redis-server.ts';
import type { Bench } from '../bench.ts';
import type { EngineUrls } from './contender.ts';

export interface Engines {
  readonly urls: EngineUrls;
  readonly redisPid: number;
  /** Undefined where nothing is stored, or MONGODB_URL names a server that may be on another machine. */
  readonly storePid: number | undefined;
}

/** One line for each part that this machine lacks: its name, and how to get it. */
export function missingEngines(): string[] {
  return [
    ...(isThere('redis-server') ? [] : ['redis-server is not installed: apt-get install redis-server']),
    ...(hasMongo()
      ? []
      : [
          "a server of MongoDB's protocol is not there: set MONGODB_URL, or have cargo and cmake and run npm run test:mongodb, some 5 minutes once",
        ]),
  ];
}

export async function startEngines(bench: Bench, { stores }: { stores: boolean }): Promise<Engines> {
  const redis = bench.keep(await startRedis());
  const store = stores ? await startStore(bench) : { url: '', pid: undefined };
  return { urls: { redisUrl: redis.url, mongodbUrl: store.url }, redisPid: redis.pid, storePid: store.pid };
}

let databases = 0;

/** A database of its own, gone with the bench. */
export async function startStore(bench: Bench): Promise<{ url: string; pid: number | undefined }> {
  const server = await startMongo();
  databases += 1;
  const url = inDatabase(server.url, `belfry_bench_${process.pid}_${databases}`);
  bench.keep({
    async stop() {
      // One that was started goes with all it has.
      if (server.pid === undefined) await dropDatabase(url);
      await server.stop();
    },
  });
  return { url, pid: server.pid };
}

async function dropDatabase(url: string): Promise<void> {
  const client = await mongo.MongoClient.connect(url);
  try {
    await client.db().dropDatabase();
  } finally {
    await client.close();
  }
}

/** By hand, since a URL has one host, and these may have several. */
function inDatabase(url: string, name: string): string {
  const [, hosts = url, query = ''] = /^([^:]+:\/\/[^/?]+)(?:\/[^?]*)?(\?.*)?$/.exec(url) ?? [];
  return `${hosts}/${name}${query}`;
}

function isThere(program: string): boolean {
  return spawnSync(program, ['--version'], { stdio: 'ignore' }).error === undefined;
}
