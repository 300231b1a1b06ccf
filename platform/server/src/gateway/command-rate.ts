// Bounds how many commands a second one client may send. What a refusal says is intake.ts's business.
import type { GatewayLimits } from './limits.ts';

export type Admission = 'admitted' | { afterMs: number; overrun: boolean };

/** A client that was refused nothing for this long has come to its senses. */
const calmMs = 1000;

/**
 * A bucket of `commandBurst` tokens that fills at `commandsPerSecond`. A command that is admitted may cost
 * more than is in it: the next ones then wait for longer. Times are monotonic.
 */
export class CommandRate {
  readonly #limits: GatewayLimits;
  #tokens: number;
  #filledMs: number;
  #refusedSinceMs = 0;
  #refusedLastMs = -Infinity;

  constructor(limits: GatewayLimits, nowMs: number) {
    this.#limits = limits;
    this.#tokens = limits.commandBurst;
    this.#filledMs = nowMs;
  }

  /** `overrun`: the client has been refused, and kept on, for `commandOverrunMs`. */
  admit(nowMs: number): Admission {
    const { commandsPerSecond, commandBurst, commandOverrunMs } = this.#limits;
    this.#tokens = Math.min(commandBurst, this.#tokens + ((nowMs - this.#filledMs) * commandsPerSecond) / 1000);
    this.#filledMs = nowMs;
    if (this.#tokens >= 1) {
      this.#tokens -= 1;
      return 'admitted';
    }
    if (nowMs - this.#refusedLastMs > calmMs) this.#refusedSinceMs = nowMs;
    this.#refusedLastMs = nowMs;
    return {
      afterMs: Math.ceil(((1 - this.#tokens) * 1000) / commandsPerSecond),
      overrun: nowMs - this.#refusedSinceMs >= commandOverrunMs,
    };
  }

  /** The cost of an admitted command beyond one: it makes as much work as several. */
  charge(names: number): void {
    this.#tokens -= Math.floor(names / this.#limits.namesPerCommand);
  }
}
