// Runs the jobs of one queue in this process. BullMQ hands out tickets, keeps their locks, and hands out again those
// of workers that died; for each ticket this takes the job whose turn it is and runs it. Not whose turn that is:
// lanes.ts; nor how often a job is tried: ../run-job.ts.

import { setImmediate } from 'node:timers/promises';
import { DelayedError, Worker } from 'bullmq';
import { Rounds } from '../../../concurrency/rounds.ts';
import type { Job, QueueWorker } from '../../../ports/queue.ts';
import type { Surroundings } from '../../../ports/surroundings.ts';
import { runJob, type JobRunner, type RunOutcome } from '../run-job.ts';
import type { QueueConnections } from './connections.ts';
import type { Lanes, Left, RecordedOutcome, Run } from './lanes.ts';
import { Takes, type Taken } from './takes.ts';
import { ticketsName, type Ticket, type Tickets } from './tickets.ts';

/** How soon Redis is asked again after it failed, ms. */
const retryMs = 1000;
/** So often a worker looks while a lock lasts. */
const looksPerLock = 2;
/** Looks of many nodes are spread over this part of the time. */
const lookJitter = 0.5;
/** A ticket may be cut off as often as its jobs are; how often these may be is said by whoever runs them. */
const mostCutOffs = Number.MAX_SAFE_INTEGER;

export interface BullmqWorkerOptions {
  prefix: string;
  lanes: Lanes;
  tickets: Tickets;
  connections: QueueConnections;
  concurrency: number;
  runner: JobRunner;
  surroundings: Pick<Surroundings, 'clock' | 'log'>;
  /** A worker that was silent for so long is taken for dead. */
  lockMs: number;
  /** Done before each look: what has to be there even when Redis lost everything. */
  beforeLook?: () => Promise<void>;
}

export class BullmqWorker implements QueueWorker {
  readonly #options: BullmqWorkerOptions;
  readonly #takes: Takes;
  readonly #serving = new Set<Promise<void>>();
  readonly #looks: Rounds;
  /** Those that wait to ask again. A stop wakes them. */
  readonly #paused = new Set<() => void>();
  #worker: Worker<null> | undefined;
  #stopping: Promise<void> | undefined;

  constructor(options: BullmqWorkerOptions) {
    this.#options = options;
    const { lanes, concurrency, surroundings, lockMs } = options;
    this.#takes = new Takes(lanes, concurrency);
    this.#looks = new Rounds({
      // For tickets of workers that died, and for jobs without one: those of a process that died between the two.
      ...{ clock: surroundings.clock, everyMs: lockMs / looksPerLock, jitter: lookJitter },
      run: () => this.#look(),
    });
  }

  start(): void {
    void this.#open();
    this.#looks.start('now');
  }

  stop(): Promise<void> {
    this.#stopping ??= this.#stop();
    return this.#stopping;
  }

  /** Lets go of everything as a kill does, for tests. */
  abort(): void {
    this.#stopping ??= Promise.resolve();
    void this.#looks.stop();
    void this.#worker?.close(true);
  }

  get #isStopped(): boolean {
    return this.#stopping !== undefined;
  }

  /** Until it stands: a worker of BullMQ whose first commands fail is of no use any more. */
  async #open(): Promise<void> {
    const { connections, surroundings } = this.#options;
    while (!this.#isStopped) {
      const worker = this.#create();
      this.#worker = worker;
      try {
        await worker.waitUntilReady();
      } catch (error) {
        surroundings.log.debug('queue: a worker could not begin', { err: error });
        await this.#close(worker);
        await this.#pause();
        continue;
      }
      if (this.#stopping === undefined) worker.run().catch(connections.onError);
      return;
    }
  }

  #create(): Worker<null> {
    const { prefix, connections, concurrency, lockMs } = this.#options;
    const worker = new Worker<null>(ticketsName, (ticket, token) => this.#serve(ticket, token ?? ''), {
      ...{ connection: connections.forWorkers(), prefix, concurrency, autorun: false },
      ...{ lockDuration: lockMs, stalledInterval: lockMs / 2, maxStalledCount: mostCutOffs, skipStalledCheck: true },
      ...{ runRetryDelay: retryMs, removeOnComplete: { count: 0 }, removeOnFail: { count: 0 } },
    });
    worker.on('error', connections.onError);
    return worker;
  }

  async #serve(ticket: Ticket, token: string): Promise<void> {
    const serving = this.#runTurns(ticket, { ticket: ticket.id ?? '', token });
    this.#serving.add(serving);
    try {
      await serving;
    } finally {
      this.#serving.delete(serving);
    }
  }

  /** One job, and more of them while there are fewer tickets than jobs. */
  async #runTurns(ticket: Ticket, run: Run): Promise<void> {
    let left: Left = { due: 1, tickets: 0 };
    let isFirst = true;
    while (!this.#isStopped && left.due > left.tickets) {
      const taken = await this.#insist(() => this.#takes.take(run));
      if (taken.job === undefined) {
        if (isFirst) await this.#putOff(ticket, { run, nextInMs: taken.nextInMs });
        return;
      }
      isFirst = false;
      this.#callAnother(taken);
      left = await this.#runOne(run, taken.job);
    }
  }

  async #runOne(run: Run, job: Job): Promise<Left> {
    const { lanes, tickets, runner, connections } = this.#options;
    try {
      const outcome = this.#isStopped ? ({ state: 'released' } as const) : toRecord(job, await runJob(job, runner));
      const left = await this.#insist(() => lanes.record(run, job, outcome));
      if (outcome.state === 'later') await tickets.callLater([outcome.delayMs]).catch(connections.onError);
      return left;
    } finally {
      this.#takes.end(run.ticket);
    }
  }

  /** Where a clock that is ahead handed it out too early. */
  async #putOff(ticket: Ticket, { run, nextInMs }: { run: Run; nextInMs: number | undefined }): Promise<void> {
    if (nextInMs === undefined || !(ticket.delay > 0 || (ticket.opts.delay ?? 0) > 0)) return;
    await ticket.moveToDelayed(Date.now() + Math.max(nextInMs, 1), run.token);
    throw new DelayedError();
  }

  /** Who finds more to do calls one more, who does the same. */
  #callAnother({ mayRunMore, left }: Omit<Taken, 'job'>): void {
    const { tickets, concurrency, connections } = this.#options;
    if (!mayRunMore || this.#serving.size >= concurrency) return;
    tickets.call(left, 1).catch(connections.onError);
  }

  async #look(): Promise<void> {
    const { beforeLook, connections } = this.#options;
    void this.#freeCutOff();
    try {
      await beforeLook?.();
      this.#callAnother(await this.#takes.look());
    } catch (error) {
      connections.onError(error);
    }
  }

  /**
   * Tickets of workers that died wait again. BullMQ looks no more often than every `stalledInterval`, on one of all
   * nodes. Its own timer for it cannot be stopped while Redis is away.
   */
  async #freeCutOff(): Promise<void> {
    const { connections, runner, surroundings } = this.#options;
    if (this.#worker?.isRunning() !== true) return;
    try {
      const { length: count } = await this.#worker.getBackend().moveStalledJobsToWait();
      if (count > 0) surroundings.log.warn('queue: jobs that were cut off run again', { queue: runner.queue, count });
    } catch (error) {
      connections.onError(error);
    }
  }

  /**
   * Until Redis has done it: a result that got lost would run the job again for nothing. A stop gives up, and leaves
   * the ticket as if the process had died.
   */
  async #insist<T>(ask: () => Promise<T>): Promise<T> {
    for (;;) {
      try {
        return await ask();
      } catch (error) {
        this.#options.connections.onError(error);
        if (this.#isStopped) throw new DelayedError();
        await this.#pause();
      }
    }
  }

  #pause(): Promise<void> {
    return new Promise((resolve) => {
      const go = (): void => {
        timer.cancel();
        this.#paused.delete(go);
        resolve();
      };
      const timer = this.#options.surroundings.clock.after(retryMs, go);
      this.#paused.add(go);
    });
  }

  async #stop(): Promise<void> {
    const { lanes, tickets, connections, concurrency } = this.#options;
    for (const go of this.#paused) go();
    const closed = this.#worker && this.#close(this.#worker);
    await this.#looks.stop();
    await this.#untilServed();
    await closed;
    // Tickets that came meanwhile are gone; another process may do what is left.
    try {
      const { left } = await lanes.take([], { holders: [], slots: concurrency });
      await tickets.call(left, 1);
    } catch (error) {
      connections.onError(error);
    }
  }

  /**
   * By force, for BullMQ would wait for a Redis that is away; but only when it has nothing to do any more. What it
   * asked for before the ping is answered before it, and tickets that came so are served by then.
   */
  async #close(worker: Worker<null>): Promise<void> {
    void worker.pause(true);
    await this.#untilServed();
    await this.#options.connections.pingForWorkers();
    await this.#untilServed();
    await worker.close(true);
  }

  async #untilServed(): Promise<void> {
    do {
      await Promise.allSettled(this.#serving);
      await setImmediate();
    } while (this.#serving.size > 0);
  }
}

function toRecord(job: Job, outcome: RunOutcome): RecordedOutcome {
  if (outcome.state === 'done') return outcome;
  const { delayMs } = outcome;
  if (outcome.state === 'retry') return { state: 'later', delayMs, payload: job.payload, attempt: job.attempt };
  const payload = outcome.payload === undefined ? job.payload : outcome.payload.value;
  return { state: 'later', delayMs, payload, attempt: 0 };
}
