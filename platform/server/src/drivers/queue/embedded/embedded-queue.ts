// The queue of the embedded engine: jobs in the data file, worked in this process. Not how they are kept:
// job-store.ts; not the running of them: embedded-worker.ts.

import type { AppId } from '../../../ports/app-id.ts';
import type { Job, JobCounts, JobResult, NewJob, Queue, QueueWorker, WorkOptions } from '../../../ports/queue.ts';
import type { Surroundings } from '../../../ports/surroundings.ts';
import { repeatedJob } from '../run-job.ts';
import { EmbeddedWorker } from './embedded-worker.ts';
import type { JobStore } from './job-store.ts';
import { createQueueTime } from './queue-time.ts';

/** How long the id of a job is remembered, ms: the port's 24 h. */
const rememberMs = 24 * 60 * 60 * 1000;

export interface EmbeddedQueueOptions {
  /** Where the jobs are: the stores of the sqlite driver fit as they are. */
  stores: {
    jobs: JobStore;
    state(): 'up' | 'down';
    onState(listen: (state: 'up' | 'down') => void): void;
  };
  surroundings: Pick<Surroundings, 'clock' | 'log'>;
}

/** To be closed before the stores are. Its state is that of the stores. */
export class EmbeddedQueue implements Queue {
  readonly #stores: EmbeddedQueueOptions['stores'];
  readonly #surroundings: EmbeddedQueueOptions['surroundings'];
  readonly #now: () => number;
  readonly #workers = new Map<string, EmbeddedWorker>();
  #isClosed = false;

  constructor({ stores, surroundings }: EmbeddedQueueOptions) {
    this.#stores = stores;
    this.#surroundings = surroundings;
    this.#now = createQueueTime(surroundings.clock);
    stores.onState((state) => {
      if (state === 'up') for (const worker of this.#workers.values()) worker.wake();
    });
  }

  async add(queue: string, jobs: readonly NewJob[]): Promise<void> {
    const now = this.#now();
    const addedAt = this.#surroundings.clock.now();
    const records = jobs.map(({ id, app, user = '', payload, delayMs = 0 }) => ({
      ...{ id, app, user, payload, addedAt },
      dueAt: Math.ceil(now + delayMs),
      delayMs: Math.ceil(delayMs),
    }));
    if (records.length === 0) return;
    await this.#stores.jobs.add(queue, records, { now, rememberMs });
    this.#workers.get(queue)?.expect(Math.min(...records.map(({ dueAt }) => dueAt)));
  }

  async work(queue: string, options: WorkOptions, run: (job: Job) => Promise<JobResult>): Promise<QueueWorker> {
    if (this.#isClosed) throw new Error('the queue is closed');
    if (this.#workers.has(queue)) throw new Error(`queue ${queue} has a worker already`);
    const { jobs } = this.#stores;
    const worker = new EmbeddedWorker({
      ...{ ...options, queue, jobs, run },
      surroundings: this.#surroundings,
      now: this.#now,
    });
    this.#workers.set(queue, worker);
    worker.wake();
    return {
      stop: async () => {
        await worker.stop();
        if (this.#workers.get(queue) === worker) this.#workers.delete(queue);
      },
    };
  }

  /**
   * One job that is never done: it asks to be run again, so its time is kept in the data file and outlives
   * the process.
   */
  async every(name: string, everyMs: number, run: () => Promise<void>): Promise<QueueWorker> {
    const { queue, options, jobs, run: runOnce } = repeatedJob(name, { everyMs, run, log: this.#surroundings.log });
    const worker = await this.work(queue, options, runOnce);
    await this.add(queue, jobs);
    return worker;
  }

  counts(queue: string, app?: AppId): Promise<JobCounts> {
    return this.#stores.jobs.counts(queue, this.#now(), app);
  }

  state(): 'up' | 'down' {
    return this.#stores.state();
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    await Promise.all([...this.#workers.values()].map((worker) => worker.stop()));
    this.#workers.clear();
  }
}
