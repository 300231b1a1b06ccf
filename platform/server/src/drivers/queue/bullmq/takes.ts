// Takes jobs for the slots of one process: those who ask while another call is under way share the next one, so that
// each call knows what the process holds. Not the running of the jobs: bullmq-worker.ts.

import type { Job } from '../../../ports/queue.ts';
import type { Holder, Lanes, Run, Turns } from './lanes.ts';

export interface Taken extends Omit<Turns, 'jobs'> {
  job: Job | undefined;
}

interface Asked {
  run: Run;
  resolve: (taken: Taken) => void;
  reject: (error: unknown) => void;
}

export class Takes {
  readonly #lanes: Lanes;
  readonly #slots: number;
  /** The owners of the jobs that run here, by ticket. */
  readonly #held = new Map<string, Holder>();
  #asked: Asked[] = [];
  #isAsking = false;

  constructor(lanes: Lanes, slots: number) {
    this.#lanes = lanes;
    this.#slots = slots;
  }

  /** A job that is taken is held until `end`. Rejects with `unavailable`; asking again with the same run is safe. */
  take(run: Run): Promise<Taken> {
    return new Promise((resolve, reject) => {
      this.#asked.push({ run, resolve, reject });
      if (!this.#isAsking) void this.#askAll();
    });
  }

  /** Whether there is something to do for this process. */
  async look(): Promise<Turns> {
    return this.#lanes.take([], { holders: [...this.#held.values()], slots: this.#slots });
  }

  end(ticket: string): void {
    this.#held.delete(ticket);
  }

  async #askAll(): Promise<void> {
    this.#isAsking = true;
    while (this.#asked.length > 0) await this.#ask(this.#asked.splice(0));
    this.#isAsking = false;
  }

  async #ask(asked: readonly Asked[]): Promise<void> {
    try {
      const runs = asked.map(({ run }) => run);
      const { jobs, ...turns } = await this.#lanes.take(runs, {
        holders: [...this.#held.values()],
        slots: this.#slots,
      });
      for (const [i, { run, resolve }] of asked.entries()) {
        const job = jobs[i];
        if (job !== undefined) this.#held.set(run.ticket, { app: job.app, user: job.user ?? '' });
        resolve({ ...turns, job });
      }
    } catch (error) {
      for (const { reject } of asked) reject(error);
    }
  }
}
