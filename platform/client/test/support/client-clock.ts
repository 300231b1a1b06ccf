// The server's virtual clock, as the SDK takes clocks.
import { createVirtualClock } from '../../../server/test/support/virtual-clock.ts';
import type { Clock } from '../../src/types.ts';

export interface ClientClock extends Clock {
  /** Lets time pass; promises resolve after each timer. */
  advance(ms: number): Promise<void>;
  /** Timers that are set and have not run. */
  pending(): number;
}

export function createClientClock(): ClientClock {
  const clock = createVirtualClock();
  return {
    now: () => clock.now(),
    setTimer(run, delayMs) {
      const timer = clock.after(delayMs, run);
      return () => timer.cancel();
    },
    advance: (ms) => clock.advance(ms),
    pending: () => clock.pending(),
  };
}
