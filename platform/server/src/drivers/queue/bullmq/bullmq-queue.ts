// The queue of the cluster engine: jobs in Redis, worked by any process, by turns. BullMQ carries tickets, which hold
// no job: why stands in docs/decisions/120-turns-on-bullmq.md. What a job is kept as: lanes.ts; who runs it:
// bullmq-worker.ts.

import type { AppId } from '../../../ports/app-id.ts';
import type { Job, JobCounts, JobResult, NewJob, Queue, QueueWorker, WorkOptions } from '../../../ports/queue.ts';
import type { Surroundings } from '../../../ports/surroundings.ts';
import type { RedisAddress } from '../../redis/connect.ts';
import { repeatedJob } from '../run-job.ts';
import { BullmqWorker } from './bullmq-worker.ts';
import { QueueConnections } from './connections.ts';
import { Lanes } from './lanes.ts';
import { Tickets } from './tickets.ts';

/** Jobs of a worker that was silent for so long go on elsewhere, within twice the time. */
const lockMs = 6000;

export interface BullmqQueueOptions {
  address: RedisAddress;
  node: string;
  surroundings: Pick<Surroundings, 'clock' | 'log'>;
  /** 6 s when left out. */
  lockMs?: number;
}

interface Kept {
  prefix: string;
  lanes: Lanes;
  tickets: Tickets;
}

export class BullmqQueue implements Queue {
  readonly #options: BullmqQueueOptions;
  readonly #connections: QueueConnections;
  readonly #queues = new Map<string, Kept>();
  readonly #workers = new Map<string, BullmqWorker>();
  #isClosed = false;

  constructor(options: BullmqQueueOptions) {
    this.#options = options;
    this.#connections = new QueueConnections(options);
  }

  /** Resolves when Redis answers; rejects with `unavailable` when it does not, and goes on trying until `close`. */
  connect(): Promise<void> {
    return this.#connections.ready();
  }

  /** Once the lanes have the jobs they are safe: a worker that finds them without tickets makes some. */
  async add(queue: string, jobs: readonly NewJob[]): Promise<void> {
    if (jobs.length === 0) return;
    const { lanes, tickets } = this.#of(queue);
    const left = await lanes.add(jobs, this.#options.surroundings.clock.now());
    const delays = jobs.map(({ delayMs = 0 }) => delayMs).filter((delayMs) => delayMs > 0);
    const calls = [tickets.call(left, jobs.length - delays.length), tickets.callLater(delays)];
    await Promise.all(calls.map((call) => call.catch(this.#connections.onError)));
  }

  async work(queue: string, options: WorkOptions, run: (job: Job) => Promise<JobResult>): Promise<QueueWorker> {
    return this.#work(queue, options, { run });
  }

  async every(name: string, everyMs: number, run: () => Promise<void>): Promise<QueueWorker> {
    const { log } = this.#options.surroundings;
    const { queue, options, jobs, run: runOnce } = repeatedJob(name, { everyMs, run, log });
    return this.#work(queue, options, { run: runOnce, beforeLook: () => this.add(queue, jobs) });
  }

  counts(queue: string, app?: AppId): Promise<JobCounts> {
    return this.#of(queue).lanes.counts(app);
  }

  state(): 'up' | 'down' {
    return this.#connections.state();
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    await Promise.all([...this.#workers.values()].map((worker) => worker.stop()));
    this.#workers.clear();
    await Promise.all([...this.#queues.values()].map(({ tickets }) => tickets.close()));
    await this.#connections.close();
  }

  /** Lets go of everything as a kill does, for tests. */
  async abort(): Promise<void> {
    this.#isClosed = true;
    for (const worker of this.#workers.values()) worker.abort();
    await this.#connections.close();
  }

  #work(
    queue: string,
    options: WorkOptions,
    how: { run: (job: Job) => Promise<JobResult>; beforeLook?: () => Promise<void> },
  ): QueueWorker {
    if (this.#isClosed) throw new Error('the queue is closed');
    if (this.#workers.has(queue)) throw new Error(`queue ${queue} has a worker already`);
    const { surroundings } = this.#options;
    const worker = new BullmqWorker({
      ...{ ...this.#of(queue), ...how, surroundings, concurrency: options.concurrency },
      connections: this.#connections,
      lockMs: this.#options.lockMs ?? lockMs,
      runner: { ...options, queue, run: how.run, log: surroundings.log },
    });
    this.#workers.set(queue, worker);
    worker.start();
    return {
      stop: async () => {
        await worker.stop();
        if (this.#workers.get(queue) === worker) this.#workers.delete(queue);
      },
    };
  }

  #of(queue: string): Kept {
    const known = this.#queues.get(queue);
    if (known !== undefined) return known;
    const prefix = `belfry:{queue:${queue}}`;
    const { commands, onError } = this.#connections;
    const tickets = new Tickets(commands, { prefix, onError });
    const lanes = new Lanes(commands, { base: `${prefix}:`, ticketsKey: tickets.key });
    const made = { prefix, lanes, tickets };
    this.#queues.set(queue, made);
    return made;
  }
}
