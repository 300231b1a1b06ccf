// The server's virtual clock, as the SDK takes clocks.
import { createVirtualClock } from '../../../server/test/support/virtual-clock.ts';
import type { Clock } from '../../src/types.ts';

export interface ClientClock extends Clock {
  /** Lets time pass; promises resolve after each timer. */
  advance(ms: number): Promise<void>;
  /** Sets the time of day forward or back; neither timers nor the monotonic clock notice. */
  jump(ms: number): void;
  /** Timers that are set and have not run. */
  pending(): number;
}

export function createClientClock(): ClientClock {
  const clock = createVirtualClock();
  return {
    now: () => clock.now(),
    monotonic: () => clock.monotonic(),
    setTimer(run, delayMs) {
      const timer = clock.after(delayMs, run);
      return () => timer.cancel();
    },
    advance: (ms) => clock.advance(ms),
    jump: (ms) => clock.jump(ms),
    pending: () => clock.pending(),
  };
}
