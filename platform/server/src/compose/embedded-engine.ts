// The embedded engine: a SQLite file and a folder, everything else in this process.

import { join } from 'node:path';
import type { Config } from '../config/config.ts';
import { MemoryBusHub } from '../drivers/bus/memory/memory-bus-hub.ts';
import { createSystemClock } from '../drivers/clock.ts';
import { MemoryLeases } from '../drivers/leases/memory/memory-leases.ts';
import { MemoryPresenceHub } from '../drivers/presence/memory/memory-presence-hub.ts';
import { EmbeddedQueue } from '../drivers/queue/embedded/embedded-queue.ts';
import { MemoryRates } from '../drivers/rates/memory/memory-rates.ts';
import { damageOf } from '../drivers/stores/sqlite/damage.ts';
import { createSqliteStores } from '../drivers/stores/sqlite/create-sqlite-stores.ts';
import { StoreOpenError } from '../drivers/stores/sqlite/open-error.ts';
import { secretFileName } from '../tenancy/installation-secret.ts';
import { describeFailure } from './data-failure.ts';
import type { Engine, EngineDeps } from './engine.ts';
import { openBlobs, uploadsFolder } from './open-blobs.ts';
import { StartProblem } from './start-problem.ts';

/** Throws StartProblem for what the operator has to mend: data of a newer version, a data file in use. */
export async function openEmbeddedEngine(config: Config, deps: EngineDeps): Promise<Engine> {
  const { node, log, metrics, clock = createSystemClock(), maxPages = 0 } = deps;
  const stores = await openStores();
  // After the stores: who has the data file has the folder beside it.
  const blobs = await openBlobs(config, { clock, log }).catch(async (error: unknown) => {
    await stores.close();
    throw error;
  });
  const queue = new EmbeddedQueue({ stores, surroundings: { clock, log } });
  const bus = new MemoryBusHub({ clock, log, metrics }).connect(node);
  const presence = new MemoryPresenceHub().connect(node);

  return {
    clock,
    stores,
    appData: stores.appData,
    blobs,
    queue,
    bus,
    presence,
    leases: new MemoryLeases(clock),
    rates: new MemoryRates(clock),
    explain: (error) => explainDamage(config, error),
    async close() {
      await queue.close();
      await presence.close();
      await bus.close();
      await blobs.close();
      await stores.close();
    },
  };

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
      const another = error.reason === 'in_use' ? ', or take another folder: DATA_DIR=./data2 npm start' : '';
      throw new StartProblem([{ variable: 'DATA_DIR', reason: `${await describeFailure(error)}${another}` }]);
    }
  }
}

/** Looked at only after a failure, since all of the file has to be read for it. */
function explainDamage({ dataDir }: Pick<Config, 'dataDir'>, error: unknown): unknown {
  if (error instanceof StartProblem) return error;
  const file = join(dataDir, 'belfry.db');
  const damage = damageOf(file);
  if (damage === undefined) return error;
  const reason = `the data file ${file} is damaged: ${damage}. \`belfry restore\` puts a backup in its place`;
  return new StartProblem([{ variable: 'DATA_DIR', reason }]);
}
