// How fast messages get onto the disk: the embedded store itself, one stream or many, one flush for each
// message or for all that wait.
import type { Bench } from '../bench.ts';
import { median } from '../measure/statistics.ts';
import type { Figure, Scenario } from '../scenario.ts';
import { openStore, type EmbeddedStore } from './store.ts';

const streamCounts = [1, 8, 64] as const;

export const append: Scenario = {
  name: 'append',
  about:
    'The embedded store alone, `synchronous=FULL`: 1, 8 and 64 streams that each append a message as soon as the one before is on disk. With one stream every message has a flush of its own.',
  async run(bench) {
    const store = await openStore(bench.folder());
    try {
      const rates = new Map<number, number[]>(streamCounts.map((streams) => [streams, []]));
      const shares = new Map<number, number[]>(streamCounts.map((streams) => [streams, []]));
      await rateOf(bench, store, 8);
      for (let round = 1; round <= bench.options.rounds; round += 1) {
        for (const streams of streamCounts) {
          const { rate, aFlush } = await rateOf(bench, store, streams);
          rates.get(streams)?.push(rate);
          shares.get(streams)?.push(aFlush);
          bench.say(`round ${round} of ${bench.options.rounds}: ${streams} streams ${Math.round(rate)} appends/s`);
        }
      }
      const single = rates.get(1) ?? [];
      const gains = (rates.get(64) ?? []).map((rate, index) => rate / (single[index] ?? Number.NaN));
      return {
        figures: [
          ...[...rates].map(([streams, values]): Figure => ({
            of: `${streams} streams`,
            what: 'appends',
            unit: '/s',
            values,
          })),
          ...[...shares].map(([streams, values]): Figure => ({
            of: `${streams} streams`,
            what: 'appends that share a flush',
            unit: '',
            values,
          })),
          { of: '64 streams / 1 stream', what: 'appends', unit: 'ratio', values: gains },
        ],
        reaches: [{ what: '64 streams, of one by one', value: median(gains), bound: { least: 10 }, unit: 'times' }],
      };
    } finally {
      await store.close();
    }
  },
};

/** Appends a second, each waited for, and how many a flush of the disk carried. */
async function rateOf(bench: Bench, store: EmbeddedStore, streams: number): Promise<{ rate: number; aFlush: number }> {
  let done = 0;
  const commits = store.commits();
  const startedMs = performance.now();
  const endMs = startedMs + bench.size(2000, 100);
  const writers = Array.from({ length: streams }, async (_, stream) => {
    while (performance.now() < endMs) {
      await store.append(`c:s${stream}`, 1);
      done += 1;
    }
  });
  await Promise.all(writers);
  return { rate: done / ((performance.now() - startedMs) / 1000), aFlush: done / (store.commits() - commits) };
}
