import { expect, test } from 'vitest';
import { createBench } from '../bench.ts';
import type { Counts } from '../load/orders.ts';
import { parseOptions } from '../options.ts';
import { figuresOf, ratios, runRounds } from './load-rounds.ts';
import type { Party } from './party.ts';

const nothing: Counts = {
  ...{ sent: 0, expected: 0, delivered: 0, answered: 0, refused: 0, heartbeats: 0 },
  ...{ acks: 0, receivedBytes: 0, lost: 0, cpuMicros: 0 },
};

/** A contender that makes these gains each time it is let loose. Its server is this process. */
function partyThat(gains: Partial<Counts>, label = 'belfry'): Party {
  let counts = nothing;
  const read = (): Promise<Counts> => Promise.resolve(counts);
  const server = { name: 'belfry', pid: process.pid, port: 0, logFile: '', stop: () => Promise.resolve() } as const;
  return {
    ...{ name: 'belfry', label, generators: [], counts: read, drain: read },
    ...{ server, nodes: [server], engines: undefined },
    send: () => {
      const fields = Object.keys(counts) as (keyof Counts)[];
      for (const field of fields) counts = { ...counts, [field]: counts[field] + (gains[field] ?? 0) };
      return Promise.resolve();
    },
    latencies: () => Promise.resolve({ samples: 0, p50Ms: 0, p99Ms: 0, maxMs: 0 }),
  };
}

const good = { sent: 10, expected: 40, delivered: 40, answered: 10 };

async function run(...parties: readonly Party[]) {
  const bench = createBench(parseOptions(['--rounds', '2']), () => undefined);
  return await runRounds(bench, parties, {
    seconds: 0.01,
    sendBy: () => ({ senders: [], to: 'others', rate: { window: 1 } }),
  });
}

test('each round is counted by itself, for every contender', async () => {
  const results = await run(partyThat(good, 'one'), partyThat({ ...good, delivered: 80, expected: 80 }, 'two'));
  expect(results.get('one')?.map(({ deliveries, messages }) => [deliveries, messages])).toEqual([
    [40, 10],
    [40, 10],
  ]);
  expect(results.get('two')?.map(({ deliveries }) => deliveries)).toEqual([80, 80]);
  expect(figuresOf(results).filter(({ of }) => of === 'two')).not.toHaveLength(0);
  expect(ratios(results, { of: 'two', to: 'one', read: ({ deliveries }) => deliveries })).toEqual([2, 2]);
});

test('of several nodes the CPU of all and of Redis is counted, and that of the store beside it', async () => {
  const one = partyThat(good);
  const engines = { urls: { redisUrl: '', mongodbUrl: '' }, redisPid: process.pid, storePid: process.pid };
  const results = await run({ ...one, nodes: [one.server, one.server], engines });
  for (const { cpuMicros, parts } of results.get('belfry') ?? []) {
    expect(parts).toMatchObject({ nodes: expect.any(Number), redis: expect.any(Number), store: expect.any(Number) });
    expect(cpuMicros).toBeCloseTo((parts?.nodes ?? Number.NaN) + (parts?.redis ?? Number.NaN));
  }
  expect(figuresOf(results).map(({ what }) => what)).toContain('beside it the store');
});

test.each([
  ['a delivery is missing', { delivered: 39 }, 'expected: 40, delivered: 39'],
  ['a delivery came twice', { delivered: 41 }, 'expected: 40, delivered: 41'],
  ['a message was refused', { refused: 1 }, 'refused: 1'],
  ['a connection was lost', { lost: 1 }, 'lost: 1'],
  ['a message was not answered', { answered: 9 }, 'answered: 9'],
  ['sent: 0', { sent: 0, expected: 0, delivered: 0, answered: 0 }, 'sent: 0'],
])('a round fails when %s', async (_, change, problem) => {
  await expect(run(partyThat({ ...good, ...change }))).rejects.toThrow(problem);
});
