// Two thousand conversations of five, all of them busy.
import type { Bench } from '../bench.ts';
import { storingContenderNames } from '../contenders/contender.ts';
import { figuresOf, ratios, runRounds } from '../measure/load-rounds.ts';
import { openParty, type Party } from '../measure/party.ts';
import { median } from '../measure/statistics.ts';
import type { Scenario } from '../scenario.ts';

export const peopleInRoom = 5;
/** Messages on their way, of all rooms together. */
const window = 500;

export const rooms: Scenario = {
  name: 'rooms',
  about: `2,000 conversations of five (10,000 connections); one in each sends, up to ${window} messages are on their way. Belfry and "ws, stored" store each message, answer its sender, and are told by every receiver what arrived; the others do nothing of that.`,
  async run(bench) {
    const { all, clients, senders } = smallRooms(bench);
    const parties: Party[] = [];
    for (const name of storingContenderNames) {
      parties.push(await openParty(bench, name, { clients, rooms: all, togetherBy: peopleInRoom }));
    }
    const results = await runRounds(bench, parties, {
      seconds: bench.size(5, 0.3),
      sendBy: () => ({ senders, to: { room: peopleInRoom - 1 }, rate: { window: bench.size(window, 8) } }),
    });
    const cpu = ratios(results, { of: 'belfry', to: 'socket.io', read: ({ cpuMicros }) => cpuMicros });
    return {
      figures: [
        ...figuresOf(results),
        { of: 'belfry / socket.io', what: 'CPU per delivery', unit: 'ratio', values: cpu },
        {
          ...{ of: 'ws, stored / socket.io', what: 'CPU per delivery', unit: 'ratio' },
          values: ratios(results, { of: 'ws, stored', to: 'socket.io', read: ({ cpuMicros }) => cpuMicros }),
        },
      ],
      reaches: [{ what: "CPU per delivery, of socket.io's", value: median(cpu), bound: { most: 0.8 }, unit: 'ratio' }],
    };
  },
};

/** Conversations of five; one in each sends. */
export function smallRooms(bench: Pick<Bench, 'size'>) {
  const all = Array.from({ length: bench.size(2000, 8) }, (_, room) => ({
    id: `c${room}`,
    users: Array.from({ length: peopleInRoom }, (__, person) => `u${room}-${person}`),
  }));
  const clients = all.flatMap(({ id, users }) => users.map((userId) => ({ userId, rooms: [id] })));
  const senders = all.map(({ id }, index) => ({ client: index * peopleInRoom, room: id }));
  return { all, clients, senders };
}
