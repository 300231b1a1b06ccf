// One piece of maintenance that goes round on one node of the cluster at a time. Not what it does:
// retention.ts, upload-tidying.ts.

import type { Timer } from '../ports/clock.ts';
import type { Lease, Leases } from '../ports/leases.ts';
import type { Queue, QueueWorker } from '../ports/queue.ts';
import type { Surroundings } from '../ports/surroundings.ts';

export interface RoundDeps {
  queue: Pick<Queue, 'every'>;
  leases: Leases;
  surroundings: Pick<Surroundings, 'clock' | 'log'>;
}

export interface RoundTask {
  name: string;
  everyMs: number;
  /** What is said in the log when `run` rejects: what could not be done, as the first half of a sentence. */
  trouble: string;
  /** Ends soon after `mayGoOn` says no: the node stops, or has lost its lease and another goes round. */
  run: (mayGoOn: () => boolean) => Promise<void>;
}

/** A node that dies in the middle of a round keeps the others from it this long, ms. */
const leaseMs = 60_000;
/** Renewed three times as often as it runs out: one renewal may be lost. */
const renewEveryMs = leaseMs / 3;

export class Round {
  readonly #task: RoundTask;
  readonly #deps: RoundDeps;
  #worker: QueueWorker | undefined;
  #isStopped = false;

  constructor(task: RoundTask, deps: RoundDeps) {
    this.#task = task;
    this.#deps = deps;
  }

  async start(): Promise<void> {
    const { name, everyMs } = this.#task;
    this.#worker = await this.#deps.queue.every(name, everyMs, () => this.#go());
  }

  /** Resolves when a round that runs has ended. */
  async stop(): Promise<void> {
    this.#isStopped = true;
    await this.#worker?.stop();
  }

  /** One round, now. Never rejects: what failed is for the next one. */
  async once(mayGoOn: () => boolean = () => true): Promise<void> {
    const { name, run, trouble } = this.#task;
    try {
      await run(mayGoOn);
    } catch (error) {
      this.#deps.surroundings.log.warn(`${trouble}; the next round tries again`, { round: name, err: error });
    }
  }

  /**
   * The queue runs it once per cluster, but may take a slow node for a dead one and run it on a second; the
   * lease keeps them apart.
   */
  async #go(): Promise<void> {
    const lease = await this.#deps.leases.acquire(`round ${this.#task.name}`, leaseMs);
    if (lease === undefined) return;
    const kept = new KeptLease(lease, this.#deps.surroundings);
    try {
      await this.once(() => kept.isHeld && !this.#isStopped);
    } finally {
      await kept.end();
    }
  }
}

/** Renews a lease until it is ended or lost. */
class KeptLease {
  readonly #lease: Lease;
  readonly #surroundings: RoundDeps['surroundings'];
  #timer: Timer;
  #isHeld = true;

  constructor(lease: Lease, surroundings: RoundDeps['surroundings']) {
    this.#lease = lease;
    this.#surroundings = surroundings;
    this.#timer = this.#schedule();
  }

  get isHeld(): boolean {
    return this.#isHeld;
  }

  async end(): Promise<void> {
    this.#isHeld = false;
    this.#timer.cancel();
    await this.#lease.release().catch(() => undefined);
  }

  #schedule(): Timer {
    return this.#surroundings.clock.after(renewEveryMs, () => void this.#renew());
  }

  async #renew(): Promise<void> {
    let renewed = false;
    try {
      renewed = await this.#lease.renew();
    } catch (error) {
      this.#surroundings.log.debug('a lease could not be renewed', { err: error });
    }
    if (!this.#isHeld) return;
    this.#isHeld = renewed;
    if (renewed) this.#timer = this.#schedule();
  }
}
