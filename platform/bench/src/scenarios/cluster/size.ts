// What one gateway of a cluster carries within the memory of a preset of the chart (docs/operations.md, "Sizing"): people
// who write now and then, and all of them coming back at once.
import { setTimeout as sleep } from 'node:timers/promises';
import type { Bench } from '../../bench.ts';
import type { RunningServer } from '../../contenders/contender.ts';
import { startEngines, type Engines } from '../../contenders/engines.ts';
import type { Generator } from '../../load/generator.ts';
import { createMemoryGroup, type MemoryGroup } from '../../measure/memory-group.ts';
import { loopDelayMsOf, scrape } from '../../measure/metrics.ts';
import { cpuMicrosOf, mostResidentBytesOf, residentBytesOf } from '../../measure/process-usage.ts';
import { quiet } from '../../measure/quiet.ts';
import { makeConversations } from '../../preparation.ts';
import type { Figure, Scenario } from '../../scenario.ts';
import { tokenOf } from '../../setting.ts';

interface Size {
  preset: string;
  /** The limit of memory in helm/belfry/templates/_helpers.tpl. */
  mebibytes: number;
  connections: number;
}

const sizes: readonly Size[] = [
  { preset: 'small', mebibytes: 512, connections: 2000 },
  { preset: 'small', mebibytes: 512, connections: 10_000 },
  // As many as a process with 20,000 open files has room for.
  { preset: 'medium', mebibytes: 1536, connections: 19_000 },
];
const secondsBetweenMessages = 600;
/** Above twenty to a node that shares its cores with all others, calls to the store take longer than they may. */
const atOnce = { coming: 20, back: 500 } as const;
const patienceMs = 300_000;

export const clusterSize: Scenario = {
  name: 'cluster-size',
  about: `One gateway in a control group with the memory of a preset of the chart, beside a worker: conversations of two, each person with one connection and a message in ten minutes; then all are cut off and come back, ${atOnce.back} handshakes at a time.`,
  async run(bench) {
    const figures: Figure[] = [];
    const notes = new Set<string>();
    for (const size of bench.size(sizes, [{ preset: 'small', mebibytes: 512, connections: 40 }])) {
      const group = createMemoryGroup(size.mebibytes * 1024 * 1024);
      if (group === undefined) notes.add('No control group could be made: the memory had no bound.');
      else bench.keep({ stop: async () => group.remove() });
      figures.push(...(await measure(bench, size, group)));
    }
    return { figures, reaches: [], notes: [...notes] };
  },
};

interface Parts {
  gateway: RunningServer;
  worker: RunningServer;
  engines: Engines;
  generator: Generator;
}

async function measure(bench: Bench, size: Size, group: MemoryGroup | undefined): Promise<Figure[]> {
  const parts = await open(bench, size, group);
  const { gateway, worker, generator } = parts;
  for (const { pid } of [gateway, worker]) await quiet(pid);
  const residentBytes = residentBytesOf(gateway.pid);

  // What was before is in none of the figures.
  await scrape(gateway);
  await generator.ask({ type: 'latencies' });
  const used = usageOf(parts);
  const startedMs = performance.now();
  await generator.ask({
    ...{ type: 'send', receivers: 1, rate: { perSecond: size.connections / secondsBetweenMessages } },
    senders: Array.from({ length: size.connections / 2 }, (_, room) => ({ client: room * 2, room: `c${room}` })),
  });
  await sleep(bench.size(60_000, 2000));
  const counts = await generator.ask({ type: 'drain', patienceMs });
  const wallMicros = (performance.now() - startedMs) * 1000;
  const after = usageOf(parts);
  const metrics = await scrape(gateway);
  const latencies = await generator.ask({ type: 'latencies' });
  if (counts.delivered !== counts.expected || counts.lost > 0 || counts.refused > 0) {
    throw new Error(`${counts.delivered} of ${counts.expected} came, ${counts.lost} connections were lost`);
  }

  await generator.ask({ type: 'cut' });
  await quiet(gateway.pid);
  const cpuBefore = cpuMicrosOf(gateway.pid);
  const back = await generator.ask({ type: 'resume', atOnce: atOnce.back, expected: 0, patienceMs });
  await quiet(gateway.pid);
  const backMicros = (cpuMicrosOf(gateway.pid) - cpuBefore) / size.connections;

  const of = `${size.preset}, ${size.connections} connections`;
  const mebibytes = (bytes: number): number => bytes / 1024 / 1024;
  const share = (part: keyof Usage): number => ((after[part] - used[part]) / wallMicros) * 100;
  const figure = (what: string, unit: string, value: number): Figure => ({ of, what, unit, values: [value] });
  const figures = [
    figure('resident memory, all connected', 'MiB', mebibytes(residentBytes)),
    figure('most resident memory, of all the run', 'MiB', mebibytes(mostResidentBytesOf(gateway.pid))),
    figure('messages', '/s', (counts.sent / wallMicros) * 1_000_000),
    figure('delivery p99', 'ms', latencies.p99Ms),
    figure('CPU of the gateway', '% of a core', share('gateway')),
    figure('CPU of the worker', '% of a core', share('worker')),
    figure('CPU of Redis', '% of a core', share('redis')),
    figure('event loop delay p99', 'ms', loopDelayMsOf(metrics)),
    figure('all back after', 's', back.tookMs / 1000),
    // The SDK does; a client of the load does not.
    figure('of them not at the first try', '', back.failed),
    figure('CPU of the gateway for one that comes back', 'µs', backMicros),
  ];
  bench.say(figures.map(({ what, unit, values: [value = NaN] }) => `${what} ${value.toFixed(1)} ${unit}`).join(', '));
  await close(parts);
  return figures;
}

async function open(bench: Bench, { connections }: Size, group: MemoryGroup | undefined): Promise<Parts> {
  const engines = await startEngines(bench, { stores: true });
  const gateway = await bench.start('belfry', {
    ...{ engines: engines.urls, env: { ROLE: 'gateway' } },
    ...(group === undefined ? {} : { group }),
  });
  const worker = await bench.start('belfry', { engines: engines.urls, env: { ROLE: 'worker' } });
  const rooms = Array.from({ length: connections / 2 }, (_, room) => ({
    id: `c${room}`,
    users: [`u${room * 2}`, `u${room * 2 + 1}`],
  }));
  const epoch = await makeConversations(gateway, rooms);
  const generator = bench.generator();
  const opened = await generator.ask({
    ...{ type: 'open', contender: 'belfry', port: gateway.port, atOnce: atOnce.coming, sampleEvery: 2 },
    clients: rooms.flatMap(({ id, users }) =>
      users.map((userId) => ({ userId, rooms: [id], epoch, token: tokenOf(userId) })),
    ),
  });
  if (opened.failed > 0) throw new Error(`${opened.failed} were not let in: ${opened.problem ?? ''}`);
  return { gateway, worker, engines, generator };
}

interface Usage {
  gateway: number;
  worker: number;
  redis: number;
}

/** µs since their starts. */
function usageOf({ gateway, worker, engines }: Parts): Usage {
  return {
    gateway: cpuMicrosOf(gateway.pid),
    worker: cpuMicrosOf(worker.pid),
    redis: cpuMicrosOf(engines.redisPid),
  };
}

/** Before the next size: the machine is for one at a time. */
async function close({ generator }: Parts): Promise<void> {
  await generator.ask({ type: 'close' });
}
