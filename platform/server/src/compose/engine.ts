// The engine that carries a node: stores, queue, bus, presence. The one switch between engines; the engines
// alone name drivers.

import type { Config } from '../config/config.ts';
import type { BlobDriver } from '../ports/blobs.ts';
import type { Bus } from '../ports/bus.ts';
import type { Clock } from '../ports/clock.ts';
import type { Leases } from '../ports/leases.ts';
import type { Log } from '../ports/log.ts';
import type { Metrics } from '../ports/metrics.ts';
import type { PresenceDriver } from '../ports/presence.ts';
import type { Queue } from '../ports/queue.ts';
import type { Rates } from '../ports/rates.ts';
import type { Stores } from '../ports/stores/index.ts';
import { openEmbeddedEngine } from './embedded-engine.ts';
import { StartProblem } from './start-problem.ts';

export interface Engine {
  clock: Clock;
  stores: Stores;
  blobs: BlobDriver;
  queue: Queue;
  bus: Bus;
  presence: PresenceDriver;
  leases: Leases;
  rates: Rates;
  /**
   * What a start on it failed for, where it is the engine: it opened, and what is in it cannot be read. A
   * StartProblem then, else the error as it was.
   */
  explain(error: unknown): unknown;
  /** In the order in which they need each other; finishes what was asked for. */
  close(): Promise<void>;
}

export interface EngineDeps {
  node: string;
  log: Log;
  metrics: Metrics;
  /** The system's own when left out. */
  clock?: Clock;
  /**
   * The data file grows to no more pages of 4 KiB: a disk that is full. 0, which is the default: no bound but
   * the disk.
   */
  maxPages?: number;
}

/** Throws StartProblem for what the operator has to mend: data of a newer version, a data file in use. */
export async function openEngine(config: Config, deps: EngineDeps): Promise<Engine> {
  if (config.cluster === undefined) return await openEmbeddedEngine(config, deps);
  const reason = 'names a cluster, and this version has the embedded engine only; leave it and REDIS_URL out';
  throw new StartProblem([{ variable: 'MONGODB_URL', reason }]);
}
