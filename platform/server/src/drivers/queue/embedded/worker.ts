// Takes the due jobs of one queue and runs them, a bounded number at a time. Not where jobs are kept: job-store.ts.

import type { Clock, Timer } from '../../../ports/clock.ts';
import type { Job, JobResult } from '../../../ports/queue.ts';
import type { Log } from '../../../ports/log.ts';
import { backOffMs } from './back-off.ts';
import type { ClaimedJob, JobOutcome, JobStore } from './job-store.ts';

/** How soon the store is asked again after it failed, ms; its coming back wakes the worker before that. */
const retryStoreMs = 1000;

export interface EmbeddedWorkerOptions {
  queue: string;
  concurrency: number;
  /** After so many runs that threw a job is dead. */
  maxAttempts: number;
  jobs: JobStore;
  clock: Clock;
  /** Queue time. */
  now: () => number;
  log: Log;
}

export interface EmbeddedWorker {
  /** Something may be due. */
  wake(): void;
  /** A job was added that is due then, queue time. */
  expect(dueAt: number): void;
  stop(): Promise<void>;
}

export function startWorker(options: EmbeddedWorkerOptions, run: (job: Job) => Promise<JobResult>): EmbeddedWorker {
  const { queue, jobs, clock, now, log } = options;
  const running = new Map<string, Promise<void>>();
  let alarm: { at: number; timer: Timer } | undefined;
  let pumping: Promise<void> | undefined;
  let wanted = false;
  let stopped = false;
  // Set at the start, for what a dead process left, and after a claim with an unknown outcome, which may have taken jobs that nobody runs.
  let recovery = true;
  const wakeSettlers: (() => void)[] = [];

  function wake(): void {
    for (const go of wakeSettlers.splice(0)) go();
    wanted = true;
    if (stopped) return;
    pumping ??= pump().finally(() => {
      pumping = undefined;
      if (wanted) wake();
    });
  }

  function expect(dueAt: number): void {
    if (dueAt <= now()) {
      wake();
      return;
    }
    if (stopped || (alarm !== undefined && alarm.at <= dueAt)) return;
    alarm?.timer.cancel();
    const ring = (): void => {
      alarm = undefined;
      wake();
    };
    alarm = { at: dueAt, timer: clock.after(dueAt - now(), ring) };
  }

  async function pump(): Promise<void> {
    while (wanted) {
      wanted = false;
      if (stopped) return;
      const limit = options.concurrency - running.size;
      // Whoever ends next wakes the pump.
      if (limit <= 0) return;
      try {
        if (recovery) await recover();
        const claim = await jobs.claim(queue, { now: now(), limit });
        for (const job of claim.jobs) begin(job);
        if (claim.nextDueAt !== undefined && running.size < options.concurrency) expect(claim.nextDueAt);
      } catch (error) {
        recovery = true;
        log.warn('queue: cannot take jobs', { queue, err: error });
        expect(now() + retryStoreMs);
      }
    }
  }

  async function recover(): Promise<void> {
    recovery = false;
    const count = await jobs.recover(queue, [...running.keys()]);
    if (count > 0) log.warn('queue: jobs that were cut off run again', { queue, count });
  }

  function begin(job: ClaimedJob): void {
    const work = (stopped ? Promise.resolve<JobOutcome>({ id: job.id, state: 'released' }) : runOne(job))
      .then(settle)
      .finally(() => {
        running.delete(job.id);
        wake();
      });
    running.set(job.id, work);
  }

  async function runOne(job: ClaimedJob): Promise<JobOutcome> {
    const { id, attempt } = job;
    try {
      const result = await run({ ...job });
      if ('done' in result) return { id, state: 'done' };
      const { delayMs } = result.again;
      const payload = 'payload' in result.again ? { payload: { value: result.again.payload } } : {};
      return { id, state: 'again', dueAt: Math.ceil(now() + delayMs), ...payload };
    } catch (error) {
      const dead = attempt >= options.maxAttempts;
      log.warn('queue: a job threw', { queue, id, app: job.app, attempt, dead, err: error });
      if (!dead) return { id, state: 'retry', dueAt: now() + backOffMs(attempt) };
      return { id, state: 'dead', error: error instanceof Error ? error.message : String(error), at: clock.now() };
    }
  }

  /** Until it is stored: a result that got lost would run the job again for nothing. A stop gives up, and the next process runs it again. */
  async function settle(outcome: JobOutcome): Promise<void> {
    for (;;) {
      try {
        await jobs.settle(queue, [outcome]);
        if ('dueAt' in outcome) expect(outcome.dueAt);
        return;
      } catch (error) {
        log.warn('queue: cannot store what became of a job', { queue, id: outcome.id, err: error });
        if (stopped) return;
        await pause();
      }
    }
  }

  function pause(): Promise<void> {
    return new Promise((resolve) => {
      const timer = clock.after(retryStoreMs, resolve);
      wakeSettlers.push(() => {
        timer.cancel();
        resolve();
      });
    });
  }

  wake();
  return {
    wake,
    expect,
    async stop() {
      stopped = true;
      alarm?.timer.cancel();
      alarm = undefined;
      for (const go of wakeSettlers.splice(0)) go();
      await pumping;
      while (running.size > 0) await Promise.all(running.values());
    },
  };
}
