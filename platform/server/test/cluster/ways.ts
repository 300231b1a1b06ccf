// Faults of the ways between processes: cut, frozen, half open, slow. Each says what its way kept back.

import { setTimeout as sleep } from 'node:timers/promises';
import type { TcpWay } from '../support/tcp-way.ts';
import { asList, type ClusterNode } from './cluster-node.ts';
import { proven, type Fault, type Scene } from './scene.ts';

type Which = 'Redis' | 'the store';

/** One gateway is cut off for so long; the others go on. */
export function cutFrom(which: Which, forMs: number): Fault {
  return {
    name: `cut a node from ${which}`,
    inflict: (scene) =>
      onWayOfOne(scene, which, async (way, node) => {
        way.become('cut');
        await sleep(forMs);
        const { cutConnections } = way;
        way.become('open');
        return proven(cutConnections > 1, `${cutConnections} connections of ${node.name} cut or refused`);
      }),
  };
}

export function freezeWayTo(which: Which, forMs: number): Fault {
  return {
    name: `freeze the way of a node to ${which}`,
    inflict: (scene) =>
      onWayOfOne(scene, which, async (way, node) => {
        const before = way.bytes;
        way.become('frozen');
        await sleep(forMs);
        const passed = way.bytes - before;
        const { size } = way;
        way.become('open');
        return proven(passed === 0 && size > 0, `no byte over ${size} open connections of ${node.name}`);
      }),
  };
}

export function halfOpenTo(which: Which, forMs: number): Fault {
  return {
    name: `half-open connections of a node to ${which}`,
    inflict: (scene) =>
      onWayOfOne(scene, which, async (way, node) => {
        way.become('half_open');
        await sleep(forMs);
        const { lostBytes } = way;
        way.become('open');
        // What lost a part of an answer can't be gone on with.
        way.endAll();
        return proven(lostBytes > 0, `${lostBytes} bytes of answers to ${node.name} lost`);
      }),
  };
}

export function slowWayTo(which: Which, { delayMs, forMs }: { delayMs: number; forMs: number }): Fault {
  return {
    name: `a way of a node to ${which} that takes ${delayMs} ms`,
    inflict: (scene) =>
      onWayOfOne(scene, which, async (way, node) => {
        way.delayMs = delayMs;
        await sleep(forMs);
        const { delayedChunks } = way;
        way.delayMs = 0;
        return proven(delayedChunks > 0, `${delayedChunks} pieces of ${node.name} late`);
      }),
  };
}

function onWayOfOne(
  { cluster, random, broken }: Scene,
  which: Which,
  run: (way: TcpWay, node: ClusterNode) => Promise<string>,
): Promise<string> {
  const node = random.pick(asList(cluster.gateways));
  return broken(() => run(which === 'Redis' ? node.toRedis : node.toStore, node));
}
