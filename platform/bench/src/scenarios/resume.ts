// The network is back: all clients that were cut off reconnect at once, and resume.
import type { Party } from '../measure/party.ts';
import { openParty } from '../measure/party.ts';
import { createHttpApi } from '../load/http-api.ts';
import { sendMany } from '../load/post.ts';
import { growthOf, scrape } from '../measure/metrics.ts';
import { cpuMicrosOf } from '../measure/process-usage.ts';
import { quiet } from '../measure/quiet.ts';
import { median } from '../measure/statistics.ts';
import type { Scenario } from '../scenario.ts';

const missed = 20;
/**
 * Handshakes under way: as many as Node lets a listening socket queue. The rest of a storm waits in its
 * clients.
 */
const atOnce = 500;
const sender = 'back-office';
/** Reads that reached the store. */
const readsName = 'belfry_log_reads_total';

export const resume: Scenario = {
  name: 'resume',
  about: `5,000 clients in 10 conversations are cut off at once, ${missed} messages are sent into each conversation, and all come back with \`resume\`, ${atOnce} handshakes at a time. Until everybody has everything.`,
  async run(bench) {
    const rooms = Array.from({ length: bench.size(10, 2) }, (_, room) => `c${room}`);
    const inRoom = bench.size(500, 10);
    const usersOf = (room: string): string[] => Array.from({ length: inRoom }, (_, index) => `${room}-u${index}`);
    const clients = rooms.flatMap((room) => usersOf(room).map((userId) => ({ userId, rooms: [room] })));
    const party = await openParty(bench, 'belfry', {
      clients,
      rooms: rooms.map((id) => ({ id, users: [sender, ...usersOf(id)] })),
    });
    // From here on each client knows its position.
    await say(party, { rooms, times: 1 });
    await arrived(party, clients.length);
    const runs: Storm[] = [];
    for (let round = 1; round <= Math.min(2, bench.options.rounds); round += 1) {
      const storm = await storms(party, rooms, clients.length);
      runs.push(storm);
      bench.say(`storm ${round}: ${JSON.stringify(storm)}`);
    }
    const figure = (what: string, unit: string, read: (storm: Storm) => number) => ({
      ...{ of: 'belfry', what, unit, values: runs.map(read) },
    });
    const reads = runs.map((storm) => storm.reads / rooms.length);
    return {
      figures: [
        figure('all caught up after', 's', ({ seconds }) => seconds),
        figure('CPU of a client that came back', 'µs', ({ cpuMicros }) => cpuMicros),
        figure('catch-ups', '', ({ catchUps }) => catchUps),
        figure('reads of the log in the store', '', (storm) => storm.reads),
      ],
      reaches: [
        { what: 'reads of a conversation that 500 missed', value: median(reads), bound: { most: 5 }, unit: '' },
      ],
    };
  },
};

interface Storm {
  seconds: number;
  cpuMicros: number;
  catchUps: number;
  reads: number;
}

async function storms(party: Party, rooms: readonly string[], clients: number): Promise<Storm> {
  const { server, generators } = party;
  await Promise.all(generators.map((generator) => generator.ask({ type: 'cut' })));
  await quiet(server.pid);
  await say(party, { rooms, times: missed });
  await quiet(server.pid);
  const before = await scrape(server);
  const cpuBefore = cpuMicrosOf(server.pid);
  const expected = (clients / generators.length) * missed;
  const back = await Promise.all(
    generators.map((generator) => generator.ask({ type: 'resume', atOnce, expected, patienceMs: 120_000 })),
  );
  await quiet(server.pid);
  const cpuMicros = (cpuMicrosOf(server.pid) - cpuBefore) / clients;
  const after = await scrape(server);
  const delivered = back.reduce((sum, each) => sum + each.delivered, 0);
  const failed = back.reduce((sum, each) => sum + each.failed, 0);
  if (failed > 0 || delivered !== clients * missed) {
    throw new Error(`${failed} did not come back; ${delivered} of ${clients * missed} messages were caught up`);
  }
  return {
    seconds: Math.max(...back.map(({ tookMs }) => tookMs)) / 1000,
    cpuMicros,
    catchUps: growthOf('belfry_catch_ups_total', before, after) ?? Number.NaN,
    reads: growthOf(readsName, before, after) ?? Number.NaN,
  };
}

async function say({ server }: Party, { rooms, times }: { rooms: readonly string[]; times: number }): Promise<void> {
  const api = createHttpApi({ port: server.port, atOnce: 1 });
  try {
    for (let time = 0; time < times; time += 1) await sendMany(api, sender, rooms);
  } finally {
    api.close();
  }
}

async function arrived(party: Party, deliveries: number): Promise<void> {
  await quiet(party.server.pid);
  const { delivered } = await party.counts();
  if (delivered !== deliveries) throw new Error(`${delivered} of ${deliveries} got the first message`);
}
