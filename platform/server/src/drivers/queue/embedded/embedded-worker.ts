// Takes the due jobs of one queue and runs them, a bounded number at a time. Not where jobs are kept:
// job-store.ts.

import { backOffMs } from '../../../concurrency/back-off.ts';
import type { Timer } from '../../../ports/clock.ts';
import type { Job, JobResult, QueueWorker, WorkOptions } from '../../../ports/queue.ts';
import type { Surroundings } from '../../../ports/surroundings.ts';
import type { ClaimedJob, JobOutcome, JobStore } from './job-store.ts';

/** How soon the store is asked again after it failed, ms; its coming back wakes the worker before that. */
const retryStoreMs = 1000;
/** Two processes may differ by this much without the clock having been set: what is put off keeps its time. */
const slackMs = 60_000;
/** Between the runs of a job that throws: the port's numbers. */
const backOff = { baseMs: 1000, maxMs: 5 * 60 * 1000 };

export interface EmbeddedWorkerOptions extends WorkOptions {
  queue: string;
  jobs: JobStore;
  surroundings: Pick<Surroundings, 'clock' | 'log'>;
  /** Queue time. */
  now: () => number;
  run: (job: Job) => Promise<JobResult>;
}

export class EmbeddedWorker implements QueueWorker {
  readonly #options: EmbeddedWorkerOptions;
  readonly #running = new Map<string, Promise<void>>();
  /** Outcomes that could not be stored wait here for the store, or for the stop. */
  readonly #paused: (() => void)[] = [];
  #alarm: { at: number; timer: Timer } | undefined;
  #pumping: Promise<void> | undefined;
  #isWanted = false;
  #isStopped = false;
  /**
   * Set at the start, for what a dead process left, and after a claim with an unknown outcome, which may have
   * taken jobs that nobody runs.
   */
  #needsRecovery = true;

  constructor(options: EmbeddedWorkerOptions) {
    this.#options = options;
  }

  /** Something may be due. */
  wake(): void {
    for (const go of this.#paused.splice(0)) go();
    this.#isWanted = true;
    if (this.#isStopped) return;
    this.#pumping ??= this.#pump().finally(() => {
      this.#pumping = undefined;
      if (this.#isWanted) this.wake();
    });
  }

  /** A job was added that is due then, queue time. */
  expect(dueAt: number): void {
    const { surroundings, now } = this.#options;
    if (dueAt <= now()) {
      this.wake();
      return;
    }
    if (this.#isStopped || (this.#alarm !== undefined && this.#alarm.at <= dueAt)) return;
    this.#alarm?.timer.cancel();
    const ring = (): void => {
      this.#alarm = undefined;
      this.wake();
    };
    this.#alarm = { at: dueAt, timer: surroundings.clock.after(dueAt - now(), ring) };
  }

  async stop(): Promise<void> {
    this.#isStopped = true;
    this.#alarm?.timer.cancel();
    this.#alarm = undefined;
    for (const go of this.#paused.splice(0)) go();
    await this.#pumping;
    while (this.#running.size > 0) await Promise.all(this.#running.values());
  }

  async #pump(): Promise<void> {
    const { queue, jobs, surroundings, now, concurrency } = this.#options;
    while (this.#isWanted) {
      this.#isWanted = false;
      if (this.#isStopped) return;
      const limit = concurrency - this.#running.size;
      // The job that ends next wakes the pump.
      if (limit <= 0) return;
      try {
        if (this.#needsRecovery) await this.#recover();
        const claim = await jobs.claim(queue, { now: now(), limit, slots: concurrency });
        for (const job of claim.jobs) this.#begin(job);
        if (claim.nextDueAt !== undefined && this.#running.size < concurrency) this.expect(claim.nextDueAt);
      } catch (error) {
        this.#needsRecovery = true;
        surroundings.log.warn('queue: cannot take jobs', { queue, err: error });
        this.expect(now() + retryStoreMs);
      }
    }
  }

  async #recover(): Promise<void> {
    const { queue, jobs, surroundings, now } = this.#options;
    this.#needsRecovery = false;
    const count = await jobs.recover(queue, [...this.#running.keys()]);
    if (count > 0) surroundings.log.warn('queue: jobs that were cut off run again', { queue, count });
    const hurried = await jobs.hurry(queue, { now: now(), slackMs });
    if (hurried === 0) return;
    surroundings.log.warn('queue: the wall clock was set back; jobs are run now', { queue, count: hurried });
  }

  #begin(job: ClaimedJob): void {
    const outcome = this.#isStopped
      ? Promise.resolve<JobOutcome>({ id: job.id, state: 'released' })
      : this.#runOne(job);
    const work = outcome
      .then((ended) => this.#record(ended))
      .finally(() => {
        this.#running.delete(job.id);
        this.wake();
      });
    this.#running.set(job.id, work);
  }

  async #runOne(job: ClaimedJob): Promise<JobOutcome> {
    const { run, now } = this.#options;
    const { id, attempt } = job;
    try {
      const result = await run({ ...job });
      if ('done' in result) return { id, state: 'done' };
      const { delayMs } = result.again;
      const payload = 'payload' in result.again ? { payload: { value: result.again.payload } } : {};
      return { id, state: 'again', dueAt: Math.ceil(now() + delayMs), delayMs: Math.ceil(delayMs), ...payload };
    } catch (error) {
      if (await this.#isDead(job, error)) return { id, state: 'done' };
      const delayMs = Math.ceil(backOffMs(attempt, backOff));
      return { id, state: 'retry', dueAt: now() + delayMs, delayMs };
    }
  }

  /** Whether the job has thrown for the last time, and is in other hands. */
  async #isDead(job: ClaimedJob, error: unknown): Promise<boolean> {
    const { queue, maxAttempts, onDead, surroundings } = this.#options;
    const { id, app, attempt } = job;
    const dead = attempt >= maxAttempts;
    surroundings.log.warn('queue: a job threw', { queue, id, app, attempt, dead, err: error });
    if (!dead) return false;
    try {
      await onDead?.({ ...job }, error instanceof Error ? error.message : String(error));
      return true;
    } catch (refusal) {
      surroundings.log.warn('queue: a dead job could not be handed over', { queue, id, app, err: refusal });
      return false;
    }
  }

  /**
   * Until it is stored: a result that got lost would run the job again for nothing. A stop gives up, and the
   * next process runs it again.
   */
  async #record(outcome: JobOutcome): Promise<void> {
    const { queue, jobs, surroundings } = this.#options;
    for (;;) {
      try {
        await jobs.record(queue, [outcome]);
        if ('dueAt' in outcome) this.expect(outcome.dueAt);
        return;
      } catch (error) {
        surroundings.log.warn('queue: cannot store what became of a job', { queue, id: outcome.id, err: error });
        if (this.#isStopped) return;
        await this.#pause();
      }
    }
  }

  #pause(): Promise<void> {
    return new Promise((resolve) => {
      const timer = this.#options.surroundings.clock.after(retryStoreMs, resolve);
      this.#paused.push(() => {
        timer.cancel();
        resolve();
      });
    });
  }
}
