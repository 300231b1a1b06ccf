// The faults of whole processes, servers and of what they carry, each by its name. Each says what shows that it
// happened. What has to hold all the same is the checker's; faults of single ways are in ways.ts.

import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { createTemporaryFolder } from '../support/temporary-folder.ts';
import { asList, isAlive, type ClusterNode } from './cluster-node.ts';
import { extractTree, oldVersion } from './old-tree.ts';
import { createPubSubLoss } from './pub-sub-loss.ts';
import { proven, type Fault, type Scene } from './scene.ts';

const awayMs = 3000;
/** More than the lease of a node. */
const frozenMs = 20_000;
const skewMs = 60_000;
const cutEveryMs = 5000;
const cutTimes = 5;

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

/** Each seen by what the process does: no line of work, no processor time. */
function freeze(which: 'gateway' | 'worker'): Fault {
  return {
    name: `SIGSTOP a ${which} for 20 s`,
    async inflict({ cluster, random, broken }) {
      const node = random.pick(asList(which === 'gateway' ? cluster.gateways : cluster.workers));
      return broken(async () => {
        node.process.kill('SIGSTOP');
        const before = node.toRedis.bytesSent;
        await sleep(frozenMs);
        const sent = node.toRedis.bytesSent - before;
        node.process.kill('SIGCONT');
        return proven(sent < 1000, `${node.name} sent ${sent} bytes to Redis meanwhile`);
      });
    },
  };
}

const restartRedis: Fault = {
  name: 'restart Redis',
  inflict: ({ cluster, broken }) =>
    broken(async () => {
      const before = cluster.redis.pid;
      await cluster.redis.restart();
      const after = cluster.redis.pid;
      return proven(before !== after && !isAlive(before), `process ${before} gone, ${after} in its place, empty`);
    }),
};

const flushAll: Fault = {
  name: 'FLUSHALL',
  inflict: ({ cluster, broken }) =>
    broken(() =>
      cluster.withRedis(async (redis) => {
        const before = await redis.dbsize();
        // At once, before a node can write anything back.
        const [flushed, after] = (await redis.multi().flushall().dbsize().exec()) ?? [];
        const isEmpty = flushed?.[1] === 'OK' && after?.[1] === 0;
        return proven(isEmpty && before > 0, `${before} keys before, ${String(after?.[1])} after`);
      }),
    ),
};

const killClients: Fault = {
  name: 'CLIENT KILL of all',
  inflict: ({ cluster, broken }) =>
    broken(() =>
      cluster.withRedis(async (redis) => {
        const normal = Number(await redis.call('CLIENT', 'KILL', 'TYPE', 'normal', 'SKIPME', 'yes'));
        const subscribed = Number(await redis.call('CLIENT', 'KILL', 'TYPE', 'pubsub'));
        return proven(normal > 0 && subscribed > 0, `${normal} connections and ${subscribed} subscribed ones ended`);
      }),
    ),
};

/** On new connections, so all are ended first: what is read of one has to begin with its beginning. */
const loseMessages: Fault = {
  name: '10 % of pub/sub messages dropped',
  async inflict({ cluster, random, broken }) {
    return broken(async () => {
      const loss = createPubSubLoss(() => random.chance(0.1));
      setFilter(cluster.nodes, loss.createFilter);
      await sleep(15_000);
      setFilter(cluster.nodes, undefined);
      const { dropped, passed } = loss;
      return proven(dropped > 0 && passed > dropped, `${dropped} dropped, ${passed} passed`);
    });
  },
};

function setFilter(nodes: readonly ClusterNode[], createFilter: ClusterNode['toRedis']['createFilter']): void {
  for (const { toRedis } of nodes) {
    toRedis.createFilter = createFilter;
    toRedis.endAll();
  }
}

const killStore: Fault = {
  name: 'kill and restart the store',
  inflict: ({ cluster, broken }) =>
    broken(async () => {
      const { pid } = cluster.mongo;
      await cluster.mongo.kill();
      await sleep(awayMs);
      await cluster.mongo.restart();
      return proven(!isAlive(pid), `process ${pid} gone, ${cluster.mongo.pid} on the same data`);
    }),
};

const skewClock: Fault = {
  name: 'a clock that is 60 s off on one node',
  async inflict({ cluster, random, restart, broken }) {
    const node = random.pick(asList(cluster.gateways));
    const preload = pathToFileURL(join(import.meta.dirname, 'skewed-clock.ts'));
    await restart(node, { env: { NODE_OPTIONS: `--import=${preload.href}?ms=${skewMs}` } });
    const off = Number(node.process.lines.at(-1)?.['time']) - Date.now();
    await broken(() => sleep(15_000));
    await restart(node);
    return proven(Math.abs(off - skewMs) < 10_000, `the log of ${node.name} was ${Math.round(off / 1000)} s ahead`);
  },
};

const restartAll: Fault = {
  name: 'rolling restart of all nodes',
  inflict: (scene) => restartEach(scene, 'drained'),
};

let old: { commit: string; program: string } | undefined;

const replaceVersion: Fault = {
  name: 'rolling restart from an old version to this one, side by side',
  start: async () => {
    const commit = oldVersion();
    const folder = createTemporaryFolder();
    process.once('exit', () => folder.remove());
    old ??= { commit, program: extractTree(commit, folder.path) };
    return { program: old.program };
  },
  async inflict(scene) {
    const were = new Set(scene.cluster.nodes.map(({ program }) => program));
    const said = await restartEach(scene, `of version ${old?.commit.slice(0, 8) ?? 'none'} drained`);
    const isNew = scene.cluster.nodes.every(({ program }) => program === undefined);
    return proven(isNew && were.size === 1 && were.has(old?.program), said);
  },
};

async function restartEach({ cluster, restart }: Scene, how: string): Promise<string> {
  const before = cluster.nodes.map((node) => node.process.pid);
  for (const node of cluster.nodes) {
    await restart(node);
    await sleep(1000);
  }
  const gone = before.filter((pid) => !isAlive(pid)).length;
  return proven(gone === before.length, `${gone} processes ${how}, ${cluster.nodes.length} new ones`);
}

const cutByBalancer: Fault = {
  name: 'a balancer that cuts connections every 5 s',
  inflict: ({ cluster, broken }) =>
    broken(async () => {
      let ended = 0;
      for (let time = 0; time < cutTimes; time += 1) {
        await sleep(cutEveryMs);
        for (const { front } of cluster.gateways) ended += front.endAll();
      }
      return proven(ended > cutTimes * 100, `${ended} connections ended in ${cutTimes} cuts`);
    }),
};

export const faults = {
  ...{ killGateway, killWorker, freezeGateway: freeze('gateway'), freezeWorker: freeze('worker') },
  ...{ restartRedis, flushAll, killClients, loseMessages, killStore, skewClock },
  ...{ restartAll, replaceVersion, cutByBalancer },
} as const;
