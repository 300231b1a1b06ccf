// Whether the Redis of a cluster carries what Belfry gives it. What it is like, the driver finds out.
import type { Parts } from '../../compose/parts.ts';
import type { ClusterConfig } from '../../config/config.ts';
import type { Check } from './check.ts';
import { millis } from './mongodb.ts';

type Look = Awaited<ReturnType<Parts['lookAtRedis']>>;

/** The scripts of the queue need it. */
const oldest = [6, 2] as const;
/** Every event to another node crosses it. */
const slowMs = 10;

const name = 'redis';

export async function checkRedis(
  { redis }: ClusterConfig,
  { lookAtRedis }: Pick<Parts, 'lookAtRedis'>,
): Promise<Check[]> {
  let look: Look;
  try {
    look = await lookAtRedis(redis);
  } catch (error) {
    const detail = error instanceof Error ? error.message : String(error);
    return [{ name, state: 'problem', detail: `no Redis answers: ${detail}`, advice: reachAdvice(detail) }];
  }
  return [serverOf(look), modeOf(look), memoryOf(look), persistenceOf(look)];
}

function reachAdvice(detail: string): string {
  if (/NOAUTH|WRONGPASS/.test(detail)) return 'set REDIS_PASSWORD, or the password in REDIS_URL';
  return 'see that REDIS_URL is right, its server runs, and this machine may reach it';
}

function serverOf({ version, roundTripMs }: Look): Check {
  const detail = `version ${version}, ${millis(roundTripMs)} away`;
  const [major = 0, minor = 0] = version.split('.').map(Number);
  if (major < oldest[0] || (major === oldest[0] && minor < oldest[1])) {
    return { name, state: 'problem', detail, advice: `use ${oldest.join('.')} or later; 7 carries events better` };
  }
  if (roundTripMs > slowMs) {
    return { name, state: 'warning', detail, advice: 'bring it nearer: every event to another node crosses it' };
  }
  if (major < 7) {
    return { name, state: 'warning', detail, advice: 'use 7 or later: a cluster then carries an event on one shard' };
  }
  return { name, state: 'ok', detail };
}

function modeOf({ mode, reachedAs, masters }: Look): Check {
  if (mode === 'cluster' && reachedAs !== 'cluster') {
    const advice = 'add ?cluster=true to REDIS_URL';
    return { name, state: 'problem', detail: 'it is a node of a Redis Cluster, and asked as if it were alone', advice };
  }
  if (mode === 'sentinel') {
    const advice = 'add ?sentinel=NAME, the name of its master, to REDIS_URL';
    return { name, state: 'problem', detail: 'it is a sentinel, which keeps nothing itself', advice };
  }
  if (reachedAs === 'cluster') return { name, state: 'ok', detail: `a Redis Cluster, masters: ${masters}` };
  if (reachedAs === 'sentinel') return { name, state: 'ok', detail: 'found by its sentinels' };
  return { name, state: 'ok', detail: 'one server; while it is away, events and presence wait, and nothing is lost' };
}

function memoryOf({ evictionPolicy, maxMemoryBytes }: Look): Check {
  const bound = maxMemoryBytes === 0 ? 'no bound' : `${Math.floor(maxMemoryBytes / 1024 / 1024)} MiB`;
  const detail = `maxmemory-policy ${evictionPolicy}, maxmemory ${bound}`;
  if (evictionPolicy === 'noeviction') return { name, state: 'ok', detail };
  const advice = 'CONFIG SET maxmemory-policy noeviction, and in redis.conf: it would throw jobs and presence away';
  return { name, state: 'problem', detail, advice };
}

/** What Redis forgot, the store does again: jobs of pushes come a little later, kept counts begin anew. */
function persistenceOf({ persistence }: Look): Check {
  const details = {
    append_only: 'it keeps a log on disk (appendonly)',
    snapshots: 'it keeps snapshots on disk, and forgets the last minutes when it is killed',
    none: 'it keeps nothing on disk: jobs that wait are lost with it, but for pushes, which the store owes',
    unknown: 'whether it keeps anything on disk it does not say',
  } as const;
  const detail = details[persistence];
  if (persistence === 'append_only' || persistence === 'unknown') return { name, state: 'ok', detail };
  return { name, state: 'warning', detail, advice: 'CONFIG SET appendonly yes, and in redis.conf' };
}
