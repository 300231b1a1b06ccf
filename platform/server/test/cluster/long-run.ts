// The long form on a cluster, for ../faults/run.ts: every fault, a few in each round, each round on a cluster of its own.

import type { Random } from '../faults/random.ts';
import { runCluster, type ClusterRunResult } from './cluster-run.ts';
import { faults } from './faults.ts';
import type { Fault } from './scene.ts';
import { cutFrom, freezeWayTo, halfOpenTo, slowWayTo } from './ways.ts';

export interface ClusterRound extends Omit<ClusterRunResult, 'history'> {
  seed: number;
}

export interface LongRunOptions {
  onStep: (what: string) => void;
  /** All rounds so far. */
  onRound: (done: readonly ClusterRound[]) => void;
  keepNotes: (seed: number, result: ClusterRunResult) => void;
}

const forMs = 10_000;

/**
 * Of rounds of two minutes and more. The stand-in of MongoDB takes some 800 commands a second, and a message that is
 * pushed costs some 25: at the usual pace it falls behind there, and pushes are late for that alone.
 */
const slowPace = 4;
/** Old nodes ask the store more than new ones. */
const slowestPace = 6;
/**
 * A fault that begins with other nodes, or that goes through all of them, has a round of its own: logs that grow for
 * minutes are more than the stand-in of MongoDB reads in time.
 */
const rounds: readonly { those: readonly Fault[]; pace?: number }[] = [
  { those: [faults.killGateway, faults.killWorker, faults.flushAll, faults.killClients] },
  { those: [cutFrom('Redis', forMs), cutFrom('the store', forMs), faults.restartRedis, faults.killStore] },
  { those: [faults.freezeGateway, faults.freezeWorker, faults.loseMessages] },
  { those: [faults.cutByBalancer, faults.skewClock], pace: slowPace },
  { those: [faults.restartAll], pace: slowPace },
  { those: [faults.replaceVersion], pace: slowestPace },
  {
    those: [freezeWayTo('Redis', forMs), halfOpenTo('Redis', forMs), slowWayTo('Redis', { delayMs: 200, forMs })],
  },
  {
    those: [
      freezeWayTo('the store', forMs),
      halfOpenTo('the store', forMs),
      slowWayTo('the store', { delayMs: 200, forMs }),
    ],
  },
];

export async function runClusterRounds(
  random: Random,
  { onStep, onRound, keepNotes }: LongRunOptions,
): Promise<ClusterRound[]> {
  const done: ClusterRound[] = [];
  for (const [at, { those, pace }] of rounds.entries()) {
    const seed = random.between(1, 2 ** 31);
    const result = await runCluster({
      ...{ seed, faults: those, busyMs: 5000, calm: { mostMs: 120_000 }, pace },
      onStep: (what) => onStep(`cluster, round ${at + 1}: ${what}`),
    });
    const { violations, counts, inflicted, recovery } = result;
    onStep(`cluster, round ${at + 1}: ${violations.length} violations, ${counts.messages} messages`);
    for (const { guarantee, what } of violations) onStep(`${guarantee}: ${what}`);
    if (violations.length > 0) keepNotes(seed, result);
    done.push({ seed, violations, counts, inflicted, recovery });
    onRound(done);
  }
  return done;
}
