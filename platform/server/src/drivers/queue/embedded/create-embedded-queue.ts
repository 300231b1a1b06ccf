// The queue of the embedded engine: jobs in the data file, worked in this process. Not how they are kept: job-store.ts; not the running of them: worker.ts.

import type { Clock } from '../../../ports/clock.ts';
import type { Queue } from '../../../ports/queue.ts';
import { silentLog } from '../../../ports/log.ts';
import type { Log } from '../../../ports/log.ts';
import type { JobStore } from './job-store.ts';
import { createQueueTime } from './queue-time.ts';
import { startWorker } from './worker.ts';
import type { EmbeddedWorker } from './worker.ts';

/** How long the id of a job is remembered, ms: the port's 24 h. */
const rememberMs = 24 * 60 * 60 * 1000;

export interface EmbeddedQueueOptions {
  /** Where the jobs are: the stores of the sqlite driver fit as they are. */
  stores: {
    jobs: JobStore;
    state(): 'up' | 'down';
    onState(listen: (state: 'up' | 'down') => void): void;
  };
  clock: Clock;
  log?: Log;
}

/** To be closed before the stores are. Its state is that of the stores. */
export function createEmbeddedQueue({ stores, clock, log = silentLog }: EmbeddedQueueOptions): Queue {
  const now = createQueueTime(clock);
  const workers = new Map<string, EmbeddedWorker>();
  let closed = false;

  stores.onState((state) => {
    if (state === 'up') for (const worker of workers.values()) worker.wake();
  });

  return {
    async add(queue, jobs) {
      const at = now();
      const records = jobs.map(({ id, app, payload, delayMs = 0 }) => ({
        id,
        app,
        payload,
        addedAt: clock.now(),
        dueAt: Math.ceil(at + delayMs),
      }));
      await stores.jobs.add(queue, records, { now: at, rememberMs });
      const first = Math.min(...records.map(({ dueAt }) => dueAt));
      if (records.length > 0) workers.get(queue)?.expect(first);
    },
    async work(queue, options, run) {
      if (closed) throw new Error('the queue is closed');
      if (workers.has(queue)) throw new Error(`queue ${queue} has a worker already`);
      const worker = startWorker({ queue, jobs: stores.jobs, clock, now, log, ...options }, run);
      workers.set(queue, worker);
      return {
        async stop() {
          await worker.stop();
          if (workers.get(queue) === worker) workers.delete(queue);
        },
      };
    },
    counts: (queue, app) => stores.jobs.counts(queue, now(), app),
    async bury(queue, jobs) {
      const diedAt = clock.now();
      await stores.jobs.bury(
        queue,
        jobs.map((job) => ({ ...job, diedAt })),
        { now: now(), rememberMs },
      );
    },
    dead: (queue, app, page) => stores.jobs.dead(queue, app, page),
    async replay(queue, app, which) {
      const dueAt = now();
      const replayed = await stores.jobs.replay(queue, app, { which, dueAt });
      if (replayed > 0) workers.get(queue)?.expect(dueAt);
      return replayed;
    },
    drop: (queue, app, which) => stores.jobs.drop(queue, app, which),
    state: () => stores.state(),
    onState: (listen) => stores.onState(listen),
    async close() {
      closed = true;
      await Promise.all([...workers.values()].map((worker) => worker.stop()));
      workers.clear();
    },
  };
}
