// Pushes through BullMQ from end to end: from the request of a back end on a gateway to the provider's call on a
// worker. Beside it BullMQ by itself, with jobs as large that do nothing (bullmq-alone.ts).
import { setTimeout as sleep } from 'node:timers/promises';
import type { Bench } from '../../bench.ts';
import type { RunningServer } from '../../contenders/contender.ts';
import { startEngines, type Engines } from '../../contenders/engines.ts';
import { createHttpApi } from '../../load/http-api.ts';
import { sendMany } from '../../load/post.ts';
import { scrape } from '../../measure/metrics.ts';
import { cpuMicrosOf } from '../../measure/process-usage.ts';
import { quiet } from '../../measure/quiet.ts';
import { median } from '../../measure/statistics.ts';
import { makeConversations, type Room } from '../../preparation.ts';
import type { Scenario } from '../../scenario.ts';
import { pushProviderId } from '../../setting.ts';
import { jobsPerSecondAlone } from './bullmq-alone.ts';

const recipientsOfJob = 50;
/** Pushes that should be made in the time of one job that does nothing. */
const times = 20;
const sender = 'back-office';
/** Of one request. */
const messagesAtOnce = 20;
const devicesAtOnce = 16;
const lookEveryMs = 50;
const patienceMs = 300_000;

interface Pushed {
  perSecond: number;
  /** Of the gateway and the worker, µs a push. */
  nodes: number;
  redis: number;
}

interface Pushing {
  gateway: RunningServer;
  worker: RunningServer;
  engines: Engines;
  rooms: readonly Room[];
}

export const clusterPush: Scenario = {
  name: 'cluster-push',
  about: `Messages into 60 conversations of ${recipientsOfJob} people who are away, each with a device: in batches of ${messagesAtOnce} over HTTP to a gateway, one job of ${recipientsOfJob} pushes a message, done by a worker with the provider \`logging\`, until the last push was accepted. Beside it BullMQ alone, on a Redis of its own: jobs with as many recipients, added in batches and done by a worker that does nothing.`,
  async run(bench) {
    const pushing = await prepare(bench);
    const alone: number[] = [];
    const pushed: Pushed[] = [];
    // The first round compiles the code.
    for (let round = 0; round <= bench.options.rounds; round += 1) {
      const jobs = await jobsPerSecondAlone(bench, { jobs: bench.size(5000, 50), recipients: recipientsOfJob });
      const result = await pushAll(pushing);
      if (round === 0) continue;
      alone.push(jobs);
      pushed.push(result);
      bench.say(
        `round ${round} of ${bench.options.rounds}: ${Math.round(result.perSecond)} pushes/s, ${result.nodes.toFixed(0)} µs of nodes and ${result.redis.toFixed(1)} of Redis a push; BullMQ alone ${Math.round(jobs)} jobs/s`,
      );
    }
    const shares = pushed.map(({ perSecond }, round) => perSecond / (alone[round] ?? Number.NaN));
    return {
      figures: [
        { of: 'BullMQ alone', what: `jobs of ${recipientsOfJob}`, unit: '/s', values: alone },
        { of: 'belfry', what: 'pushes', unit: '/s', values: pushed.map(({ perSecond }) => perSecond) },
        {
          ...{ of: 'belfry', what: `jobs of ${recipientsOfJob}`, unit: '/s' },
          values: pushed.map(({ perSecond }) => perSecond / recipientsOfJob),
        },
        { of: 'belfry', what: 'CPU of both nodes per push', unit: 'µs', values: pushed.map(({ nodes }) => nodes) },
        { of: 'belfry', what: 'CPU of Redis per push', unit: 'µs', values: pushed.map(({ redis }) => redis) },
        { of: 'belfry / BullMQ alone', what: 'pushes to a job', unit: 'ratio', values: shares },
      ],
      reaches: [{ what: 'pushes to a job of BullMQ alone', value: median(shares), bound: { least: times }, unit: '' }],
    };
  },
};

async function prepare(bench: Bench): Promise<Pushing> {
  const engines = await startEngines(bench, { stores: true });
  const gateway = await bench.start('belfry', { engines: engines.urls, env: { ROLE: 'gateway' } });
  const worker = await bench.start('belfry', { engines: engines.urls, env: { ROLE: 'worker' } });
  const rooms = Array.from({ length: bench.size(60, 4) }, (_, room) => ({
    id: `c${room}`,
    users: [sender, ...Array.from({ length: recipientsOfJob }, (__, person) => `u${room}-${person}`)],
  }));
  await makeConversations(gateway, rooms);
  const api = createHttpApi({ port: gateway.port, atOnce: devicesAtOnce });
  const waiting = rooms.flatMap(({ users }) => users.filter((userId) => userId !== sender)).values();
  try {
    const registering = Array.from({ length: devicesAtOnce }, async () => {
      for (const userId of waiting) {
        const device = { userId, provider: pushProviderId, target: { token: userId }, deviceType: 'mobile' };
        await api.ask('POST', '/api/v1/devices', device);
      }
    });
    await Promise.all(registering);
  } finally {
    api.close();
  }
  return { gateway, worker, engines, rooms };
}

/** One message into each conversation, until all of them are pushed. */
async function pushAll({ gateway, worker, engines, rooms }: Pushing): Promise<Pushed> {
  for (const { pid } of [gateway, worker]) await quiet(pid);
  const expected = (await accepted(worker)) + rooms.length * recipientsOfJob;
  const nodesBefore = cpuMicrosOf(gateway.pid) + cpuMicrosOf(worker.pid);
  const redisBefore = cpuMicrosOf(engines.redisPid);
  const api = createHttpApi({ port: gateway.port, atOnce: 1 });
  const startedMs = performance.now();
  try {
    for (let first = 0; first < rooms.length; first += messagesAtOnce) {
      const some = rooms.slice(first, first + messagesAtOnce);
      await sendMany(
        api,
        sender,
        some.map(({ id }) => id),
      );
    }
  } finally {
    api.close();
  }
  while ((await accepted(worker)) < expected) {
    if (performance.now() - startedMs > patienceMs) {
      throw new Error(`${expected - (await accepted(worker))} pushes did not come`);
    }
    await sleep(lookEveryMs);
  }
  const tookMs = performance.now() - startedMs;
  for (const { pid } of [gateway, worker]) await quiet(pid);
  if ((await accepted(worker)) !== expected) throw new Error('more was pushed than was sent');
  const pushes = rooms.length * recipientsOfJob;
  return {
    perSecond: (pushes / tookMs) * 1000,
    nodes: (cpuMicrosOf(gateway.pid) + cpuMicrosOf(worker.pid) - nodesBefore) / pushes,
    redis: (cpuMicrosOf(engines.redisPid) - redisBefore) / pushes,
  };
}

async function accepted(worker: RunningServer): Promise<number> {
  const series = [...(await scrape(worker))].filter(([name]) => name.startsWith('belfry_push_total{'));
  return series.reduce((sum, [name, value]) => (name.includes('outcome="accepted"') ? sum + value : sum), 0);
}
