// The place where the embedded queue keeps its jobs. Not a port: only the sqlite and memory
// drivers implement it.

import type { AppId } from '../../../ports/app-id.ts';
import type { JobCounts } from '../../../ports/queue.ts';

export interface JobRecord {
  id: string;
  app: AppId;
  /** Empty where it is nobody's. */
  user: string;
  payload: unknown;
  /** Wall clock, ms since the epoch. */
  addedAt: number;
  /** Queue time (see queue-time.ts), ms. */
  dueAt: number;
  /** How far ahead that was when it was set. */
  delayMs: number;
}

export interface ClaimedJob {
  id: string;
  app: AppId;
  user: string;
  payload: unknown;
  attempt: number;
  addedAt: number;
}

export interface Claim {
  /** In the order of their turns, now counted as active and with this attempt counted. */
  jobs: readonly ClaimedJob[];
  /**
   * When the next of those that were not due yet falls due, queue time; undefined when there is none. A job
   * that is due and was left waits for the end of another.
   */
  nextDueAt?: number;
}

export type JobOutcome =
  | { id: string; state: 'done' }
  /** Threw: the same again at `dueAt`. */
  | { id: string; state: 'retry'; dueAt: number; delayMs: number }
  /** Asked for: at `dueAt`, from attempt 1, with `payload` where given. */
  | { id: string; state: 'again'; dueAt: number; delayMs: number; payload?: { value: unknown } }
  /** Claimed but never started: as if it had not been claimed. */
  | { id: string; state: 'released' };

/**
 * Guarantees: each call is atomic and durable as far as the place is; rejects with `unavailable` when it
 * can't be reached, with the outcome unknown. Only one process works on a store of jobs (the data file is
 * locked), so whatever is active and not running here is left over from a dead one.
 */
export interface JobStore {
  /**
   * An id whose first add is less than `rememberMs` ago, or whose job is still to be done, is passed over.
   */
  add(queue: string, jobs: readonly JobRecord[], at: { now: number; rememberMs: number }): Promise<void>;
  /** Hands out at most `limit` jobs, so that no more than `slots` are active: hand-out.ts says which. */
  claim(queue: string, request: { now: number; limit: number; slots: number }): Promise<Claim>;
  record(queue: string, outcomes: readonly JobOutcome[]): Promise<void>;
  /**
   * Makes every active job that is not among `running` due again; the number of them.
   */
  recover(queue: string, running: readonly string[]): Promise<number>;
  /**
   * Makes every job due whose time is further ahead than it was ever put off, by more than `slackMs`: the wall
   * clock was set back between two processes. The number of them.
   */
  hurry(queue: string, at: { now: number; slackMs: number }): Promise<number>;
  counts(queue: string, now: number, app?: AppId): Promise<JobCounts>;
}
