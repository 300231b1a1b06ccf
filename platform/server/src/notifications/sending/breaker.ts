// Stops calling a provider's service that keeps failing, and tries one call now and then. Per configuration;
// knows nothing of messages.
import type { Clock } from '../../ports/clock.ts';

/** Enough that a few unlucky calls of a healthy service do not stop it. */
const failuresToOpen = 10;
/** Doubled with each probe that fails. */
const firstOpenMs = 5_000;
const longestOpenMs = 2 * 60_000;

interface Trouble {
  failures: number;
  /** Monotonic ms; undefined while closed. */
  openUntil: number | undefined;
  openMs: number;
  /** The one call that is let through when the time is over. */
  probing: boolean;
}

export class Breaker {
  readonly #clock: Pick<Clock, 'monotonic'>;
  /** Only configurations in trouble are remembered, so the memory is bounded by their number. */
  readonly #troubles = new Map<string, Trouble>();

  constructor(clock: Pick<Clock, 'monotonic'>) {
    this.#clock = clock;
  }

  /** 0: `admitMs` would let a call through now. Above 0: not before this many ms. */
  heldMs(key: string): number {
    const trouble = this.#troubles.get(key);
    if (trouble?.openUntil === undefined) return 0;
    const leftMs = trouble.openUntil - this.#clock.monotonic();
    if (leftMs > 0) return leftMs;
    // Half-open: what comes while the probe is under way looks in again when it should have ended.
    return trouble.probing ? firstOpenMs : 0;
  }

  /**
   * 0: call now, and then say what came of it with `record`. Above 0: not before this many ms; nothing was
   * counted.
   */
  admitMs(key: string): number {
    const heldMs = this.heldMs(key);
    const trouble = this.#troubles.get(key);
    if (heldMs === 0 && trouble?.openUntil !== undefined) trouble.probing = true;
    return heldMs;
  }

  /** `answered`: the service said something, be it no. */
  record(key: string, result: 'answered' | 'failed'): void {
    if (result === 'answered') {
      this.#troubles.delete(key);
      return;
    }
    const trouble = this.#troubles.get(key) ?? {
      ...{ failures: 0, openUntil: undefined, openMs: firstOpenMs, probing: false },
    };
    this.#troubles.set(key, trouble);
    trouble.failures += 1;
    if (trouble.probing) trouble.openMs = Math.min(trouble.openMs * 2, longestOpenMs);
    else if (trouble.failures < failuresToOpen || trouble.openUntil !== undefined) return;
    trouble.probing = false;
    trouble.openUntil = this.#clock.monotonic() + trouble.openMs;
  }

  /** Whether calls are held back now, for people. */
  isOpen(key: string): boolean {
    return this.#troubles.get(key)?.openUntil !== undefined;
  }
}
