// Two thousand conversations of five over two nodes, all of them busy.
import { clusterContenderNames } from '../../contenders/contender.ts';
import { figuresOf, ratios, runRounds } from '../../measure/load-rounds.ts';
import { openParty, type Party } from '../../measure/party.ts';
import { median } from '../../measure/statistics.ts';
import type { Scenario } from '../../scenario.ts';
import { peopleInRoom, smallRooms } from '../rooms.ts';

/** Messages on their way, of all rooms together. */
const window = 200;

export const clusterRooms: Scenario = {
  name: 'cluster-rooms',
  about: `2,000 conversations of five (10,000 connections), each with people on both of two nodes; one in each sends, up to ${window} messages are on their way. Belfry and "ws, stored" store each message in MongoDB and are told by every receiver what arrived; socket.io does nothing of that. CPU is that of both nodes and of Redis; the store's is beside it.`,
  async run(bench) {
    const { all, clients, senders } = smallRooms(bench);
    const parties: Party[] = [];
    for (const name of clusterContenderNames) {
      parties.push(await openParty(bench, name, { clients, rooms: all, togetherBy: peopleInRoom, nodes: 2 }));
    }
    const results = await runRounds(bench, parties, {
      seconds: bench.size(5, 0.3),
      sendBy: () => ({ senders, to: { room: peopleInRoom - 1 }, rate: { window: bench.size(window, 8) } }),
    });
    const of = (to: string): number[] => ratios(results, { of: 'belfry', to, read: ({ cpuMicros }) => cpuMicros });
    const least = of('ws, stored');
    return {
      figures: [
        ...figuresOf(results),
        { of: 'belfry / ws, stored', what: 'CPU per delivery', unit: 'ratio', values: least },
        { of: 'belfry / socket.io', what: 'CPU per delivery', unit: 'ratio', values: of('socket.io') },
      ],
      reaches: [
        { what: 'CPU per delivery, of the least that stores', value: median(least), bound: { most: 2 }, unit: 'ratio' },
      ],
    };
  },
};
