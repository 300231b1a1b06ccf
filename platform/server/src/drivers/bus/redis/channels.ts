// The names of the channels through which nodes reach each other. Subscribing to them is redis-link.ts.

import { createHash } from 'node:crypto';
import type { AppId } from '../../../ports/app-id.ts';

/**
 * All channels of one partition are in one slot, so that a Redis Cluster carries them over one shard and keeps
 * the order in which one node published; an app is in one partition. A server that is no cluster has one.
 */
export interface Channels {
  readonly partitions: readonly number[];
  partitionOf(app: AppId): number;
  /** Heard by all nodes. */
  control(partition: number): string;
  /** Heard by the nodes that follow the app. */
  app(app: AppId): string;
  /** Heard by one node while it follows the app. */
  appAtNode(app: AppId, node: string): string;
  /** Heard by the node that sends there. */
  probe(partition: number, node: string): string;
}

/** More spread the load over more shards; each costs every node two subscriptions and a message a probe. */
const clusterPartitions = 16;

export function createChannels(isCluster: boolean): Channels {
  const count = isCluster ? clusterPartitions : 1;
  const partitionOf = (app: AppId): number =>
    count === 1 ? 0 : createHash('sha1').update(app).digest().readUInt32BE() % count;
  // Names are encoded, since a colon in one would make two channels of one spelling.
  const ofApp = (app: AppId): string => `belfry:{bus${partitionOf(app)}}:app:${encodeURIComponent(app)}`;
  return {
    partitions: Array.from({ length: count }, (_, partition) => partition),
    partitionOf,
    control: (partition) => `belfry:{bus${partition}}:control`,
    app: ofApp,
    appAtNode: (app, node) => `${ofApp(app)}:node:${encodeURIComponent(node)}`,
    probe: (partition, node) => `belfry:{bus${partition}}:probe:${encodeURIComponent(node)}`,
  };
}
