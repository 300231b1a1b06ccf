// Three gateways and two workers as processes, over a real Redis and a real server of MongoDB's protocol, each node
// with ways of its own. Its users are elsewhere.

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { openRedis } from '../support/open-redis.ts';
import { startMongo, type MongoServer } from '../support/mongo-server.ts';
import { startRedis, type RedisServer } from '../support/redis-server.ts';
import { createTemporaryFolder } from '../support/temporary-folder.ts';
import type { LogLine } from '../support/whole-server.ts';
import { pushTimeoutMs } from '../faults/setting.ts';
import { ClusterNode, type StartOptions } from './cluster-node.ts';

export interface ClusterOptions {
  /** The provision file's text. */
  provision: string;
  onLine: (name: string, line: LogLine) => void;
  /** Of all nodes at their first start. */
  start?: StartOptions;
  /** Two when left out. */
  workers?: number;
}

export type RedisClient = Awaited<ReturnType<typeof openRedis>>;

export interface Cluster {
  readonly redis: RedisServer;
  readonly mongo: MongoServer;
  readonly gateways: readonly ClusterNode[];
  readonly workers: readonly ClusterNode[];
  readonly nodes: readonly ClusterNode[];
  /** With a connection of its own, past all ways. */
  withRedis<T>(run: (redis: RedisClient) => Promise<T>): Promise<T>;
  stop(): Promise<void>;
}

export async function startCluster(options: ClusterOptions): Promise<Cluster> {
  const { onLine, start, workers: workerCount = 2 } = options;
  const folder = createTemporaryFolder();
  const provision = join(folder.path, 'provision.yaml');
  writeFileSync(provision, options.provision);
  await using opened = new AsyncDisposableStack();
  opened.defer(() => folder.remove());
  const redis = opened.adopt(await startRedis(), (each) => each.stop());
  const mongo = opened.adopt(await startMongo(), (each) => each.stop());
  const mongoPort = Number(new URL(mongo.url).port);
  const env = {
    BELFRY_SECRET: 'the same on every node',
    DATA_DIR: join(folder.path, 'data'),
    PROVISION_FILE: provision,
    OUTBOUND_ALLOW: '127.0.0.0/8',
    LIMIT_PUSH_TIMEOUT_MS: String(pushTimeoutMs),
    // All clients are of one address.
    LIMIT_UNAUTHENTICATED_PER_ADDRESS: '1000',
  };
  const create = (role: 'gateway' | 'worker', count: number): Promise<ClusterNode[]> =>
    Promise.all(
      Array.from({ length: count }, (_, at) => {
        const name = `${role.charAt(0)}${at + 1}`;
        return ClusterNode.create({
          name,
          role,
          folder: folder.path,
          redis: redis.port,
          mongo: mongoPort,
          env,
          onLine,
        });
      }),
    );
  const [gateways, workers] = await Promise.all([create('gateway', 3), create('worker', workerCount)]);
  const nodes = [...gateways, ...workers];
  opened.defer(async () => {
    await Promise.all(nodes.map((node) => node.remove()));
  });
  // At once, as an orchestrator starts them.
  const starts = await Promise.allSettled(nodes.map((node) => node.start(start)));
  for (const end of starts) if (end.status === 'rejected') throw end.reason;
  const kept = opened.move();
  return {
    ...{ redis, mongo, gateways, workers, nodes },
    async withRedis(run) {
      const client = await openRedis(redis.url, 'test');
      try {
        return await run(client);
      } finally {
        client.disconnect();
      }
    },
    stop: () => kept.disposeAsync(),
  };
}
