// Time as the capabilities see it: wall clock for stamps, timers for waits. Tests put a virtual clock in its
// place.

/** A timer that was set; `cancel` is idempotent. Timers never keep the process alive by themselves. */
export interface Timer {
  cancel(): void;
}

/**
 * Stamps come from the wall clock and may jump either way; timers run on the monotonic clock and never fire
 * early. Nothing may compute a wait from two stamps.
 */
export interface Clock {
  /** Wall clock, milliseconds since the epoch. */
  now(): number;
  /** Milliseconds of a clock that never goes back; its zero has no meaning. */
  monotonic(): number;
  /**
   * Calls `run` once after `delayMs`; an error thrown by `run` is the caller's defect and reaches the process
   * handler.
   */
  after(delayMs: number, run: () => void): Timer;
}
