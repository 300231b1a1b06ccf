// Two nodes of one installation, and a bus between them that loses messages and is cut off: a live client has
// everything within 10 s (G8), and the rest holds as well.

import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import type { Engine } from '../../src/compose/engine.ts';
import type { Foundation } from '../../src/compose/server.ts';
import { createDiskBlobs } from '../../src/drivers/blobs/disk/create-disk-blobs.ts';
import { TestBusHub } from '../support/test-bus.ts';
import { createSystemClock } from '../../src/drivers/clock.ts';
import { MemoryLeases } from '../../src/drivers/leases/memory/memory-leases.ts';
import { MemoryPresenceHub } from '../../src/drivers/presence/memory/memory-presence-hub.ts';
import { createMemoryQueue } from '../../src/drivers/queue/memory/create-memory-queue.ts';
import { MemoryJobs } from '../../src/drivers/queue/memory/memory-jobs.ts';
import { MemoryRates } from '../../src/drivers/rates/memory/memory-rates.ts';
import { createMemoryStores } from '../../src/drivers/stores/memory/create-memory-stores.ts';
import { runInProcess, type Scene } from './in-process.ts';
import { brokenGuarantees } from './checker.ts';
import { seedOf } from './random.ts';
import { createTemporaryFolder } from '../support/temporary-folder.ts';

const seed = seedOf(process.env);

/** Nodes over the same stores, bus, presence and jobs. */
function createCluster({ isUnaware = false } = {}) {
  const clock = createSystemClock();
  const stores = createMemoryStores();
  const hub = new TestBusHub({ clock, isUnaware });
  const presence = new MemoryPresenceHub();
  const leases = new MemoryLeases(clock);
  const rates = new MemoryRates(clock);
  const jobs = new MemoryJobs();
  const uploads = createTemporaryFolder();
  const foundations = ['a', 'b'].map((node): Foundation => ({
    node,
    async openEngine(): Promise<Engine> {
      // The queue of the embedded engine has one worker process: the other node finds nothing in its own.
      const queue = createMemoryQueue({ clock, ...(node === 'a' ? { kept: jobs } : {}) });
      const bus = hub.connect(node);
      const blobs = await createDiskBlobs({ dir: `${uploads.path}/${node}` });
      // No app is erased here.
      const appData = { uploads: async () => [], erase: () => Promise.reject(new Error('not in memory')) };
      const own = { clock, stores, appData, queue, bus, blobs, leases, rates, presence: presence.connect(node) };
      return {
        ...own,
        explain: (error) => error,
        async close() {
          await queue.close();
          await own.presence.close();
          await bus.close();
          await blobs.close();
        },
      };
    },
  }));
  return { hub, foundations, remove: () => uploads.remove() };
}

type Hub = ReturnType<typeof createCluster>['hub'];

async function breakBus(hub: Hub, { random }: Scene): Promise<void> {
  for (let time = 0; time < 12; time += 1) {
    await sleep(random.between(200, 900));
    if (random.chance(0.7)) {
      // A few at a time: what comes after them shows the hole.
      hub.dropNext(random.between(1, 6));
      continue;
    }
    const node = random.pick(['a', 'b']);
    hub.down(node);
    await sleep(random.between(100, 1500));
    hub.up(node);
  }
  await cutOff(hub);
}

async function cutOff(hub: Hub): Promise<void> {
  hub.down();
  await sleep(1000);
}

/** After everything was said: no later message will show the hole, only that the bus comes back. */
async function comeBack(hub: Hub, { said }: Scene): Promise<void> {
  await said();
  hub.up();
}

describe.concurrent('two nodes and a bus that loses messages', () => {
  test(`every live client has everything within ten seconds (SEED=${seed})`, { timeout: 120_000 }, async () => {
    const { hub, foundations, remove } = createCluster();
    const { violations, counts } = await runInProcess({
      seed,
      foundations,
      busyMs: 0,
      during: (scene) => breakBus(hub, scene),
      afterwards: (scene) => comeBack(hub, scene),
      calm: { mostMs: 50_000 },
      expects: (msg) => msg === 'bus',
    });
    remove();
    expect(violations).toEqual([]);
    expect(counts.messages).toBeGreaterThan(50);
  });

  test(`a live client misses messages without the backfill (SEED=${seed})`, { timeout: 120_000 }, async () => {
    // Says that it hears itself, and never that it was cut off.
    const { hub, foundations, remove } = createCluster({ isUnaware: true });
    const { violations } = await runInProcess({
      seed,
      foundations,
      busyMs: 3000,
      during: () => sleep(2000).then(() => cutOff(hub)),
      afterwards: (scene) => comeBack(hub, scene),
      calm: { mostMs: 40_000, broken: { guarantee: 'G8', forMs: 12_000 } },
    });
    remove();
    // A user who was connected all along misses it as a live client; one who came back meanwhile, as one that
    // resumed.
    const broken: readonly string[] = brokenGuarantees(violations);
    expect(broken.includes('G7') || broken.includes('G8')).toBe(true);
  });
});
