// Tells the other nodes that messages of this node did not go out, as soon as one goes out again. Which messages they
// were is not kept: the others look in the stores.

import { BackOff } from '../../../concurrency/back-off.ts';
import type { Clock, Timer } from '../../../ports/clock.ts';
import { reconnectWaits } from '../../redis/connect.ts';

export interface LossNoticeDeps {
  clock: Pick<Clock, 'after'>;
  /** Rejects while nothing goes out. */
  send: () => Promise<void>;
}

export class LossNotice {
  readonly #deps: LossNoticeDeps;
  readonly #backOff = new BackOff(reconnectWaits);
  /** Messages that failed. */
  #failed = 0;
  #next: Timer | undefined;
  #isSending = false;
  #isStopped = false;

  constructor(deps: LossNoticeDeps) {
    this.#deps = deps;
  }

  /** A message did not go out, or it is not known whether it did. */
  owe(): void {
    this.#failed += 1;
    this.#tryLater();
  }

  /** The way is back: what is owed is said now. */
  hurry(): void {
    if (this.#next === undefined) return;
    this.#next.cancel();
    void this.#try();
  }

  stop(): void {
    this.#isStopped = true;
    this.#next?.cancel();
  }

  #tryLater(): void {
    if (this.#isStopped || this.#isSending || this.#next !== undefined) return;
    this.#next = this.#deps.clock.after(this.#backOff.next(), () => void this.#try());
  }

  async #try(): Promise<void> {
    this.#next = undefined;
    this.#isSending = true;
    const said = this.#failed;
    const isSaid = await this.#deps.send().then(
      () => true,
      () => false,
    );
    this.#isSending = false;
    if (isSaid) this.#backOff.reset();
    if (!isSaid || said !== this.#failed) this.#tryLater();
  }
}
