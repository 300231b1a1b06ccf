// Reads one client's frames, and refuses those that are too many or cannot be read. What a frame does:
// connection.ts.
import { BelfryError, type CloseName, type Frame } from '@belfry/protocol';
import { CommandRate } from './command-rate.ts';
import type { Dialect } from './dialects/dialect.ts';
import type { GatewayLimits } from './limits.ts';
import { Malformed } from './malformed.ts';

export interface RefusedFrame {
  /** As far as it could be read. */
  readonly frame: Partial<Frame>;
  readonly error: BelfryError;
  /** The client has been refused too much, and is to be closed after the error. */
  readonly closeName: CloseName | undefined;
}

export class Intake {
  readonly #dialect: Dialect;
  readonly #limits: GatewayLimits;
  readonly #rate: CommandRate;
  /** Made for the few clients that send what cannot be read. */
  #malformed: Malformed | undefined;

  /** `nowMs` is monotonic, here and below. */
  constructor(dialect: Dialect, limits: GatewayLimits, nowMs: number) {
    this.#dialect = dialect;
    this.#limits = limits;
    this.#rate = new CommandRate(limits, nowMs);
  }

  read(data: Buffer, nowMs: number): Frame | RefusedFrame {
    const admission = this.#rate.admit(nowMs);
    const parsed = this.#dialect.read(data.toString('utf8'), this.#limits.jsonDepth);
    if (admission !== 'admitted') {
      const error = new BelfryError('rate_limited', { afterMs: admission.afterMs });
      return { frame: parsed.ok ? parsed.frame : parsed, error, closeName: overrunOf(admission) };
    }
    if (parsed.ok) {
      this.#rate.charge(namesIn(parsed.frame));
      return parsed.frame;
    }
    // A frame that can be read and is refused by its command is a mistake in one place; a client whose frames
    // cannot be read at all is none of ours.
    this.#malformed ??= new Malformed(this.#limits.malformedPerMinute);
    const closeName = this.#malformed.record(nowMs) ? 'malformed' : undefined;
    return { frame: parsed, error: parsed.error, closeName };
  }

  /** A WebSocket ping, which counts as a command: its pong costs about as much as an answer. */
  ping(nowMs: number): CloseName | undefined {
    const admission = this.#rate.admit(nowMs);
    return admission === 'admitted' ? undefined : overrunOf(admission);
  }
}

/** Every list of a command names something that has to be looked up: streams, users, messages. */
function namesIn({ data }: Frame): number {
  let names = 0;
  for (const value of Object.values(data)) if (Array.isArray(value)) names += value.length;
  return names;
}

function overrunOf({ overrun }: { overrun: boolean }): CloseName | undefined {
  return overrun ? 'rate_limited' : undefined;
}
