// The wall clock jumps an hour ahead and an hour back while everybody works: no promise depends on it.

import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { openEngine } from '../../src/compose/open-engine.ts';
import type { Foundation } from '../../src/compose/server.ts';
import { createSystemClock } from '../../src/drivers/clock.ts';
import { runInProcess } from './in-process.ts';
import { seedOf } from './random.ts';

const seed = seedOf(process.env);
const hourMs = 3_600_000;

test(`a clock that jumps an hour either way breaks no promise (SEED=${seed})`, { timeout: 120_000 }, async () => {
  let offsetMs = 0;
  const system = createSystemClock();
  const clock = { ...system, now: () => system.now() + offsetMs };
  const foundation: Foundation = { openEngine: (config, deps) => openEngine(config, { ...deps, clock }) };

  const { violations, counts } = await runInProcess({
    seed,
    foundations: [foundation],
    busyMs: 10_000,
    async during({ random }) {
      for (let jump = 0; jump < 8; jump += 1) {
        await sleep(random.between(600, 1200));
        // Never more than an hour off: tokens and signatures of the rest of the world are of the right time.
        offsetMs = random.pick([-hourMs, 0, hourMs]);
      }
    },
    calm: { mostMs: 50_000 },
    sendsWebhooks: false,
  });
  expect(violations).toEqual([]);
  expect(counts.messages).toBeGreaterThan(50);
  expect(counts.pushes).toBeGreaterThan(10);
});
