// BullMQ by itself, as its documentation shows it: jobs are added in batches, and a worker does nothing with each.
import { Queue, Worker } from 'bullmq';
import type { Bench } from '../../bench.ts';
import { startRedis } from '../../../../server/test/support/redis-server.ts';

/** Jobs that one call adds. */
const batch = 100;
/** As many as a node of Belfry does at once. */
const concurrency = 32;

/** From the first that is added to the last that is done. */
export async function jobsPerSecondAlone(
  bench: Bench,
  { jobs, recipients }: { jobs: number; recipients: number },
): Promise<number> {
  const redis = bench.keep(await startRedis());
  // A machine at its limit may take longer to connect than ioredis would wait.
  const connection = { host: '127.0.0.1', port: redis.port, maxRetriesPerRequest: null };
  const queue = new Queue('push', { connection });
  const { promise: allDone, resolve } = Promise.withResolvers<unknown>();
  let done = 0;
  const worker = new Worker(
    'push',
    () => {
      done += 1;
      if (done === jobs) resolve(done);
      return Promise.resolve();
    },
    { connection, concurrency, removeOnComplete: { count: 0 } },
  );
  await worker.waitUntilReady();
  const startedMs = performance.now();
  for (let first = 0; first < jobs; first += batch) {
    const some = Array.from({ length: Math.min(batch, jobs - first) }, (_, at) => payload(first + at, recipients));
    await queue.addBulk(some.map((data) => ({ name: 'push', data })));
  }
  await allDone;
  const tookMs = performance.now() - startedMs;
  await Promise.all([worker.close(), queue.close()]);
  await redis.stop();
  return (jobs / tookMs) * 1000;
}

/** As a job of Belfry: ids, and how far each claim reaches. */
function payload(job: number, recipients: number): object {
  return {
    ...{ stream: `c:c${job}`, messageId: `01900000-0000-7000-8000-${String(job).padStart(12, '0')}`, seq: job },
    recipients: Array.from({ length: recipients }, (_, person) => ({
      userId: `u${job}-${person}`,
      from: 0,
      through: 1,
    })),
  };
}
