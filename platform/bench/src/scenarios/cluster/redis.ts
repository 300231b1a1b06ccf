// What Redis pays for one message to 1, 10 and 100 nodes: the part of a cluster that cannot be had twice for one
// app. No Belfry is in it.
import { Redis } from 'ioredis';
import type { Bench } from '../../bench.ts';
import { startRedis, type RedisServer } from '../../../../server/test/support/redis-server.ts';
import { cpuMicrosOf } from '../../measure/process-usage.ts';
import { least } from '../../measure/statistics.ts';
import type { Scenario } from '../../scenario.ts';

const subscriberCounts = [1, 10, 100] as const;
const channel = 'belfry:{bus0}:app:bench';
/** About what one message of a conversation takes on the bus. */
const payload = 'x'.repeat(1000);
/** Publishes that wait for an answer at the same time. */
const atOnce = 20;

export const clusterRedis: Scenario = {
  name: 'cluster-redis',
  about: `Redis alone: messages of 1,000 bytes to a sharded channel with 1, 10 and 100 subscribed connections, ${atOnce} on their way.`,
  async run(bench) {
    const redis = bench.keep(await startRedis());
    const costs = new Map<number, number[]>();
    for (const count of subscriberCounts) {
      const subscribers = await subscribe(redis, count);
      try {
        const rounds: number[] = [];
        for (let round = 0; round <= bench.options.rounds; round += 1) {
          const micros = await publish(bench, redis, count);
          if (round > 0) rounds.push(micros);
        }
        costs.set(count, rounds);
        bench.say(`${count} subscribers: ${least(rounds).toFixed(1)} µs a message`);
      } finally {
        for (const each of subscribers) each.disconnect();
      }
    }
    return {
      figures: [...costs].map(([count, values]) => ({
        ...{ of: `${count} subscribed`, what: 'CPU of Redis per message', unit: 'µs', values },
      })),
      reaches: [],
    };
  },
};

async function subscribe(redis: RedisServer, count: number): Promise<Redis[]> {
  const all = Array.from({ length: count }, () => new Redis(redis.url));
  await Promise.all(all.map((each) => each.ssubscribe(channel)));
  return all;
}

async function publish(bench: Bench, redis: RedisServer, subscribers: number): Promise<number> {
  const publisher = new Redis(redis.url);
  // As many deliveries for each count: the receivers are in this process. Enough for a clock of steps of 10 ms.
  const messages = Math.ceil(bench.size(100_000, 40_000) / (subscribers + 4));
  const cpuBefore = cpuMicrosOf(redis.pid);
  let left = messages;
  const workers = Array.from({ length: atOnce }, async () => {
    while (left > 0) {
      left -= 1;
      await publisher.spublish(channel, payload);
    }
  });
  await Promise.all(workers);
  const micros = (cpuMicrosOf(redis.pid) - cpuBefore) / messages;
  publisher.disconnect();
  return micros;
}
