// Runs something again and again on the clock, one round after the end of the one before. The work of a
// round, and the report of its failure, is the caller's.

import type { Clock, Timer } from '../ports/clock.ts';

export interface RoundsOptions {
  clock: Pick<Clock, 'after'>;
  /** From the end of a round to the next, ms. */
  everyMs: number;
  /** A rejection is a defect: it reaches the handler of the process, and the rounds go on. */
  run: () => void | Promise<void>;
  /**
   * The part of `everyMs` by which a wait may be shorter, at random: for rounds of every node, so that they
   * do not begin at once.
   */
  jitter?: number;
  /** In [0, 1). */
  random?: () => number;
}

export class Rounds {
  readonly #options: RoundsOptions;
  #timer: Timer | undefined;
  #running: Promise<void> | undefined;
  #isStarted = false;

  constructor(options: RoundsOptions) {
    this.#options = options;
  }

  /** The first round begins now, or after one wait. Does nothing when it is started already. */
  start(first: 'now' | 'after_wait' = 'after_wait'): void {
    if (this.#isStarted) return;
    this.#isStarted = true;
    if (first === 'now') this.#begin();
    else this.#wait();
  }

  /** No round begins any more; resolves when the one under way has ended. */
  async stop(): Promise<void> {
    this.#isStarted = false;
    this.#timer?.cancel();
    await Promise.allSettled([this.#running]);
  }

  /** For a round that takes long: whether it is to go on. */
  get isStarted(): boolean {
    return this.#isStarted;
  }

  #wait(): void {
    const { clock, everyMs, jitter = 0, random = Math.random } = this.#options;
    this.#timer = clock.after(everyMs * (1 - jitter * random()), () => this.#begin());
  }

  #begin(): void {
    this.#running = this.#runOne();
  }

  async #runOne(): Promise<void> {
    try {
      await this.#options.run();
    } finally {
      if (this.#isStarted) this.#wait();
    }
  }
}
