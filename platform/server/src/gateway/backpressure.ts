// Judges how far a client lags behind what is sent to it. What follows from that is done by whoever asks: broadcasting, connection.ts.

interface Bounds {
  /** Above it a client is behind. */
  behindBytes: number;
  /** Above it a client is too slow at once. */
  tooSlowBytes: number;
  /** A client that is behind for so long without a break is too slow as well. */
  tooSlowMs: number;
}

export class Backpressure {
  readonly #bounds: Bounds;
  #behindSinceMs: number | undefined;

  constructor(bounds: Bounds) {
    this.#bounds = bounds;
  }

  get behindBytes(): number {
    return this.#bounds.behindBytes;
  }

  get isBehind(): boolean {
    return this.#behindSinceMs !== undefined;
  }

  /** `recovered`: it was behind until now. `nowMs` is monotonic. */
  judge(bufferedBytes: number, nowMs: number): 'fine' | 'recovered' | 'behind' | 'too_slow' {
    if (bufferedBytes <= this.#bounds.behindBytes) {
      if (this.#behindSinceMs === undefined) return 'fine';
      this.#behindSinceMs = undefined;
      return 'recovered';
    }
    this.#behindSinceMs ??= nowMs;
    if (bufferedBytes > this.#bounds.tooSlowBytes) return 'too_slow';
    return nowMs - this.#behindSinceMs >= this.#bounds.tooSlowMs ? 'too_slow' : 'behind';
  }

  /** Until a client that stays behind becomes too slow; Infinity when it is not behind. */
  leftMs(nowMs: number): number {
    return this.#behindSinceMs === undefined ? Infinity : this.#behindSinceMs + this.#bounds.tooSlowMs - nowMs;
  }
}
