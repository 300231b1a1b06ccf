// Waits on the clock that is given. Again and again: rounds.ts; longer each time: back-off.ts.

import type { Clock } from '../ports/clock.ts';

/** Resolves after `ms`. Cannot be cut short: for waits that nobody minds. */
export function pause(clock: Pick<Clock, 'after'>, ms: number): Promise<void> {
  return new Promise((resolve) => void clock.after(ms, resolve));
}
