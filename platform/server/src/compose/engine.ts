// The engine that carries the server: stores, queue, bus, presence. The one switch between engines, and with it the only place that names drivers.

import type { Config } from '../config/config.ts';
import { createMemoryBusHub } from '../drivers/bus/memory/create-memory-bus-hub.ts';
import { createSystemClock } from '../drivers/clock.ts';
import { createMemoryPresenceHub } from '../drivers/presence/memory/create-memory-presence-hub.ts';
import { createEmbeddedQueue } from '../drivers/queue/embedded/create-embedded-queue.ts';
import { createSqliteStores } from '../drivers/stores/sqlite/create-sqlite-stores.ts';
import { StoreOpenError } from '../drivers/stores/sqlite/open-error.ts';
import type { Bus } from '../ports/bus.ts';
import type { Clock } from '../ports/clock.ts';
import type { Log } from '../ports/log.ts';
import type { Metrics } from '../ports/metrics.ts';
import type { PresenceDriver } from '../ports/presence.ts';
import type { Queue } from '../ports/queue.ts';
import type { Stores } from '../ports/stores/index.ts';
import { StartProblem } from './start-problem.ts';

export interface Engine {
  clock: Clock;
  stores: Stores;
  queue: Queue;
  bus: Bus;
  presence: PresenceDriver;
  /** In the order in which they need each other; finishes what was asked for. */
  close(): Promise<void>;
}

/** Throws StartProblem for what the operator has to mend: data of a newer version, a data file in use. */
export async function openEngine(config: Config, deps: { node: string; log: Log; metrics: Metrics }): Promise<Engine> {
  const { node, log, metrics } = deps;
  const clock = createSystemClock();
  const driverLog = {
    info: (fields: Record<string, unknown>, message: string) => log.info(message, fields),
    warn: (fields: Record<string, unknown>, message: string) => log.warn(message, fields),
    error: (fields: Record<string, unknown>, message: string) => log.error(message, fields),
  };
  const stores = await openStores();
  const queue = createEmbeddedQueue({ stores, clock, log: driverLog });
  const bus = createMemoryBusHub({ clock, log: driverLog }).connect(node);
  const presence = createMemoryPresenceHub().connect(node);

  return {
    clock,
    stores,
    queue,
    bus,
    presence,
    async close() {
      await queue.close();
      await presence.close();
      await bus.close();
      await stores.close();
    },
  };

  async function openStores() {
    try {
      return await createSqliteStores({
        dataDir: config.dataDir,
        maxPending: config.limits.pendingStoreCalls,
        clock,
        log: driverLog,
        onCommit: ({ calls, ms }) => {
          metrics.observe('store_batch_calls', [], calls);
          metrics.observe('store_commit_seconds', [], ms / 1000);
        },
      });
    } catch (error) {
      if (error instanceof StoreOpenError) throw new StartProblem([{ variable: 'DATA_DIR', reason: error.message }]);
      throw error;
    }
  }
}
