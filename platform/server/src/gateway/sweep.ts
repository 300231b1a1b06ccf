// Looks at every connection now and then, with one timer for all: a hundred thousand timers would cost more
// than the connections they watch. What is overdue is the connections' business.
import type { Clock, Timer } from '../ports/clock.ts';

export interface Swept {
  /** Looks for what is overdue and returns when to look again, ms; undefined: never. */
  check(): number | undefined;
}

const tickMs = 250;
/**
 * No connection is left alone for longer, so that a deadline that moves nearer is noticed. A hundred thousand
 * connections are 5,000 a tick.
 */
const longestMs = 5000;
const slots = longestMs / tickMs + 1;

export class Sweep {
  readonly #clock: Clock;
  readonly #wheel: Set<Swept>[] = Array.from({ length: slots }, () => new Set());
  #at = 0;
  #timer: Timer | undefined;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  start(): void {
    this.#timer ??= this.#clock.after(tickMs, this.#tick);
  }

  stop(): void {
    this.#timer?.cancel();
    this.#timer = undefined;
  }

  /** It is looked at after `delayMs`, rounded up to a tick. It leaves by answering undefined. */
  add(swept: Swept, delayMs: number): void {
    const ticks = Math.max(1, Math.ceil(Math.min(delayMs, longestMs) / tickMs));
    this.#wheel[(this.#at + ticks) % slots]?.add(swept);
  }

  readonly #tick = (): void => {
    this.#timer = this.#clock.after(tickMs, this.#tick);
    this.#at = (this.#at + 1) % slots;
    const due = this.#wheel[this.#at];
    if (due === undefined || due.size === 0) return;
    this.#wheel[this.#at] = new Set();
    for (const swept of due) {
      const nextMs = swept.check();
      if (nextMs !== undefined) this.add(swept, nextMs);
    }
  };
}
