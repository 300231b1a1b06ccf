// What one event costs when there are more nodes: in conversations whose people are anywhere, and in those whose
// people are on two nodes, so that every other node has nothing to do with it.
import type { Bench } from '../../bench.ts';
import { runRounds, type Results } from '../../measure/load-rounds.ts';
import { openParty, type Party } from '../../measure/party.ts';
import { median } from '../../measure/statistics.ts';
import type { Figure, Scenario } from '../../scenario.ts';

const nodeCounts: readonly number[] = [1, 2, 4, 8];
const peopleInRoom = 5;
/** An event in less than every fourth turn of a node, so that few share a message of Redis or a write. */
const messagesPerSecond = 50;
/** Each of eight nodes has had some hundred messages before anything counts. */
const warmUpPerSecond = 150;

type Way = 'two nodes' | 'anywhere';

export const clusterGrowth: Scenario = {
  name: 'cluster-nodes',
  about: `Belfry on 1, 2, 4 and 8 nodes with the same 120 conversations of five, ${messagesPerSecond} messages a second. The people of half of the conversations are on two nodes, those of the others are anywhere. CPU is that of all nodes and of Redis for one message, with its answer and acknowledgements.`,
  async run(bench) {
    const perWay = bench.size(60, 4);
    const parties: Party[] = [];
    const counts = bench.size(nodeCounts, nodeCounts.slice(0, 2));
    for (const nodes of counts) parties.push(await openGrown(bench, nodes, perWay));
    const figures: Figure[] = [];
    const growth = new Map<Way, number>();
    for (const way of ['two nodes', 'anywhere'] as const) {
      const senders = Array.from({ length: perWay }, (_, at) => {
        const room = way === 'two nodes' ? at : perWay + at;
        return { client: room * peopleInRoom, room: `c${room}` };
      });
      const results = await runRounds(bench, parties, {
        seconds: bench.size(4, 0.3),
        sendBy: () => ({ senders, to: { room: peopleInRoom - 1 }, rate: { perSecond: messagesPerSecond } }),
        warmUp: { seconds: bench.size(10, 0.3), rate: { perSecond: bench.size(warmUpPerSecond, messagesPerSecond) } },
      });
      figures.push(...figuresOf(way, results));
      growth.set(way, growthOf(results));
    }
    return {
      figures,
      reaches: [
        {
          ...{ what: `CPU per message of two nodes' people, ${counts.at(-1)} nodes to 2`, unit: 'ratio' },
          ...{ value: growth.get('two nodes') ?? Number.NaN, bound: { most: 1.5 } },
        },
      ],
    };
  },
};

function openGrown(bench: Bench, nodes: number, perWay: number): Promise<Party> {
  const rooms = Array.from({ length: perWay * 2 }, (_, room) => ({
    id: `c${room}`,
    users: Array.from({ length: peopleInRoom }, (__, person) => `u${room}-${person}`),
  }));
  const clients = rooms.flatMap(({ id, users }, room) =>
    users.map((userId, person) => ({
      ...{ userId, rooms: [id] },
      node: room < perWay ? room + (person % 2) : room + person,
    })),
  );
  const label = nodes === 1 ? '1 node' : `${nodes} nodes`;
  return openParty(bench, 'belfry', { clients, rooms, nodes, label, togetherBy: peopleInRoom });
}

function figuresOf(way: Way, results: Results): Figure[] {
  return [...results].flatMap(([label, rounds]): Figure[] => {
    const of = `${label}, people ${way === 'anywhere' ? way : `on ${way}`}`;
    return [
      { of, what: 'CPU per message', unit: 'µs', values: rounds.map(({ cpuMicrosAMessage }) => cpuMicrosAMessage) },
      {
        ...{ of, what: 'of it Redis', unit: 'µs' },
        values: rounds.map(({ parts, deliveries, messages }) => ((parts?.redis ?? 0) * deliveries) / messages),
      },
    ];
  });
}

/** Of the most nodes to two, the fewest that have anything to say to each other. */
function growthOf(results: Results): number {
  const costs = (rounds: readonly { cpuMicrosAMessage: number }[] | undefined): number =>
    median((rounds ?? []).map(({ cpuMicrosAMessage }) => cpuMicrosAMessage));
  return costs([...results.values()].at(-1)) / costs(results.get('2 nodes'));
}
