// What a fault of a cluster may touch, and how it is written into the notebook so that the checker knows when
// something was broken. The faults themselves: faults.ts.

import type { Notebook } from '../faults/notebook.ts';
import type { Random } from '../faults/random.ts';
import type { Cluster } from './cluster.ts';
import type { ClusterNode, StartOptions } from './cluster-node.ts';
import type { Kill } from './recovery.ts';

export interface Scene {
  cluster: Cluster;
  notebook: Notebook;
  random: Random;
  /** Nodes that were killed so far. */
  readonly kills: Kill[];
  /** From here to the end of `run` something other than a stopped node is broken. */
  broken<T>(run: () => Promise<T>): Promise<T>;
  /** kill -9, and a new process `awayMs` later. */
  killAndStart(node: ClusterNode, awayMs: number): Promise<void>;
  /** SIGTERM, and a new process as soon as it is gone. Throws where it did not end by itself. */
  restart(node: ClusterNode, options?: StartOptions): Promise<void>;
}

export interface Fault {
  name: string;
  /** Does it, undoes it, and says by what it is known that it happened. Throws when it did not. */
  inflict(scene: Scene): Promise<string>;
  /** For nodes that are not as the tree has them. */
  start?: () => Promise<StartOptions>;
}

/** For a fault: `what` is shown in the report. */
export function proven(isShown: boolean, what: string): string {
  if (!isShown) throw new Error(`the fault did not happen: ${what}`);
  return what;
}
