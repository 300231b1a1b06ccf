// Ten thousand idle users: the memory of each, and the cost of their heartbeats.
import { setTimeout as sleep } from 'node:timers/promises';
import type { Bench } from '../bench.ts';
import { contenderNames, type ContenderName } from '../contenders/contender.ts';
import type { Generator } from '../load/generator.ts';
import { cpuMicrosOf, residentBytesOf } from '../measure/process-usage.ts';
import { quiet } from '../measure/quiet.ts';
import type { Figure, Scenario } from '../scenario.ts';
import { tokenOf } from '../setting.ts';

const atOnce = 200;
/** The default interval, and the one used here, so that a short run sees enough heartbeats. */
const heartbeatMs = { real: 45_000, here: 4500 } as const;

export const idle: Scenario = {
  name: 'idle',
  about: `10,000 connections; Belfry's have a session, a page and a presence. Resident memory before and after, by connection, once the server is quiet; then the CPU of heartbeats, which come every ${heartbeatMs.here / 1000} s here and are scaled to the ${heartbeatMs.real / 1000} s that clients keep.`,
  async run(bench) {
    const figures: Figure[] = [];
    let own = { kilobytes: Number.NaN, heartbeatPercent: Number.NaN };
    for (const name of contenderNames) {
      const measured = await measure(bench, name);
      const figure = (what: string, unit: string, value: number): void =>
        void figures.push({ of: name, what, unit, values: [value] });
      figure('resident memory of a connection', 'KB', measured.kilobytes);
      figure('CPU with nothing said', '% of a core', measured.idlePercent);
      if (measured.heartbeatPercent === undefined) continue;
      figure('CPU of heartbeats', '% of a core', measured.heartbeatPercent);
      own = { kilobytes: measured.kilobytes, heartbeatPercent: measured.heartbeatPercent };
    }
    return {
      figures,
      reaches: [
        { what: 'resident memory of a connection', value: own.kilobytes, bound: { most: 12 }, unit: 'KB' },
        { what: 'CPU of heartbeats', value: own.heartbeatPercent, bound: { most: 3 }, unit: '% of a core' },
      ],
    };
  },
};

interface Measured {
  kilobytes: number;
  idlePercent: number;
  /** For contenders whose clients send heartbeats. */
  heartbeatPercent?: number;
}

async function measure(bench: Bench, name: ContenderName): Promise<Measured> {
  const { pid, port } = await bench.start(name);
  const count = bench.size(10_000, 60);
  // Code, caches and the heap's first steps belong to the server, not to its ten thousandth connection.
  const early = await open(bench, { name, port, count: bench.size(500, 20), prefix: 'early' });
  await early.ask({ type: 'close' });
  await untilQuiet(bench, pid);
  const residentBefore = residentBytesOf(pid);
  const generator = await open(bench, { name, port, count, prefix: 'u' });
  await untilQuiet(bench, pid);
  const kilobytes = (residentBytesOf(pid) - residentBefore) / count / 1024;

  await generator.ask({ type: 'heartbeats', everyMs: 0 });
  const seconds = bench.size(9, 0.5);
  const idlePercent = await percentOver(pid, seconds);
  bench.say(`${name}: ${kilobytes.toFixed(1)} KB a connection, ${idlePercent.toFixed(2)} % idle`);
  if (name !== 'belfry') return { kilobytes, idlePercent };

  const before = await generator.ask({ type: 'counts' });
  await generator.ask({ type: 'heartbeats', everyMs: heartbeatMs.here });
  // Until the load is even.
  await sleep(bench.size(1000, 100));
  const busyPercent = await percentOver(pid, seconds);
  await generator.ask({ type: 'heartbeats', everyMs: 0 });
  const counts = await generator.ask({ type: 'counts' });
  if (counts.lost > 0 || counts.heartbeats === before.heartbeats) {
    throw new Error(`${counts.heartbeats - before.heartbeats} heartbeats answered, ${counts.lost} connections lost`);
  }
  const heartbeatPercent = ((busyPercent - idlePercent) * heartbeatMs.here) / heartbeatMs.real;
  bench.say(`${name}: heartbeats ${heartbeatPercent.toFixed(2)} % of a core`);
  return { kilobytes, idlePercent, heartbeatPercent };
}

async function open(
  bench: Bench,
  { name, port, count, prefix }: { name: ContenderName; port: number; count: number; prefix: string },
): Promise<Generator> {
  const generator = bench.generator();
  const clients = Array.from({ length: count }, (_, index) => {
    const userId = `${prefix}${index}`;
    return { userId, rooms: [], ...(name === 'belfry' ? { token: tokenOf(userId) } : {}) };
  });
  const opened = await generator.ask({ type: 'open', contender: name, port, atOnce, sampleEvery: 0, clients });
  if (opened.failed > 0) throw new Error(`${name}: ${opened.failed} were not let in: ${opened.problem ?? ''}`);
  return generator;
}

/** V8 gives memory back in the seconds after the work. */
async function untilQuiet(bench: Bench, pid: number): Promise<void> {
  await quiet(pid);
  await sleep(bench.size(8000, 0));
}

async function percentOver(pid: number, seconds: number): Promise<number> {
  const before = cpuMicrosOf(pid);
  await sleep(seconds * 1000);
  return ((cpuMicrosOf(pid) - before) / (seconds * 1_000_000)) * 100;
}
