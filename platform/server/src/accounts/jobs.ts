// Long work that somebody of the console began: how far it is, and that it is to stop. What it does is the
// caller's. A job is of the node that it was begun on, and is forgotten when that ends. Of all nodes: jobs-of-nodes.ts.

import { uuidv7 } from 'uuidv7';
import type { Clock } from '../ports/clock.ts';
import type { Log } from '../ports/log.ts';

export interface JobState {
  id: string;
  state: 'running' | 'done' | 'stopped' | 'failed';
  done: number;
  of: number;
  /** What was not done, by the reason. */
  skipped: readonly { reason: string; count: number }[];
}

/** What the work says of itself. */
export interface JobProgress {
  /** Asked before each part: nothing more is done from then on. */
  readonly isStopped: boolean;
  did: () => void;
  skipped: (reason: string) => void;
}

interface Job {
  account: string;
  state: JobState['state'];
  done: number;
  of: number;
  skipped: Map<string, number>;
  isStopped: boolean;
  endedAtMs: number | undefined;
}

const keptMs = 60 * 60 * 1000;

export class Jobs {
  readonly #clock: Pick<Clock, 'monotonic'>;
  readonly #log: Pick<Log, 'error'>;
  readonly #jobs = new Map<string, Job>();

  constructor({ clock, log }: { clock: Pick<Clock, 'monotonic'>; log: Pick<Log, 'error'> }) {
    this.#clock = clock;
    this.#log = log;
  }

  /** Begins it, and does not wait for it. */
  start(account: string, of: number, work: (progress: JobProgress) => Promise<void>): JobState {
    this.#forgetOld();
    const id = uuidv7();
    const job: Job = {
      ...{ account, of, done: 0, skipped: new Map<string, number>(), isStopped: false },
      ...{ state: 'running', endedAtMs: undefined },
    };
    this.#jobs.set(id, job);
    void this.#run(job, work);
    return shown(id, job);
  }

  /** Undefined for one that is not this account's. */
  find(id: string, account: string): JobState | undefined {
    const job = this.#find(id, account);
    return job && shown(id, job);
  }

  /** What is under way is done to its end. Undefined for one that is not this account's. */
  stop(id: string, account: string): JobState | undefined {
    const job = this.#find(id, account);
    if (job === undefined) return undefined;
    job.isStopped = true;
    return shown(id, job);
  }

  /** Nothing goes on after this. */
  stopAll(): void {
    for (const job of this.#jobs.values()) job.isStopped = true;
  }

  async #run(job: Job, work: (progress: JobProgress) => Promise<void>): Promise<void> {
    try {
      await work({
        get isStopped() {
          return job.isStopped;
        },
        did: () => void (job.done += 1),
        skipped: (reason) => void job.skipped.set(reason, (job.skipped.get(reason) ?? 0) + 1),
      });
      job.state = job.isStopped && job.done < job.of ? 'stopped' : 'done';
    } catch (err) {
      job.state = 'failed';
      this.#log.error('a job of the console failed', { err });
    } finally {
      job.endedAtMs = this.#clock.monotonic();
    }
  }

  #find(id: string, account: string): Job | undefined {
    const job = this.#jobs.get(id);
    return job?.account === account ? job : undefined;
  }

  #forgetOld(): void {
    const before = this.#clock.monotonic() - keptMs;
    for (const [id, { endedAtMs = Infinity }] of this.#jobs) if (endedAtMs < before) this.#jobs.delete(id);
  }
}

function shown(id: string, { state, done, of, skipped }: Job): JobState {
  return { id, state, done, of, skipped: Array.from(skipped, ([reason, count]) => ({ reason, count })) };
}
