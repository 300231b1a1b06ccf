// One conversation of a thousand, with one sender who sends as fast as everybody receives.
import type { Bench } from '../bench.ts';
import { contenderNames } from '../contenders/contender.ts';
import { figuresOf, ratios, runRounds, type Results, type Round } from '../measure/load-rounds.ts';
import { openParty, type Party, type SendPlan } from '../measure/party.ts';
import { median } from '../measure/statistics.ts';
import type { Scenario } from '../scenario.ts';

/**
 * Messages that have not reached everybody yet. Enough to keep the server at work, few enough that no client
 * counts as slow.
 */
const window = 100;
const offeredPerSecond = 20_000;
const room = 'c1';

export const fanOut: Scenario = {
  name: 'fan-out',
  about: `One conversation of 1,000; one participant sends, with up to ${window} messages on their way to all others.`,
  async run(bench) {
    const results = await measure(bench, { rate: { window: bench.size(window, 4) }, sampleEvery: 0 });
    const cpu = ratios(results, { of: 'belfry', to: 'socket.io', read: ({ cpuMicros }) => cpuMicros });
    return {
      figures: [
        ...figuresOf(results),
        { of: 'belfry / socket.io', what: 'CPU per delivery', unit: 'ratio', values: cpu },
      ],
      reaches: [{ what: "CPU per delivery, of socket.io's", value: median(cpu), bound: { most: 0.2 }, unit: 'ratio' }],
    };
  },
};

export const fanOutPaced: Scenario = {
  name: 'fan-out-paced',
  about:
    'The same conversation at 20,000 deliveries a second, spread evenly: what a delivery costs, and how long it takes.',
  async run(bench) {
    const receivers = participants(bench) - 1;
    const results = await measure(bench, { rate: { perSecond: offeredPerSecond / receivers }, sampleEvery: 20 });
    const of = (read: (round: Round) => number): number[] => ratios(results, { of: 'belfry', to: 'socket.io', read });
    const cpu = of(({ cpuMicros }) => cpuMicros);
    const delay = of(({ latencies }) => latencies.p99Ms);
    return {
      figures: [
        ...figuresOf(results),
        { of: 'belfry / socket.io', what: 'CPU per delivery', unit: 'ratio', values: cpu },
        { of: 'belfry / socket.io', what: 'latency p99', unit: 'ratio', values: delay },
      ],
      reaches: [
        { what: "CPU per delivery, of socket.io's", value: median(cpu), bound: { most: 0.65 }, unit: 'ratio' },
        { what: "latency p99, of socket.io's", value: median(delay), bound: { most: 1 }, unit: 'ratio' },
      ],
    };
  },
};

async function measure(
  bench: Bench,
  { rate, sampleEvery }: { rate: SendPlan['rate']; sampleEvery: number },
): Promise<Results> {
  const users = Array.from({ length: participants(bench) }, (_, index) => `u${index}`);
  const parties: Party[] = [];
  for (const name of contenderNames) {
    const clients = users.map((userId) => ({ userId, rooms: [room] }));
    parties.push(await openParty(bench, name, { clients, rooms: [{ id: room, users }], sampleEvery }));
  }
  return await runRounds(bench, parties, {
    seconds: bench.size(4, 0.3),
    sendBy: () => ({ senders: [{ client: 0, room }], to: 'others', rate }),
  });
}

function participants(bench: Bench): number {
  return bench.size(1000, 40);
}
