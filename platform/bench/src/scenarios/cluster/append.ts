// How fast messages get into MongoDB: the cluster's store itself, one stream or many.
import { build } from 'hdr-histogram-js';
import type { Bench } from '../../bench.ts';
import { startStore } from '../../contenders/engines.ts';
import { cpuMicrosOf } from '../../measure/process-usage.ts';
import type { Figure, Scenario } from '../../scenario.ts';
import { openMongoStore, type StoreUnderTest } from '../store.ts';

const streamCounts = [1, 8, 64] as const;

interface Appending {
  perSecond: number;
  p50Ms: number;
  p99Ms: number;
  /** Of the process that appends, the driver in it, µs an append. */
  cpuMicros: number;
}

export const clusterAppend: Scenario = {
  name: 'cluster-append',
  about:
    "The cluster's store alone, majority and journal: 1, 8 and 64 streams that each append a message as soon as the one before is certain. CPU is that of the process that appends.",
  async run(bench) {
    const server = await startStore(bench);
    const store = await openMongoStore(server.url);
    const results = new Map<number, Appending[]>(streamCounts.map((streams) => [streams, []]));
    try {
      await appendFor(bench, store, 8);
      for (let round = 1; round <= bench.options.rounds; round += 1) {
        for (const streams of streamCounts) {
          const result = await appendFor(bench, store, streams);
          results.get(streams)?.push(result);
          bench.say(
            `round ${round} of ${bench.options.rounds}: ${streams} streams ${Math.round(result.perSecond)} appends/s, p50 ${result.p50Ms.toFixed(2)} p99 ${result.p99Ms.toFixed(2)} ms, ${result.cpuMicros.toFixed(0)} µs`,
          );
        }
      }
    } finally {
      await store.close();
    }
    return { figures: [...results].flatMap(([streams, rounds]) => figuresOf(streams, rounds)), reaches: [] };
  },
};

function figuresOf(streams: number, rounds: readonly Appending[]): Figure[] {
  const of = streams === 1 ? '1 stream' : `${streams} streams`;
  return [
    { of, what: 'appends', unit: '/s', values: rounds.map(({ perSecond }) => perSecond) },
    { of, what: 'latency p50', unit: 'ms', values: rounds.map(({ p50Ms }) => p50Ms) },
    { of, what: 'latency p99', unit: 'ms', values: rounds.map(({ p99Ms }) => p99Ms) },
    { of, what: 'CPU per append', unit: 'µs', values: rounds.map(({ cpuMicros }) => cpuMicros) },
  ];
}

async function appendFor(bench: Bench, store: StoreUnderTest, streams: number): Promise<Appending> {
  const latencies = build({ numberOfSignificantValueDigits: 3 });
  const cpuBefore = cpuMicrosOf(process.pid);
  const startedMs = performance.now();
  const endMs = startedMs + bench.size(3000, 200);
  const writers = Array.from({ length: streams }, async (_, stream) => {
    while (performance.now() < endMs) {
      const beganMs = performance.now();
      await store.append(`c:s${stream}`, 1);
      latencies.recordValue(Math.max(1, Math.round((performance.now() - beganMs) * 1000)));
    }
  });
  await Promise.all(writers);
  const tookMs = performance.now() - startedMs;
  return {
    perSecond: (latencies.totalCount / tookMs) * 1000,
    p50Ms: latencies.getValueAtPercentile(50) / 1000,
    p99Ms: latencies.getValueAtPercentile(99) / 1000,
    cpuMicros: (cpuMicrosOf(process.pid) - cpuBefore) / latencies.totalCount,
  };
}
