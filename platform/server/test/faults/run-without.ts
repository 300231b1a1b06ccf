// One run of the workload on a server that lacks one mechanism. Which mechanisms there are: mechanisms.ts.

import { join } from 'node:path';
import { brokenGuarantees } from './checker.ts';
import { runKills } from './kill-run.ts';
import { mostLateMs, type Mechanism } from './mechanisms.ts';
import type { Guarantee } from './violation.ts';

const program = join(import.meta.dirname, 'broken-server.ts');
const pluginsDir = join(import.meta.dirname, 'plugins');

/** Resolves with what was broken. */
export async function runWithout(
  { id, guarantee, run, lateMs = mostLateMs }: Mechanism,
  seed: number,
): Promise<Guarantee[]> {
  const { violations } = await runKills({
    seed,
    stops: 0,
    ...run,
    program: [program, id],
    env: { PLUGINS_DIR: pluginsDir },
    calm: { mostMs: 60_000, broken: { guarantee, forMs: lateMs } },
  });
  return brokenGuarantees(violations);
}
