// Takes the due jobs of one queue and runs them, a bounded number at a time. Not where jobs are kept:
// job-store.ts.

import type { Timer } from '../../../ports/clock.ts';
import type { Job, JobResult, QueueWorker, WorkOptions } from '../../../ports/queue.ts';
import type { Surroundings } from '../../../ports/surroundings.ts';
import { runJob } from '../run-job.ts';
import type { ClaimedJob, JobOutcome, JobStore } from './job-store.ts';

/** How soon the store is asked again after it failed, ms; its coming back wakes the worker before that. */
const retryStoreMs = 1000;
/** Two processes may differ by this much without the clock having been set: what is put off keeps its time. */
const slackMs = 60_000;

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
    const { surroundings, now } = this.#options;
    const outcome = await runJob(job, { ...this.#options, log: surroundings.log });
    if (outcome.state === 'done') return { ...outcome, id: job.id };
    return { ...outcome, id: job.id, dueAt: now() + outcome.delayMs };
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
