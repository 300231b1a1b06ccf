// Says whether a client is still there. In most protocols heartbeats are the client's to send; in others a
// silent client is pinged.

/** For a heartbeat that left in time and travels slowly. */
const slackMs = 5000;

/** All times are monotonic. */
export class Heartbeat {
  readonly #intervalMs: number;
  #heardMs: number;
  #pingedMs = -Infinity;

  constructor(intervalMs: number, nowMs: number) {
    this.#intervalMs = intervalMs;
    this.#heardMs = nowMs;
  }

  heard(nowMs: number): void {
    this.#heardMs = nowMs;
  }

  /**
   * Until a client that stays silent counts as gone: two heartbeat intervals and some. At most 0: it is gone.
   */
  leftMs(nowMs: number): number {
    return this.#heardMs + 2 * this.#intervalMs + slackMs - nowMs;
  }

  /** Until a client that stays silent is to be pinged, which is once an interval. At most 0: now. */
  pingLeftMs(nowMs: number): number {
    return Math.max(this.#heardMs, this.#pingedMs) + this.#intervalMs - nowMs;
  }

  pinged(nowMs: number): void {
    this.#pingedMs = nowMs;
  }
}
