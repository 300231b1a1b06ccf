// Which conversations wait before their next message is tried, and how long. One failing conversation holds
// up no other.
import type { CommandFailure, Surroundings } from '../types.ts';

const firstWaitMs = 1000;
const longestWaitMs = 30_000;

export interface Lanes {
  /** When it opens, by the monotonic clock, ms; 0 when it is open. */
  opensAt(conversationId: string): number;
  /** Waits as long as the server said, else twice as long as the last time, with jitter. */
  failed(conversationId: string, failure: CommandFailure): void;
  hold(conversationId: string, forMs: number): void;
  went(conversationId: string): void;
  /** A new connection: nothing has to wait, but what fails again waits longer. */
  open(): void;
}

export function createLanes(surroundings: Surroundings): Lanes {
  const { clock } = surroundings;
  const lanes = new Map<string, { failures: number; until: number }>();

  return {
    opensAt: (id) => lanes.get(id)?.until ?? 0,
    hold: (id, forMs) =>
      void lanes.set(id, { failures: lanes.get(id)?.failures ?? 0, until: clock.monotonic() + forMs }),
    failed(id, { afterMs }) {
      const failures = lanes.get(id)?.failures ?? 0;
      const waitMs = Math.min(firstWaitMs * 2 ** failures, longestWaitMs);
      lanes.set(id, {
        failures: failures + 1,
        until: clock.monotonic() + (afterMs ?? waitMs * (0.5 + surroundings.random() / 2)),
      });
    },
    went: (id) => void lanes.delete(id),
    open() {
      for (const lane of lanes.values()) lane.until = 0;
    },
  };
}
