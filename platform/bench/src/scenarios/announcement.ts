// One announcement after the other to ten thousand connections.
import { contenderNames } from '../contenders/contender.ts';
import { figuresOf, ratios, runRounds } from '../measure/load-rounds.ts';
import { openParty, type Party } from '../measure/party.ts';
import { median } from '../measure/statistics.ts';
import type { Scenario } from '../scenario.ts';

const topic = 'news';
/** Announcements on their way: as many deliveries as in the conversation of a thousand. */
const window = 10;

export const announcement: Scenario = {
  name: 'announcement',
  about: `10,000 connections that all get every announcement, up to ${window} of them on their way. Belfry's are broadcasts to a topic over HTTP, the others' a command of one client.`,
  async run(bench) {
    const clients = Array.from({ length: bench.size(10_000, 40) }, (_, index) => ({
      userId: `u${index}`,
      rooms: [],
      topics: [topic],
    }));
    const parties: Party[] = [];
    for (const name of contenderNames) parties.push(await openParty(bench, name, { clients, rooms: [] }));
    const results = await runRounds(bench, parties, {
      seconds: bench.size(4, 0.3),
      sendBy: () => ({
        senders: [{ client: 0, room: topic }],
        to: 'everyone',
        rate: { window: bench.size(window, 2) },
        announceTo: topic,
      }),
    });
    const cpu = ratios(results, { of: 'belfry', to: 'socket.io', read: ({ cpuMicros }) => cpuMicros });
    return {
      figures: [
        ...figuresOf(results),
        { of: 'belfry / socket.io', what: 'CPU per delivery', unit: 'ratio', values: cpu },
      ],
      reaches: [{ what: "CPU per delivery, of socket.io's", value: median(cpu), bound: { most: 0.15 }, unit: 'ratio' }],
    };
  },
};
