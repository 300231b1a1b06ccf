// One run: the workload on a cluster, faults one after the other meanwhile, then checked. All chance is drawn from
// the seed.

import { setTimeout as sleep } from 'node:timers/promises';
import { countsOf, type Counts } from '../faults/counts.ts';
import { crowdOf } from '../faults/crowd.ts';
import type { History } from '../faults/history.ts';
import { Notebook } from '../faults/notebook.ts';
import { startProviderStandIn } from '../faults/provider-stand-in.ts';
import { Random } from '../faults/random.ts';
import { apps as smallApps, provisionText, type App } from '../faults/setting.ts';
import type { Violation } from '../faults/violation.ts';
import { Workload, type CalmOptions } from '../faults/workload.ts';
import type { LogLine } from '../support/whole-server.ts';
import { startCluster } from './cluster.ts';
import { recoveryOf, type Kill, type Recovery } from './recovery.ts';
import type { Fault, Scene } from './scene.ts';

export interface ClusterRunOptions {
  seed: number;
  faults: readonly Fault[];
  /** Before the first fault, and after each, ms. */
  busyMs: number;
  calm: CalmOptions;
  /** What clients wait between two things that they do, times this; 3 unless said. */
  pace?: number | undefined;
  onStep?: (what: string) => void;
}

export interface Inflicted {
  name: string;
  /** By what it is known that it happened; undefined when it did not. */
  shownBy: string | undefined;
}

export interface ClusterRunResult {
  violations: Violation[];
  counts: Counts;
  inflicted: Inflicted[];
  /** Of the clients of nodes that were killed; undefined where none was. */
  recovery: Recovery | undefined;
  history: History;
}

/** Beside the small cast: with it some two hundred clients in fifty conversations. */
const crowdedConversations = 46;
/** Five nodes and two servers on two cores have to keep up. */
const usualPace = 3;
/** Faults begin when so many were connected, or when the wait for them is over. */
const mostClients = 180;
const patienceMs = 60_000;
const lookEveryMs = 100;

export async function runCluster(options: ClusterRunOptions): Promise<ClusterRunResult> {
  const { seed, faults, busyMs, calm, pace = usualPace, onStep = () => undefined } = options;
  const random = new Random(seed);
  const notebook = new Notebook();
  await using opened = new AsyncDisposableStack();
  const provider = opened.adopt(await startProviderStandIn(notebook, random.fork()), (each) => each.close());
  const apps = [...smallApps, crowdOf(crowdedConversations)];
  const start = await faults.find((fault) => fault.start !== undefined)?.start?.();
  const onLine = (name: string, { level, msg, err }: LogLine): void => {
    if (level === 'error' && !isExpected(msg, err))
      notebook.record({ type: 'odd', what: `${name} logged an error: ${msg} ${JSON.stringify(err)}` });
  };
  const provision = provisionText({ providerUrl: provider.url, of: apps });
  const given = { provision, onLine, ...(start !== undefined && { start }) };
  const cluster = opened.adopt(await startCluster(given), (each) => each.stop());
  const choice = random.fork();
  // As a balancer that does not look at its nodes.
  const url = (): string => cluster.gateways[choice.between(0, cluster.gateways.length - 1)]?.url ?? '';
  const workload = opened.adopt(
    new Workload({ notebook, provider, random: random.fork(), url, of: apps, pace }),
    (each) => each.stop(),
  );
  const scene = sceneOf({ cluster, notebook, random: random.fork() });
  const inflicted: Inflicted[] = [];
  notebook.record({ type: 'started' });
  onStep('the nodes are there');
  await workload.start();
  const isConnected = (): boolean => notebook.events.filter(({ type }) => type === 'opened').length >= mostClients;
  for (let left = patienceMs; left > 0 && !isConnected(); left -= lookEveryMs) await sleep(lookEveryMs);
  await sleep(busyMs);
  for (const fault of faults) {
    const done = await inflictOn(scene, fault);
    inflicted.push(done);
    onStep(`${done.name}: ${done.shownBy ?? 'it did not happen'}`);
    await sleep(busyMs);
  }
  workload.calmDown();
  await workload.lastWord();
  onStep('all is said');
  const { history, violations } = await workload.calm(calm);
  const recovery = recoveryOf(history, { kills: scene.kills, stays: staysOf(apps) });
  return { violations, counts: countsOf(history), inflicted, recovery, history };
}

function staysOf(apps: readonly App[]): (client: { app: string; reader: string }) => boolean {
  const staying = apps.flatMap(({ key, cast }) =>
    cast.filter(({ habit }) => habit === 'stays').map(({ user }) => `${key} ${user}-1`),
  );
  const known = new Set(staying);
  return ({ app, reader }) => known.has(`${app} ${reader}`);
}

/** Lines that say that a part of a node is up or down. */
const statesOfParts: ReadonlySet<string> = new Set(['bus', 'presence', 'queue', 'store']);

/** Of nodes that are without a server that they need; any other error is a defect. */
function isExpected(msg: string, err: unknown): boolean {
  if (statesOfParts.has(msg)) return true;
  const { message } = (err ?? {}) as { message?: unknown };
  return typeof message === 'string' && message.startsWith('A part that this needs is away.');
}

async function inflictOn(scene: Scene, { name, inflict }: Fault): Promise<Inflicted> {
  try {
    return { name, shownBy: await inflict(scene) };
  } catch (error) {
    scene.notebook.record({ type: 'odd', what: `${name}: ${String(error)}` });
    return { name, shownBy: undefined };
  }
}

function sceneOf(given: Pick<Scene, 'cluster' | 'notebook' | 'random'>): Scene {
  const { notebook } = given;
  const kills: Kill[] = [];
  return {
    ...given,
    kills,
    async broken(run) {
      notebook.record({ type: 'trouble', is: 'begun' });
      try {
        return await run();
      } finally {
        notebook.record({ type: 'trouble', is: 'over' });
      }
    },
    async killAndStart(node, awayMs) {
      kills.push({ url: node.url, at: notebook.now() });
      notebook.record({ type: 'stopping', how: 'kill' });
      await node.kill();
      notebook.record({ type: 'stopped', how: 'kill', code: null });
      await sleep(awayMs);
      await node.start();
      notebook.record({ type: 'started' });
    },
    async restart(node, options) {
      notebook.record({ type: 'stopping', how: 'drain' });
      notebook.record({ type: 'stopped', how: 'drain', code: await node.drain() });
      await node.start(options);
      notebook.record({ type: 'started' });
    },
  };
}
