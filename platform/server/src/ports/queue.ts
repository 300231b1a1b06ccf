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

/** A job that is kept dead from the start: nobody runs it before it is replayed. */
export interface BuriedJob extends Omit<NewJob, 'delayMs'> {
  /** Why, for people; without secrets. */
  error: string;
  /** What it may be found by later, with others; e.g. the provider that did not take it. */
  label?: string;
}

export interface DeadJob extends BuriedJob {
  /** ms since the epoch. */
  diedAt: number;
}

export interface DeadPage {
  limit: number;
  /** The `next` of the page before. */
  before?: string;
  /** Only those of this label. */
  label?: string;
}

/** Named, or as many of a label as `limit` says, the latest first. */
export type DeadSelection = { ids: readonly string[] } | { label: string; limit: number };

export type JobCounts = Record<'waiting' | 'delayed' | 'active' | 'dead', number>;

/**
 * Guarantees: a job whose `add` resolved is run at least once, by one worker at a time, in about the order it fell due; it is run again when the worker
 * died or the handler threw (back-off from 1 s, doubling, to 5 min, with jitter); after `maxAttempts` throws it is dead, and kept for 30 days.
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
  /** Of one app, or of all. */
  counts(queue: string, app?: AppId): Promise<JobCounts>;
  /** Atomic as `add`; an id that is there already, in whatever state, is passed over. */
  bury(queue: string, jobs: readonly BuriedJob[]): Promise<void>;
  /** An app's dead jobs, the latest first (of several that died at about the same time in any order); `next` when there are more. */
  dead(queue: string, app: AppId, page: DeadPage): Promise<{ jobs: readonly DeadJob[]; next?: string }>;
  /** Runs dead jobs of the app again, from attempt 1; the number of them. What is not dead, or another app's, is passed over. */
  replay(queue: string, app: AppId, which: DeadSelection): Promise<number>;
  /** Forgets dead jobs of the app; the number of them. As `replay`. */
  drop(queue: string, app: AppId, which: DeadSelection): Promise<number>;
  state(): 'up' | 'down';
  onState(listen: (state: 'up' | 'down') => void): void;
  close(): Promise<void>;
}

export interface QueueWorker {
  /** Takes no new job, waits for those that run, resolves when none does. Idempotent. */
  stop(): Promise<void>;
}
