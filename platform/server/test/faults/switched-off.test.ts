// Each mechanism behind a promise is switched off in turn, and the same workload with the same faults must
// then break that promise.

import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { brokenGuarantees } from './checker.ts';
import { runKills } from './kill-run.ts';
import { mechanisms, mostLateMs } from './mechanisms.ts';
import { seedOf } from './random.ts';

const seed = seedOf(process.env);
const program = join(import.meta.dirname, 'broken-server.ts');
const pluginsDir = join(import.meta.dirname, 'plugins');

describe.concurrent(`without its mechanism a promise is broken (SEED=${seed})`, () => {
  test.each(mechanisms)(
    '$guarantee: $without',
    { timeout: 180_000 },
    async ({ id, guarantee, run, lateMs = mostLateMs }) => {
      const { violations } = await runKills({
        seed,
        stops: 0,
        ...run,
        program: [program, id],
        env: { PLUGINS_DIR: pluginsDir },
        calm: { mostMs: 60_000, broken: { guarantee, forMs: lateMs } },
      });
      expect(brokenGuarantees(violations)).toContain(guarantee);
    },
  );
});
