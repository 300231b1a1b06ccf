// A clock that stands still until a test moves it. Not the system's clock: src/drivers/clock.ts.

import { setImmediate as turn } from 'node:timers/promises';
import type { Clock, Timer } from '../../src/ports/clock.ts';

export interface VirtualClock extends Clock {
  /** Lets `ms` pass: runs what falls due on the way, in order, and lets promises resolve after each timer. */
  advance(ms: number): Promise<void>;
  /** Timers that are set and have not run. */
  pending(): number;
  /** Moves the wall clock alone, either way, as an operator or NTP does; no timer notices. */
  jump(ms: number): void;
}

interface Entry {
  dueAt: number;
  order: number;
  run: () => void;
}

/** Starts at 2026-01-01T00:00:00Z when nothing is said; its monotonic clock starts at 0. */
export function createVirtualClock(startMs: number = Date.UTC(2026, 0, 1)): VirtualClock {
  const timers = new Set<Entry>();
  let elapsed = 0;
  let wallOffset = startMs;
  let order = 0;

  const nextUpTo = (limit: number): Entry | undefined =>
    [...timers].filter(({ dueAt }) => dueAt <= limit).sort((a, b) => a.dueAt - b.dueAt || a.order - b.order)[0];

  return {
    now: () => wallOffset + elapsed,
    monotonic: () => elapsed,
    after(delayMs, run): Timer {
      order += 1;
      const entry = { dueAt: elapsed + Math.max(delayMs, 0), order, run };
      timers.add(entry);
      return { cancel: () => void timers.delete(entry) };
    },
    async advance(ms) {
      const target = elapsed + ms;
      await settled();
      for (let entry = nextUpTo(target); entry !== undefined; entry = nextUpTo(target)) {
        timers.delete(entry);
        elapsed = Math.max(elapsed, entry.dueAt);
        entry.run();
        await settled();
      }
      elapsed = target;
      await settled();
    },
    pending: () => timers.size,
    jump: (ms) => void (wallOffset += ms),
  };
}

/**
 * Gives every promise chain of an in-process test time to end. Waiting for a disk or a socket needs an event
 * of its own.
 */
export async function settled(): Promise<void> {
  for (let turns = 0; turns < 5; turns += 1) await turn();
}
