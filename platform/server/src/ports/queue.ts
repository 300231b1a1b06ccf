// Work that must be done later or elsewhere, and survives a kill. Not a bus: a job is done by one worker.

import type { AppId } from './app-id.ts';

export interface NewJob {
  /** Chosen by the caller, unique per queue; adding an id again within 24 h of the first does nothing, even when that job is done. */
  id: string;
  app: AppId;
  /** Plain JSON; ids rather than contents. */
  payload: unknown;
  /** Not before this many ms from now; 0 when absent. */
  delayMs?: number;
}

export interface Job extends NewJob {
  /** 1 on the first run. A run that a kill cut off counts. */
  attempt: number;
  /** When it was added, ms since the epoch. */
  addedAt: number;
}

/** `again` runs the same job later, with another payload where given, as attempt 1 of that payload. */
export type JobResult = { done: true } | { again: { delayMs: number; payload?: unknown } };

export type JobCounts = Record<'waiting' | 'delayed' | 'active' | 'dead', number>;

/**
 * Guarantees: a job whose `add` resolved is run at least once, by one worker at a time, in about the order it fell due; it is run again when the worker
 * died or the handler threw (back-off from 1 s, doubling, to 5 min, with jitter); after `maxAttempts` throws it is dead and kept.
 * `add` is atomic: all of the jobs or none; rejects with `unavailable` when the queue can't be reached.
 */
export interface Queue {
  add(queue: string, jobs: readonly NewJob[]): Promise<void>;
  /** One worker set per queue name and process. */
  work(
    queue: string,
    options: { concurrency: number; maxAttempts: number },
    run: (job: Job) => Promise<JobResult>,
  ): Promise<QueueWorker>;
  counts(queue: string): Promise<JobCounts>;
  state(): 'up' | 'down';
  onState(listen: (state: 'up' | 'down') => void): void;
  close(): Promise<void>;
}

export interface QueueWorker {
  /** Takes no new job, waits for those that run, resolves when none does. Idempotent. */
  stop(): Promise<void>;
}
