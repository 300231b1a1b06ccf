// Says how far a client lags behind what is sent to it. Acting on it is the caller's: send-buffer.ts,
// connection.ts.
import type { GatewayLimits } from '../limits.ts';

/**
 * Above `sendBehindBytes` a client is behind; above `sendTooSlowBytes`, or behind for `sendTooSlowMs` without
 * a break, it is too slow.
 */
type Bounds = Pick<GatewayLimits, 'sendBehindBytes' | 'sendTooSlowBytes' | 'sendTooSlowMs'>;

export class Backpressure {
  readonly #bounds: Bounds;
  #behindSinceMs: number | undefined;

  constructor(bounds: Bounds) {
    this.#bounds = bounds;
  }

  get behindBytes(): number {
    return this.#bounds.sendBehindBytes;
  }

  get isBehind(): boolean {
    return this.#behindSinceMs !== undefined;
  }

  /** `recovered`: it was behind until now. `nowMs` is monotonic. */
  check(bufferedBytes: number, nowMs: number): 'fine' | 'recovered' | 'behind' | 'too_slow' {
    if (bufferedBytes <= this.#bounds.sendBehindBytes) {
      if (this.#behindSinceMs === undefined) return 'fine';
      this.#behindSinceMs = undefined;
      return 'recovered';
    }
    this.#behindSinceMs ??= nowMs;
    if (bufferedBytes > this.#bounds.sendTooSlowBytes) return 'too_slow';
    return nowMs - this.#behindSinceMs >= this.#bounds.sendTooSlowMs ? 'too_slow' : 'behind';
  }

  /** Until a client that stays behind becomes too slow; Infinity when it is not behind. */
  leftMs(nowMs: number): number {
    return this.#behindSinceMs === undefined ? Infinity : this.#behindSinceMs + this.#bounds.sendTooSlowMs - nowMs;
  }
}
