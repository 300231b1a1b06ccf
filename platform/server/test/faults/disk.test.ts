// The disk is full while everybody works: acknowledged messages are there, the others are sent again when
// there is room, and nothing is half done.

import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import type { Engine } from '../../src/compose/engine.ts';
import { openEngine } from '../../src/compose/open-engine.ts';
import type { Foundation } from '../../src/compose/server.ts';
import { createSystemClock } from '../../src/drivers/clock.ts';
import { runInProcess } from './in-process.ts';
import { seedOf } from './random.ts';

const seed = seedOf(process.env);
/** Of 4 KiB each: full after a few seconds of the workload. */
const maxPages = 450;
/** By the server's clock it is started again so much later: what it held for half a minute is free then. */
const laterMs = 40_000;

async function untilDown({ stores }: Engine): Promise<undefined> {
  while (stores.state() === 'up') await sleep(20);
  return undefined;
}

test(`a full disk loses nothing that was acknowledged (SEED=${seed})`, { timeout: 300_000 }, async () => {
  const isFull = Promise.withResolvers<undefined>();
  const small: Foundation = {
    async openEngine(config, deps) {
      const engine = await openEngine(config, { ...deps, maxPages });
      void untilDown(engine).then(isFull.resolve);
      return engine;
    },
  };

  const system = createSystemClock();
  const clock = { ...system, now: () => system.now() + laterMs };
  const later: Foundation = { openEngine: (config, deps) => openEngine(config, { ...deps, clock }) };

  const { violations, counts } = await runInProcess({
    seed,
    foundations: [small],
    busyMs: 3000,
    async during({ nodes, notebook, random }) {
      await isFull.promise;
      notebook.record({ type: 'trouble', is: 'begun' });
      await sleep(random.between(2000, 4000));
      // Somebody has made room, and starts the server again.
      await nodes.restart([later]);
      notebook.record({ type: 'trouble', is: 'over' });
      await sleep(2000);
    },
    calm: { mostMs: 60_000 },
    // The server says this on a full disk.
    expects: (msg) => ['store', 'broadcast failed', 'broadcast not finished', 'request failed'].includes(msg),
  });
  expect(violations).toEqual([]);
  expect(counts.messages).toBeGreaterThan(50);
  expect(counts.refused).toBeGreaterThan(5);
});
