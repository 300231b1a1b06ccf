// The engine that carries a node: stores, queue, bus, presence, whichever it is.

import type { AppData } from '../ports/app-data.ts';
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

export interface Engine {
  clock: Clock;
  stores: Stores;
  appData: AppData;
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
