// Whether the MongoDB of a cluster keeps what Belfry promises. What it is like, the driver finds out.
import type { Parts } from '../../compose/parts.ts';
import type { ClusterConfig } from '../../config/config.ts';
import type { Check } from './check.ts';

type Look = Awaited<ReturnType<Parts['lookAtMongo']>>;

/**
 * Nothing is decided by comparing clocks of machines, but times in messages and the ends of tokens differ by
 * it.
 */
const clockProblemMs = 30_000;
const clockWarningMs = 1000;
/** Every message waits for it. */
const slowMs = 20;

const name = 'mongodb';

/** With `isReached: false` there is no point in looking further. */
export async function checkMongo(
  { mongodbUrl }: ClusterConfig,
  { lookAtMongo }: Pick<Parts, 'lookAtMongo'>,
): Promise<{ isReached: boolean; checks: Check[] }> {
  try {
    const look = await lookAtMongo(mongodbUrl);
    return { isReached: true, checks: [serverOf(look), concernOf(look), indexesOf(look), clockOf(look)] };
  } catch (error) {
    const detail = error instanceof Error ? error.message : String(error);
    const advice = detail.includes('replica set')
      ? 'make it one: `mongod --replSet rs0`, then rs.initiate(); one member is enough to try'
      : 'see that MONGODB_URL is right, its server runs, and this machine may reach it';
    return { isReached: false, checks: [{ name, state: 'problem', detail, advice }] };
  }
}

function serverOf({ version, replicaSet, members, roundTripMs }: Look): Check {
  const set = replicaSet === undefined ? 'a router of a sharded cluster' : `replica set ${replicaSet}`;
  const detail = `version ${version}, ${set}${replicaSet === undefined ? '' : `, members: ${members}`}, ${millis(roundTripMs)} away`;
  if (roundTripMs > slowMs) {
    return { name, state: 'warning', detail, advice: 'bring it nearer: every message waits for it at least once' };
  }
  if (replicaSet !== undefined && members < 3) {
    const advice = 'for production have three members: with fewer, one that fails stops all writes';
    return { name, state: 'warning', detail, advice };
  }
  return { name, state: 'ok', detail };
}

function concernOf({ writeConcern }: Look): Check {
  if (writeConcern.kept) return { name, state: 'ok', detail: 'writes reach the disks of a majority' };
  const detail = `a write did not reach the disks of a majority: ${writeConcern.reason}`;
  const advice = 'see with rs.status() that a majority of the members is up, and that this user may write';
  return { name, state: 'problem', detail, advice };
}

function indexesOf({ missing }: Look): Check {
  if (missing === undefined) return { name, state: 'ok', detail: 'nothing is stored yet; the first start makes it' };
  if (missing.length === 0) return { name, state: 'ok', detail: 'all indexes are there' };
  const detail = `indexes are missing: ${missing.map(({ index }) => index).join(', ')}`;
  const isProblem = missing.some(({ isUnique }) => isUnique);
  return { name, state: isProblem ? 'problem' : 'warning', detail, advice: 'belfry migrate --indexes' };
}

function clockOf({ clockAheadMs }: Look): Check {
  const off = Math.abs(clockAheadMs);
  const detail = `its clock is ${millis(off)} ${clockAheadMs < 0 ? 'behind' : 'ahead of'} this machine's`;
  if (off < clockWarningMs) return { name, state: 'ok', detail };
  const advice = 'keep the clocks of all machines right with NTP';
  return { name, state: off < clockProblemMs ? 'warning' : 'problem', detail, advice };
}

export function millis(ms: number): string {
  return ms < 10 ? `${ms.toFixed(1)} ms` : ms < 1000 ? `${Math.round(ms)} ms` : `${(ms / 1000).toFixed(1)} s`;
}
