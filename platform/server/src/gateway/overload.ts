// Notices that the node has too much to do for more connections: whatever falls due waits long for its turn.
// Refusing is admission.ts's.
import type { Timer } from '../ports/clock.ts';
import type { Surroundings } from '../ports/surroundings.ts';

/** How often the delay is measured. */
const everyMs = 100;
/**
 * The time over which it is smoothed: a broadcast to ten thousand sockets or a pause of the garbage collector
 * is no overload, and is over before anybody could have connected elsewhere.
 */
const smoothedOverMs = 2000;
/**
 * One pause counts for this many times the limit at most, so that a long one that is over is soon forgotten.
 */
const mostLimits = 2;
/**
 * Below this part of the limit the node takes connections again: far enough from it not to change its mind
 * every second.
 */
const relievedPart = 0.5;

/**
 * The delay is how late a timer runs, which is how long anything that falls due now waits: half a turn of the
 * event loop on average.
 */
export class Overload {
  readonly #surroundings: Surroundings;
  readonly #limitMs: number;
  #delayMs = 0;
  #isOverloaded = false;
  #timer: Timer | undefined;

  /** With a limit of 0 nothing is measured, and no load is too much. */
  constructor(limitMs: number, surroundings: Surroundings) {
    this.#limitMs = limitMs;
    this.#surroundings = surroundings;
    surroundings.metrics.onCollect(() => surroundings.metrics.set('overload_delay_seconds', [], this.#delayMs / 1000));
  }

  get isOverloaded(): boolean {
    return this.#isOverloaded;
  }

  start(): void {
    if (this.#limitMs > 0 && this.#timer === undefined) this.#measureLater();
  }

  stop(): void {
    this.#timer?.cancel();
    this.#timer = undefined;
  }

  #measureLater(): void {
    const { clock } = this.#surroundings;
    const startedMs = clock.monotonic();
    this.#timer = clock.after(everyMs, () => {
      const tookMs = clock.monotonic() - startedMs;
      this.#measureLater();
      this.#take(tookMs);
    });
  }

  #take(tookMs: number): void {
    const lateMs = Math.min(tookMs - everyMs, mostLimits * this.#limitMs);
    // By time, not by sample: a node that is late measures less often.
    const weight = 1 - Math.exp(-tookMs / smoothedOverMs);
    this.#delayMs += (lateMs - this.#delayMs) * weight;
    const isOverloaded = this.#delayMs >= this.#limitMs * (this.#isOverloaded ? relievedPart : 1);
    if (isOverloaded === this.#isOverloaded) return;
    this.#isOverloaded = isOverloaded;
    const { log } = this.#surroundings;
    const fields = { delayMs: Math.round(this.#delayMs) };
    if (isOverloaded) log.warn('overload', { state: 'refusing', ...fields });
    else log.info('overload', { state: 'over', ...fields });
  }
}
