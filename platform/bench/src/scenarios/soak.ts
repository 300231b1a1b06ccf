// Hours in the life of a server: the same load all the time, clients that come and go, and regular looks at
// its memory. Not among the scenarios; run by `--soak`.
import { statSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Bench } from '../bench.ts';
import { dataDirOf } from '../contenders/belfry.ts';
import { inspectorFlag, openCollector, type Collector } from '../measure/collector.ts';
import { loopDelayMsOf, scrape, sumOf } from '../measure/metrics.ts';
import { openParty, type Party } from '../measure/party.ts';
import { cpuMicrosOf, openFilesOf, residentBytesOf } from '../measure/process-usage.ts';
import { quiet } from '../measure/quiet.ts';
import { growthPerHour, type Sample } from '../measure/slope.ts';
import type { Figure, Result, Scenario } from '../scenario.ts';

const peopleInRoom = 5;
const messagesPerSecond = 100;
const churnPerSecond = 5;
/** Caches fill and code is compiled in the first minutes; a short run leaves out a quarter of it. */
const warmUpMs = 5 * 60_000;
const lookEveryMs = 5000;
const collectEveryMs = 60_000;
const mostGrowthPerHour = 0.01;

export function soakFor(ms: number): Scenario {
  return {
    name: 'soak',
    about: `${(ms / 60_000).toFixed(1)} minutes of ${messagesPerSecond} messages a second into 200 conversations of five, while ${churnPerSecond} clients a second are cut off and come back. Once a minute the server is made to collect its garbage: memory is what it holds then; its growth is the median slope after the first five minutes.`,
    async run(bench) {
      const folder = bench.folder();
      const party = await openSoak(bench, folder);
      const collector = await openCollector(party.server);
      const looks = await watch(bench, { party, folder, ms, collector });
      collector.close();
      await end(party);
      return resultOf(looks, ms);
    },
  };
}

interface Look {
  atMs: number;
  /** Its garbage was collected just before. */
  isCollected: boolean;
  residentBytes: number;
  heapBytes: number;
  openFiles: number;
  handles: number;
  cpuShare: number;
  loopDelayMs: number;
  fileBytes: number;
  walBytes: number;
}

async function openSoak(bench: Bench, folder: string): Promise<Party> {
  const rooms = Array.from({ length: bench.size(200, 4) }, (_, room) => ({
    id: `c${room}`,
    users: Array.from({ length: peopleInRoom }, (__, person) => `u${room}-${person}`),
  }));
  const clients = rooms.flatMap(({ id, users }) => users.map((userId) => ({ userId, rooms: [id] })));
  const party = await openParty(bench, 'belfry', {
    clients,
    rooms,
    togetherBy: clients.length,
    folder,
    nodeFlags: [inspectorFlag],
  });
  const senders = rooms.map(({ id }, index) => ({ client: index * peopleInRoom, room: id }));
  await party.send({ senders, to: { room: peopleInRoom - 1 }, rate: { perSecond: messagesPerSecond } });
  const staying = senders.map(({ client }) => client);
  await party.generators[0]?.ask({ type: 'churn', perSecond: churnPerSecond, senders: staying });
  return party;
}

async function watch(
  bench: Bench,
  { party, folder, ms, collector }: { party: Party; folder: string; ms: number; collector: Collector },
): Promise<readonly Look[]> {
  const looks: Look[] = [];
  const startedMs = performance.now();
  let last = { atMs: 0, cpuMicros: cpuMicrosOf(party.server.pid) };
  let collectedMs = 0;
  while (performance.now() - startedMs < ms) {
    await sleep(Math.min(lookEveryMs, ms / 8));
    const atMs = performance.now() - startedMs;
    const isCollected = looks.length === 0 || atMs - collectedMs >= Math.min(collectEveryMs, ms / 8);
    if (isCollected) await collector.collect();
    const cpuMicros = cpuMicrosOf(party.server.pid);
    const cpuShare = (cpuMicros - last.cpuMicros) / ((atMs - last.atMs) * 1000);
    last = { atMs, cpuMicros };
    const look = { atMs, isCollected, cpuShare, ...(await lookAt(party, folder)) };
    looks.push(look);
    if (!isCollected) continue;
    collectedMs = atMs;
    bench.say(describe(look));
  }
  return looks;
}

async function lookAt({ server }: Party, folder: string): Promise<Omit<Look, 'atMs' | 'isCollected' | 'cpuShare'>> {
  const metrics = await scrape(server);
  const file = join(dataDirOf(folder), 'belfry.db');
  return {
    residentBytes: residentBytesOf(server.pid),
    heapBytes: sumOf(metrics, 'belfry_nodejs_heap_size_used_bytes') ?? Number.NaN,
    openFiles: openFilesOf(server.pid),
    handles: sumOf(metrics, 'belfry_nodejs_active_handles_total') ?? Number.NaN,
    loopDelayMs: loopDelayMsOf(metrics),
    fileBytes: statSync(file).size,
    walBytes: statSync(`${file}-wal`).size,
  };
}

/** Nothing may be missing at the end: all clients have the same. */
async function end(party: Party): Promise<void> {
  const [generator] = party.generators;
  await generator?.ask({ type: 'churn', perSecond: 0, senders: [] });
  await sleep(1000);
  const counts = await party.drain();
  await quiet(party.server.pid);
  const churned = await generator?.ask({ type: 'churn', perSecond: 0, senders: [] });
  const { refused, lost } = counts;
  if (churned === undefined || churned.behind > 0 || churned.failed > 0 || churned.returned === 0) {
    throw new Error(`of those who came back: ${JSON.stringify(churned)}`);
  }
  if (refused > 0 || lost > 0) throw new Error(`${refused} refusals, ${lost} connections lost`);
}

function resultOf(looks: readonly Look[], ms: number): Result {
  const warm = looks.filter(({ atMs }) => atMs >= Math.min(warmUpMs, ms / 4));
  const collected = warm.filter(({ isCollected }) => isCollected);
  const samples = (read: (look: Look) => number): Sample[] =>
    collected.map((look) => ({ atMs: look.atMs, value: read(look) }));
  const resident = samples(({ residentBytes }) => residentBytes);
  const heap = samples(({ heapBytes }) => heapBytes);
  const figure = (what: string, unit: string, values: readonly number[]): Figure => ({
    ...{ of: 'belfry', what, unit, values },
  });
  const all = (read: (look: Look) => number): number[] => warm.map(read);
  const megabytes = (bytes: number): number => bytes / 2 ** 20;
  return {
    figures: [
      figure(
        'resident memory',
        'MB',
        resident.map(({ value }) => megabytes(value)),
      ),
      figure(
        'JavaScript heap',
        'MB',
        heap.map(({ value }) => megabytes(value)),
      ),
      figure('heap growth', '% an hour', [growthPerHour(heap) * 100]),
      figure(
        'open files',
        '',
        all(({ openFiles }) => openFiles),
      ),
      figure(
        'open handles',
        '',
        all(({ handles }) => handles),
      ),
      figure(
        'event loop delay p99',
        'ms',
        all(({ loopDelayMs }) => loopDelayMs),
      ),
      figure(
        'CPU',
        'of a core',
        all(({ cpuShare }) => cpuShare),
      ),
      figure(
        'data file',
        'MB',
        all(({ fileBytes }) => megabytes(fileBytes)),
      ),
      figure(
        'write-ahead log',
        'MB',
        all(({ walBytes }) => megabytes(walBytes)),
      ),
    ],
    reaches: [
      {
        what: 'growth of resident memory',
        ...{ value: growthPerHour(resident) * 100, bound: { most: mostGrowthPerHour * 100 }, unit: '% an hour' },
      },
    ],
  };
}

function describe(look: Look): string {
  const megabytes = (bytes: number): string => `${(bytes / 2 ** 20).toFixed(1)} MB`;
  return [
    `${(look.atMs / 60_000).toFixed(1)} min: resident ${megabytes(look.residentBytes)}`,
    `heap ${megabytes(look.heapBytes)}, ${look.openFiles} files, ${look.handles} handles`,
    `loop p99 ${look.loopDelayMs.toFixed(1)} ms, CPU ${Math.round(look.cpuShare * 100)} %`,
    `file ${megabytes(look.fileBytes)}, WAL ${megabytes(look.walBytes)}`,
  ].join(', ');
}
