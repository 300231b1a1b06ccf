// The engine that carries the server: stores, queue, bus, presence. The one switch between engines, and with
// it the only place that names drivers.

import { join } from 'node:path';
import type { Config } from '../config/config.ts';
import { createDiskBlobs } from '../drivers/blobs/disk/create-disk-blobs.ts';
import { MemoryBusHub } from '../drivers/bus/memory/memory-bus-hub.ts';
import { createSystemClock } from '../drivers/clock.ts';
import { MemoryLeases } from '../drivers/leases/memory/memory-leases.ts';
import { MemoryPresenceHub } from '../drivers/presence/memory/memory-presence-hub.ts';
import { EmbeddedQueue } from '../drivers/queue/embedded/embedded-queue.ts';
import { MemoryRates } from '../drivers/rates/memory/memory-rates.ts';
import { damageOf } from '../drivers/stores/sqlite/damage.ts';
import { createSqliteStores } from '../drivers/stores/sqlite/create-sqlite-stores.ts';
import { lockFileOf } from '../drivers/stores/sqlite/database.ts';
import { StoreOpenError } from '../drivers/stores/sqlite/open-error.ts';
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
import { secretFileName } from '../tenancy/installation-secret.ts';
import { describeTakenFile } from './holders.ts';
import { StartProblem } from './start-problem.ts';

/** In the data folder. */
const uploadsFolder = 'uploads';

export interface Engine {
  clock: Clock;
  stores: Stores;
  blobs: BlobDriver;
  queue: Queue;
  bus: Bus;
  presence: PresenceDriver;
  leases: Leases;
  rates: Rates;
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
  const { node, log, metrics, clock = createSystemClock(), maxPages = 0 } = deps;
  const stores = await openStores();
  const blobs = await openBlobs();
  const queue = new EmbeddedQueue({ stores, surroundings: { clock, log } });
  const bus = new MemoryBusHub({ clock, log, metrics }).connect(node);
  const presence = new MemoryPresenceHub().connect(node);

  return {
    clock,
    stores,
    blobs,
    queue,
    bus,
    presence,
    leases: new MemoryLeases(clock),
    rates: new MemoryRates(clock),
    async close() {
      await queue.close();
      await presence.close();
      await bus.close();
      await blobs.close();
      await stores.close();
    },
  };

  /** After the stores: who has the data file has the folder beside it. */
  async function openBlobs(): Promise<BlobDriver> {
    try {
      return await createDiskBlobs({ dir: join(config.dataDir, uploadsFolder) });
    } catch (error) {
      await stores.close();
      const reason = `the folder uploads in it cannot be used: ${error instanceof Error ? error.message : String(error)}`;
      throw new StartProblem([{ variable: 'DATA_DIR', reason }]);
    }
  }

  async function openStores() {
    try {
      return await createSqliteStores({
        dataDir: config.dataDir,
        maxPending: config.limits.pendingStoreCalls,
        maxPages,
        traces: [join(config.dataDir, secretFileName), join(config.dataDir, uploadsFolder)],
        clock,
        log,
        onCommit: ({ calls, ms }) => {
          metrics.observe('store_batch_calls', [], calls);
          metrics.observe('store_commit_seconds', [], ms / 1000);
        },
      });
    } catch (error) {
      if (!(error instanceof StoreOpenError)) throw error;
      const hint = error.reason === 'in_use' ? `; ${await describeTakenFile(lockFileOf(error.file))}` : '';
      throw new StartProblem([{ variable: 'DATA_DIR', reason: `${error.message}${hint}` }]);
    }
  }
}

/**
 * What a start failed for, where it is the data file: it opened, and what is in it cannot be read. Looked at
 * only then, since all of the file has to be read for it.
 */
export function explainDamage({ dataDir }: Pick<Config, 'dataDir'>, error: unknown): unknown {
  if (error instanceof StartProblem) return error;
  const file = join(dataDir, 'belfry.db');
  const damage = damageOf(file);
  if (damage === undefined) return error;
  const reason = `the data file ${file} is damaged: ${damage}. \`belfry restore\` puts a backup in its place`;
  return new StartProblem([{ variable: 'DATA_DIR', reason }]);
}
