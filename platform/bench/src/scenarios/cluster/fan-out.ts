// One conversation of a thousand whose connections are on two nodes.
import { figuresOf, ratios, runRounds } from '../../measure/load-rounds.ts';
import { openParty, type Party } from '../../measure/party.ts';
import { median } from '../../measure/statistics.ts';
import type { Scenario } from '../../scenario.ts';

/** As with one server (scenarios/fan-out.ts). */
const window = 100;
const room = 'c1';

export const clusterFanOut: Scenario = {
  name: 'cluster-fan-out',
  about: `One conversation of 1,000, half on each of two nodes; one participant sends, with up to ${window} messages on their way to all others. socket.io has its Redis adapter, and stores nothing. CPU is that of both nodes and of Redis; the store's is beside it.`,
  async run(bench) {
    const users = Array.from({ length: bench.size(1000, 40) }, (_, index) => `u${index}`);
    const clients = users.map((userId) => ({ userId, rooms: [room] }));
    const parties: Party[] = [];
    for (const name of ['socket.io', 'belfry'] as const) {
      parties.push(await openParty(bench, name, { clients, rooms: [{ id: room, users }], nodes: 2, sampleEvery: 20 }));
    }
    const results = await runRounds(bench, parties, {
      seconds: bench.size(4, 0.3),
      sendBy: () => ({
        ...{ senders: [{ client: 0, room }], to: 'others' },
        rate: { window: bench.size(window, 4) },
      }),
    });
    const cpu = ratios(results, { of: 'belfry', to: 'socket.io', read: ({ cpuMicros }) => cpuMicros });
    return {
      figures: [
        ...figuresOf(results),
        { of: 'belfry / socket.io', what: 'CPU per delivery', unit: 'ratio', values: cpu },
      ],
      reaches: [{ what: "CPU per delivery, of socket.io's", value: median(cpu), bound: { most: 0.5 }, unit: 'ratio' }],
    };
  },
};
