// Bounds how many sockets of one address may be open without having connected. The caller says what a
// client's address is.
import type { Clock } from '../ports/clock.ts';

/**
 * A thousand people behind one address come back at once after a restart, and each needs a slot for some
 * milliseconds only. A socket that finds none waits a moment, and is refused when it still finds none.
 */
const waitMs = 1000;
/** Sockets that may wait, as a multiple of the slots. */
const waitersPerSlot = 20;

/** Gives the slot back; again: does nothing. */
export type ReleaseSlot = () => void;

export class AddressSlots {
  readonly #perAddress: number;
  readonly #clock: Clock;
  readonly #addresses = new Map<string, { taken: number; waiting: Set<(isFree: boolean) => void> }>();

  constructor(perAddress: number, clock: Clock) {
    this.#perAddress = perAddress;
    this.#clock = clock;
  }

  /** Undefined: the address has too many. */
  async take(address: string): Promise<ReleaseSlot | undefined> {
    let entry = this.#addresses.get(address);
    if (entry === undefined) this.#addresses.set(address, (entry = { taken: 0, waiting: new Set() }));
    if (entry.taken < this.#perAddress) entry.taken += 1;
    else if (entry.waiting.size >= this.#perAddress * waitersPerSlot || !(await this.#wait(entry.waiting))) {
      return undefined;
    }
    let isReleased = false;
    return () => {
      if (isReleased) return;
      isReleased = true;
      this.#release(address);
    };
  }

  #wait(waiting: Set<(isFree: boolean) => void>): Promise<boolean> {
    return new Promise((resolve) => {
      const end = (isFree: boolean): void => {
        timer.cancel();
        waiting.delete(end);
        resolve(isFree);
      };
      const timer = this.#clock.after(waitMs, () => end(false));
      waiting.add(end);
    });
  }

  #release(address: string): void {
    const entry = this.#addresses.get(address);
    if (entry === undefined) return;
    const [next] = entry.waiting;
    if (next !== undefined) {
      // Handed over: the slot stays taken.
      next(true);
      return;
    }
    entry.taken -= 1;
    if (entry.taken === 0) this.#addresses.delete(address);
  }
}
