// Users arrive: each opens a connection, and Belfry verifies the token.
import { cpuMicrosOf } from '../measure/process-usage.ts';
import { quiet } from '../measure/quiet.ts';
import { least, median } from '../measure/statistics.ts';
import { contenderNames, type RunningServer } from '../contenders/contender.ts';
import type { Bench } from '../bench.ts';
import type { Figure, Scenario } from '../scenario.ts';
import { tokenOf } from '../setting.ts';

/** Handshakes under way; fewer than the 511 that Node lets a listening socket queue. */
const atOnce = 200;

export const connect: Scenario = {
  name: 'connect',
  about: `5,000 users connect, ${atOnce} at a time, each with a token that was never seen before. Belfry verifies its signature, resolves the page and opens a session; the others only shake hands. A connection of Belfry's counts until the server has nothing left to do for it.`,
  async run(bench) {
    const figures: Figure[] = [];
    const rates = new Map(contenderNames.map((name) => [name, { core: [] as number[], wall: [] as number[] }]));
    const servers = new Map<string, RunningServer>();
    for (const name of contenderNames) servers.set(name, await bench.start(name));
    // The first round compiles the code, and is not counted.
    for (let round = 0; round <= bench.options.rounds; round += 1) {
      for (const name of contenderNames) {
        const server = servers.get(name);
        if (server === undefined) continue;
        const { core, wall } = await arrive(bench, server, round);
        if (round === 0) continue;
        rates.get(name)?.core.push(core);
        rates.get(name)?.wall.push(wall);
        bench.say(
          `round ${round} of ${bench.options.rounds}: ${name} ${Math.round(core)} a CPU second, ${Math.round(wall)} a second`,
        );
      }
    }
    for (const [name, { core, wall }] of rates) {
      figures.push({ of: name, what: 'connections a CPU second', unit: '/s', values: core });
      figures.push({ of: name, what: 'connections a second', unit: '/s', values: wall });
    }
    const own = rates.get('belfry')?.core ?? [];
    bench.say(`belfry: ${Math.round(least(own))} at least`);
    return {
      figures,
      reaches: [{ what: 'connections on one core', value: median(own), bound: { least: 2000 }, unit: '/s' }],
      notes: ['None was dropped: a single one that is refused or lost fails the scenario.'],
    };
  },
};

async function arrive(bench: Bench, server: RunningServer, round: number): Promise<{ core: number; wall: number }> {
  const { name, port, pid } = server;
  // CPU is counted in ticks of 10 ms: fewer connections may take a contender less than one.
  const count = bench.size(5000, 500);
  const clients = Array.from({ length: count }, (_, index) => {
    const userId = `r${round}-u${index}`;
    return { userId, rooms: [], ...(name === 'belfry' ? { token: tokenOf(userId) } : {}) };
  });
  const generator = bench.generator();
  await quiet(pid);
  const cpuBefore = cpuMicrosOf(pid);
  const opened = await generator.ask({ type: 'open', contender: name, port, atOnce, sampleEvery: 0, clients });
  await quiet(pid);
  const cpuSeconds = (cpuMicrosOf(pid) - cpuBefore) / 1_000_000;
  const { lost } = await generator.ask({ type: 'counts' });
  if (opened.failed + lost > 0 || opened.opened !== count) {
    throw new Error(`${name}: ${opened.opened} of ${count} connected, ${lost} were lost: ${opened.problem ?? ''}`);
  }
  await generator.ask({ type: 'close' });
  await quiet(pid);
  return { core: count / cpuSeconds, wall: count / (opened.tookMs / 1000) };
}
