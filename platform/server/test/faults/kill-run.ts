// One run: the workload on a server that is killed and drained at random moments, then checked. All chance is
// drawn from the seed.

import { setTimeout as sleep } from 'node:timers/promises';
import { countsOf, type Counts } from './counts.ts';
import type { History } from './history.ts';
import { createInstallation } from './installation.ts';
import { Notebook } from './notebook.ts';
import { startProviderStandIn } from './provider-stand-in.ts';
import { Random } from './random.ts';
import type { Violation } from './violation.ts';
import { Workload, type CalmOptions } from './workload.ts';

export interface KillRunOptions {
  seed: number;
  /** How often the server is stopped while it is busy. When it ever is, it is killed once more at the end. */
  stops: number;
  /** How many of them are drains; the rest are kills. */
  drainShare?: number;
  /**
   * After the last stop, and again after the kill at the end, the server comes back so much later by its own clock:
   * what the killed one held for a time is free then. At once when left out.
   */
  laterMs?: number;
  /** Between two stops, ms. */
  uptimeMs?: readonly [number, number];
  calm: CalmOptions;
  /** Instead of the server: for what is to fail. */
  program?: readonly string[];
  plugin?: string;
  env?: Record<string, string>;
  onStop?: (done: number) => void;
}

export interface RunResult {
  violations: Violation[];
  counts: Counts;
  /** The history that was checked. */
  history: History;
}

const brokenPatienceMs = 5000;

export async function runKills(options: KillRunOptions): Promise<RunResult> {
  const { seed, stops, drainShare = 0.2, laterMs = 0, uptimeMs = [400, 2500], calm, onStop } = options;
  const random = new Random(seed);
  const notebook = new Notebook();
  const provider = await startProviderStandIn(notebook, random.fork());
  const installation = await createInstallation({ ...options, notebook, providerUrl: provider.url });
  const workload = new Workload({ notebook, provider, random: random.fork(), url: () => installation.url });
  let killsWhileStarting = 0;
  try {
    await installation.start();
    await workload.start();
    for (let stop = 1; stop <= stops; stop += 1) {
      await sleep(random.between(uptimeMs[0], uptimeMs[1]));
      if (random.chance(drainShare)) await installation.drain();
      else await installation.kill();
      await sleep(random.between(0, 200));
      if (random.chance(0.1)) {
        killsWhileStarting += 1;
        await installation.killWhileStarting(random.between(100, 1500));
      }
      await installation.start({ laterMs: stop === stops ? laterMs : 0 });
      onStop?.(stop);
    }
    await sleep(random.between(uptimeMs[0], uptimeMs[1]));
    workload.calmDown();
    if (stops > 0) {
      // A server that is to fail may never answer.
      await workload.lastWord(calm.broken === undefined ? undefined : brokenPatienceMs);
      await installation.kill();
      await installation.start({ laterMs: 2 * laterMs });
    }
    const { history, violations } = await workload.calm(calm);
    return { violations, counts: countsOf(history, killsWhileStarting), history };
  } finally {
    await workload.stop();
    await installation.remove();
    await provider.close();
  }
}
