// Work that must be done later or elsewhere, and survives a kill. Not a bus: a job is done by one worker.
// Jobs that were given up are kept in stores/dead-letters.ts.

import type { AppId } from './app-id.ts';

export interface NewJob {
  /**
   * Chosen by the caller, unique per queue; adding an id again within 24 h of the first does nothing, even
   * when that job is done.
   */
  id: string;
  app: AppId;
  /**
   * The owner of its load within the app, whose turn it takes. Left out, it is the app's own; those of an app
   * that are nobody's take their turns among the users' as one more user.
   */
  user?: string | undefined;
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

export interface WorkOptions {
  /** Jobs that run side by side in this process. One app has half of them at most: see Queue. */
  concurrency: number;
  /** After so many runs that threw a job is dead. */
  maxAttempts: number;
  /**
   * Takes over a job that is dead, with what its last run threw, in words; the job is gone when it resolves.
   * When it throws, the job runs again after a back-off, and is dead again. Left out, a dead job is logged
   * and gone.
   */
  onDead?: (job: Job, error: string) => Promise<void>;
}

export type JobCounts = Record<'waiting' | 'delayed' | 'active', number>;

/**
 * Guarantees: a job whose `add` resolved is run at least once, by one worker at a time; it is run again when
 * the worker died or the handler threw (back-off from 1 s, doubling, to 5 min, with jitter). A broker that
 * takes a slow worker for a dead one may run a job twice at once, so a handler has to bear it. `add` is
 * atomic: all of the jobs or none; rejects with `unavailable` when the queue can't be reached.
 *
 * Turns: of the apps that have jobs due, the one that was served least recently is next, and within it the
 * users one after the other. An app runs no more jobs at once than are left free (concurrency/share.ts): half
 * of them alone, and a newcomer's first job begins at once, however long the jobs of others take. The users
 * of an app share its part in the same way.
 *
 * Order: jobs of one user begin in about the order in which they fell due; what a kill cut off is begun anew
 * once a broker takes the worker for dead, and others pass it meanwhile. That is all: two of them may run
 * at once, in one process or in two, and the later one may end first. A handler that must not undo what a
 * later job did has to find out, by what the stores say, right before it acts (a push compares the claim it
 * was made for with the cursor's `pushed`: notifications/sending/worker.ts).
 */
export interface Queue {
  add(queue: string, jobs: readonly NewJob[]): Promise<void>;
  /** One worker set per queue name and process. */
  work(queue: string, options: WorkOptions, run: (job: Job) => Promise<JobResult>): Promise<QueueWorker>;
  /**
   * Runs `run` every `everyMs`, on one of all the nodes that ask for it under this name: at once when it
   * never ran or when `everyMs` have gone by since the last run ended, else when they have. A run that throws
   * is logged, and the next one comes in its time. A run that a kill cut off is begun anew.
   */
  every(name: string, everyMs: number, run: () => Promise<void>): Promise<QueueWorker>;
  /** Of one app, or of all. */
  counts(queue: string, app?: AppId): Promise<JobCounts>;
  state(): 'up' | 'down';
  close(): Promise<void>;
}

export interface QueueWorker {
  /** Takes no new job, waits for those that run, resolves when none does. Idempotent. */
  stop(): Promise<void>;
}
