// The faults of a cluster, each by its name. Each says what shows that it happened. What has to hold all the same is
// the checker's; faults of single connections are in ways.ts.

import { asList, isAlive } from './cluster-node.ts';
import { proven, type Fault } from './scene.ts';

const awayMs = 3000;

const killGateway: Fault = {
  name: 'SIGKILL a gateway',
  async inflict({ cluster, random, killAndStart }) {
    const node = random.pick(asList(cluster.gateways));
    const { pid } = node.process;
    const clients = node.front.size;
    await killAndStart(node, awayMs);
    return proven(!isAlive(pid) && clients > 0, `process ${node.name} gone with ${clients} connections`);
  },
};

const killWorker: Fault = {
  name: 'SIGKILL a worker',
  async inflict({ cluster, random, killAndStart }) {
    const node = random.pick(asList(cluster.workers));
    const { pid } = node.process;
    await killAndStart(node, awayMs);
    return proven(!isAlive(pid), `process ${node.name} gone`);
  },
};

const flushAll: Fault = {
  name: 'FLUSHALL',
  async inflict({ cluster, broken }) {
    return broken(() =>
      cluster.withRedis(async (redis) => {
        const before = await redis.dbsize();
        // At once, before a node can write anything back.
        const [flushed, after] = (await redis.multi().flushall().dbsize().exec()) ?? [];
        return proven(
          flushed?.[1] === 'OK' && after?.[1] === 0 && before > 0,
          `${before} keys before, ${String(after?.[1])} after`,
        );
      }),
    );
  },
};

export const faults = { killGateway, killWorker, flushAll } as const;
