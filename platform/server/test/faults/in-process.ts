// One run of the workload on servers in this process, with something broken meanwhile, then checked. The test
// says what is broken.

import { setTimeout as sleep } from 'node:timers/promises';
import type { Foundation } from '../../src/compose/server.ts';
import { countsOf, type Counts } from './counts.ts';
import { startNodes, type Nodes } from './nodes.ts';
import { Notebook } from './notebook.ts';
import { startProviderStandIn } from './provider-stand-in.ts';
import { Random } from './random.ts';
import type { Violation } from './violation.ts';
import { Workload, type CalmOptions } from './workload.ts';

export interface Scene {
  nodes: Nodes;
  notebook: Notebook;
  random: Random;
  /** After the workload has calmed down: all that was said is answered. */
  said(): Promise<void>;
}

export interface InProcessOptions {
  seed: number;
  foundations: readonly Foundation[];
  /** How long the workload is busy before it calms down, ms; `during` may take longer. */
  busyMs: number;
  /** Breaks things while the workload is busy. */
  during(scene: Scene): Promise<void>;
  /** After the workload has calmed down. */
  afterwards?: (scene: Scene) => Promise<void>;
  calm: CalmOptions;
  sendsWebhooks?: boolean;
  expects?: (msg: string) => boolean;
}

export async function runInProcess(options: InProcessOptions): Promise<{ violations: Violation[]; counts: Counts }> {
  const { seed, busyMs, during, afterwards, calm, sendsWebhooks = true } = options;
  const random = new Random(seed);
  const notebook = new Notebook();
  const provider = await startProviderStandIn(notebook, random.fork());
  const nodes = await startNodes({ ...options, notebook, providerUrl: provider.url });
  const choice = random.fork();
  // Each connection and call goes to any of them.
  const url = (): string => nodes.urls[choice.between(0, nodes.urls.length - 1)] ?? '';
  const workload = new Workload({ notebook, provider, random: random.fork(), url, sendsWebhooks });
  const scene: Scene = { nodes, notebook, random: random.fork(), said: () => workload.said() };
  try {
    await workload.start();
    await Promise.all([sleep(busyMs), during(scene)]);
    workload.calmDown();
    await afterwards?.(scene);
    const { history, violations } = await workload.calm(calm);
    return { violations, counts: countsOf(history) };
  } finally {
    await workload.stop();
    await nodes.stop();
    await provider.close();
  }
}
