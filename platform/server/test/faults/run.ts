// The long form, `npm run test:faults [-- --kills 100] [--only embedded|cluster]`: rounds of kills, then every
// mechanism switched off, then every fault of a cluster; then the report in docs/.

import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { runClusterRounds } from '../cluster/long-run.ts';
import type { History } from './history.ts';
import { runKills } from './kill-run.ts';
import { mechanisms } from './mechanisms.ts';
import { Random, seedOf } from './random.ts';
import { clusterPart, embeddedPart, pageOf, type Round, type SwitchedOff } from './report.ts';
import { runWithout } from './run-without.ts';

const report = join(import.meta.dirname, '../../../../docs/reliability-report.md');
const notes = join(import.meta.dirname, '../../../../test-results');
const stopsPerRound = 25;
/** A fifth of the stops are drains, which are not counted as kills. */
const stopsPerKill = 1.25;
/** docs/guarantees.md, G9. */
const mostRecoveryMs = 5000;

const { values } = parseArgs({ options: { kills: { type: 'string', default: '100' }, only: { type: 'string' } } });
const kills = Number(values.kills);
const seed = seedOf(process.env);
console.log(`SEED=${seed}, ${kills} kills`);

const isGood = [
  values.only === 'cluster' || (await runEmbedded()),
  values.only === 'embedded' || (await runOnCluster()),
].every(Boolean);
console.log(isGood ? 'every promise was kept' : 'not every promise was kept');
process.exit(isGood ? 0 : 1);

async function runEmbedded(): Promise<boolean> {
  const rounds = await runRounds();
  const switchedOff = await runSwitchedOff();
  write({ embedded: embeddedPart({ rounds, switchedOff }) });
  const blind = switchedOff.filter(({ mechanism, found }) => !found.includes(mechanism.guarantee));
  for (const { mechanism } of blind) console.log(`not noticed: ${mechanism.guarantee} without ${mechanism.id}`);
  return blind.length === 0 && rounds.every(({ violations }) => violations.length === 0);
}

async function runOnCluster(): Promise<boolean> {
  const rounds = await runClusterRounds(new Random(seed), {
    onStep: (what) => console.log(what),
    onRound: (done) => write({ cluster: clusterPart(done) }),
    keepNotes: (ofSeed, { history }) => keepNotes(ofSeed, history),
  });
  return rounds.every(
    ({ violations, inflicted, recovery }) =>
      violations.length === 0 &&
      inflicted.every(({ shownBy }) => shownBy !== undefined) &&
      (recovery === undefined || recovery.isMachineBusy || recovery.p99Ms < mostRecoveryMs),
  );
}

function write(parts: Parameters<typeof pageOf>[1]): void {
  writeFileSync(report, pageOf(readFileSync(report, 'utf8'), parts));
}

async function runRounds(): Promise<Round[]> {
  const random = new Random(seed);
  const done: Round[] = [];
  for (let left = kills; left > 0;) {
    // The first by the seed itself, so that a round of the report can be replayed alone.
    const own = done.length === 0 ? seed : random.between(1, 2 ** 31);
    const inRound = Math.min(Math.ceil(left * stopsPerKill), stopsPerRound);
    const result = await runKills({
      seed: own,
      // The last kill of a round comes when the work is done.
      stops: inRound - 1,
      calm: { mostMs: 120_000 },
      onStop: (count) => console.log(`round ${done.length + 1}: ${count} of ${inRound}`),
    });
    const { violations, counts, history } = result;
    console.log(`round ${done.length + 1}: ${violations.length} violations, ${counts.messages} messages`);
    for (const { guarantee, what } of violations) console.log(`${guarantee}: ${what}`);
    if (violations.length > 0) keepNotes(own, history);
    done.push({ seed: own, violations, counts });
    left -= counts.kills;
  }
  return done;
}

/** The records of clients and phones in a round that went wrong, for the person who looks into it. */
function keepNotes(ofSeed: number, history: History): void {
  mkdirSync(notes, { recursive: true });
  const file = join(notes, `faults-${ofSeed}.json`);
  writeFileSync(file, JSON.stringify(history));
  console.log(`the history is in ${file}`);
}

async function runSwitchedOff(): Promise<SwitchedOff[]> {
  const done: SwitchedOff[] = [];
  for (const mechanism of mechanisms) {
    const found = await runWithout(mechanism, seed);
    console.log(`without ${mechanism.id}: ${found.join(', ')}`);
    done.push({ mechanism, found });
  }
  return done;
}
