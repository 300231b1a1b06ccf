// Rounds of load, taken in turns by the contenders: the cost of each delivery for its server. Used by every
// scenario that compares.
import { setTimeout as sleep } from 'node:timers/promises';
import type { Bench } from '../bench.ts';
import type { Counts, Latencies } from '../load/orders.ts';
import type { Figure } from '../scenario.ts';
import { bytesAllocated } from './allocation.ts';
import type { Party, SendPlan } from './party.ts';
import { cpuMicrosOf } from './process-usage.ts';
import { quiet } from './quiet.ts';

export interface Round {
  deliveries: number;
  messages: number;
  /** Of the server, or of all nodes and their Redis, per delivery, µs. */
  cpuMicros: number;
  /** Of several nodes: what each part took of it, and what the store took beside it. */
  parts?: Parts;
  /** The same per message, or per page of a log. */
  cpuMicrosAMessage: number;
  perSecond: number;
  /** Of one core, while the load lasted. */
  generatorShare: number;
  latencies: Latencies;
  /** With `--alloc`. */
  allocatedBytes?: number;
}

/** CPU per delivery, µs. */
export interface Parts {
  nodes: number;
  redis: number;
  /** Where it stores, and on this machine. */
  store?: number;
}

/** By the parties' labels, in the order of the rounds. */
export type Results = ReadonlyMap<string, readonly Round[]>;

/** Code is compiled and buffers have grown before anything counts; part of a round's time. */
const warmUpShare = 0.5;

/** Rejects when a delivery is missing or too many. */
export async function runRounds(
  bench: Bench,
  parties: readonly Party[],
  plan: {
    seconds: number;
    sendBy: (party: Party) => SendPlan;
    /** Where a round has too few messages for code to be compiled; half of a round when left out. */
    warmUp?: { seconds: number; rate: SendPlan['rate'] };
  },
): Promise<Results> {
  const { rounds } = bench.options;
  const results = new Map(parties.map((party): [string, Round[]] => [party.label, []]));
  for (const party of parties) {
    const { seconds = plan.seconds * warmUpShare, ...rate } = plan.warmUp ?? {};
    await runRound(bench, party, { send: { ...plan.sendBy(party), ...rate }, seconds });
  }
  for (let round = 1; round <= rounds; round += 1) {
    // Another contender begins each time, so that none always comes after the same one.
    const order = parties.map((_, index) => parties[(index + round) % parties.length]);
    for (const party of order) {
      if (party === undefined) continue;
      const result = await runRound(bench, party, { send: plan.sendBy(party), seconds: plan.seconds });
      results.get(party.label)?.push(result);
      bench.say(`round ${round} of ${rounds}: ${party.label} ${describe(result)}`);
    }
  }
  return results;
}

async function runRound(
  bench: Bench,
  party: Party,
  { send, seconds }: { send: SendPlan; seconds: number },
): Promise<Round> {
  const before = await party.counts();
  await party.latencies();
  const { logFile } = party.server;
  const allocated = bench.options.alloc ? bytesAllocated(logFile) : undefined;
  const cpuBefore = usageOf(party);
  const startedMs = performance.now();
  await party.send(send);
  await sleep(seconds * 1000);
  const after = await party.drain();
  const tookMs = performance.now() - startedMs;
  // Together: what nodes take with nothing to do counts for as long with many as with few.
  await Promise.all(party.nodes.map(({ pid }) => quiet(pid)));
  const used = lessBy(usageOf(party), cpuBefore);
  const cpuMicros = used.nodes + used.redis;
  checkCounts(party, before, await party.counts());
  const deliveries = after.delivered - before.delivered;
  const messages = after.sent - before.sent;
  const allocatedBytes = allocated?.();
  return {
    deliveries,
    messages,
    cpuMicros: cpuMicros / deliveries,
    cpuMicrosAMessage: cpuMicros / messages,
    perSecond: ((deliveries === 0 ? messages : deliveries) / tookMs) * 1000,
    generatorShare: (after.cpuMicros - before.cpuMicros) / (tookMs * 1000),
    latencies: await party.latencies(),
    ...(party.engines === undefined ? {} : { parts: perDelivery(used, deliveries) }),
    ...(allocatedBytes === undefined ? {} : { allocatedBytes: allocatedBytes / deliveries }),
  };
}

/** CPU so far, µs. */
function usageOf({ nodes, engines }: Party): Parts {
  return {
    nodes: nodes.reduce((sum, { pid }) => sum + cpuMicrosOf(pid), 0),
    redis: engines === undefined ? 0 : cpuMicrosOf(engines.redisPid),
    ...(engines?.storePid === undefined ? {} : { store: cpuMicrosOf(engines.storePid) }),
  };
}

function lessBy(now: Parts, before: Parts): Parts {
  return {
    nodes: now.nodes - before.nodes,
    redis: now.redis - before.redis,
    ...(now.store === undefined ? {} : { store: now.store - (before.store ?? 0) }),
  };
}

function perDelivery({ nodes, redis, store }: Parts, deliveries: number): Parts {
  return {
    ...{ nodes: nodes / deliveries, redis: redis / deliveries },
    ...(store === undefined ? {} : { store: store / deliveries }),
  };
}

/**
 * Checks the numbers: every message must have reached every receiver once, and been answered where answers
 * are due.
 */
function checkCounts({ label, name }: Party, before: Counts, after: Counts): void {
  const gained = (field: keyof Counts): number => after[field] - before[field];
  const messages = gained('sent');
  const isWhole = messages > 0 && gained('delivered') === gained('expected');
  const isAnswered = name !== 'belfry' || gained('answered') === messages;
  if (isWhole && isAnswered && gained('refused') === 0 && gained('lost') === 0) return;
  const fields = ['sent', 'expected', 'delivered', 'answered', 'refused', 'lost'] as const;
  throw new Error(`${label}: ${fields.map((field) => `${field}: ${gained(field)}`).join(', ')}`);
}

/** The usual figures of a comparison, and the ratios to the contender of the same round. */
export function figuresOf(results: Results): Figure[] {
  const figures: Figure[] = [];
  for (const [name, rounds] of results) {
    const figure = (what: string, unit: string, read: (round: Round) => number): void =>
      void figures.push({ of: name, what, unit, values: rounds.map(read) });
    figure('CPU per delivery', 'µs', (round) => round.cpuMicros);
    if (rounds.every(({ parts }) => parts !== undefined)) {
      figure('of it the nodes', 'µs', ({ parts }) => parts?.nodes ?? Number.NaN);
      figure('of it Redis', 'µs', ({ parts }) => parts?.redis ?? Number.NaN);
    }
    if (rounds.every(({ parts }) => parts?.store !== undefined)) {
      figure('beside it the store', 'µs', ({ parts }) => parts?.store ?? Number.NaN);
    }
    figure('deliveries', '/s', (round) => round.perSecond);
    if (rounds.some(({ latencies }) => latencies.samples > 0)) {
      figure('latency p50', 'ms', ({ latencies }) => latencies.p50Ms);
      figure('latency p99', 'ms', ({ latencies }) => latencies.p99Ms);
    }
    if (rounds.every(({ allocatedBytes }) => allocatedBytes !== undefined)) {
      figure('allocated per delivery', 'B', ({ allocatedBytes = Number.NaN }) => allocatedBytes);
    }
    figure("load generator's CPU", 'of a core', (round) => round.generatorShare);
  }
  return figures;
}

/** The ratio of one value to that of the other contender in the same round. */
export function ratios(
  results: Results,
  { of, to, read }: { of: string; to: string; read: (round: Round) => number },
): number[] {
  const others = results.get(to) ?? [];
  return (results.get(of) ?? []).map((round, index) => {
    const other = others[index];
    return other === undefined ? Number.NaN : read(round) / read(other);
  });
}

function describe(round: Round): string {
  const { cpuMicros, cpuMicrosAMessage, deliveries, perSecond, generatorShare, latencies, parts } = round;
  const delay =
    latencies.samples === 0 ? '' : `, p50 ${latencies.p50Ms.toFixed(2)} p99 ${latencies.p99Ms.toFixed(2)} ms`;
  const cost = deliveries === 0 ? `${cpuMicrosAMessage.toFixed(1)} µs a page` : `${cpuMicros.toFixed(2)} µs a delivery`;
  const of =
    parts === undefined
      ? ''
      : ` (nodes ${parts.nodes.toFixed(2)}, Redis ${parts.redis.toFixed(2)}, store ${(parts.store ?? 0).toFixed(2)})`;
  return `${cost}${of}, ${Math.round(perSecond)}/s${delay}, generator ${Math.round(generatorShare * 100)} %`;
}
