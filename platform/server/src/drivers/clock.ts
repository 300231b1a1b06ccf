// Time as the machine has it: the clock of a running server. Tests use test/support/virtual-clock.ts.

import type { Clock, Timer } from '../ports/clock.ts';

/** The longest delay `setTimeout` takes, ms; above it Node would fire at once. */
const longestTimeoutMs = 2 ** 31 - 1;

export function createSystemClock(): Clock {
  return {
    now: () => Date.now(),
    monotonic: () => performance.now(),
    after: (delayMs, run) => startTimer(performance.now() + delayMs, run),
  };
}

function startTimer(dueAt: number, run: () => void): Timer {
  let timeout: NodeJS.Timeout | undefined;
  const wait = (): void => {
    const leftMs = dueAt - performance.now();
    // Node measures from the start of the loop's turn, in whole milliseconds, so a timeout can come up to 1
    // ms early: the port says never.
    if (leftMs <= 0 && timeout !== undefined) {
      run();
      return;
    }
    timeout = setTimeout(wait, Math.min(Math.max(Math.ceil(leftMs), 1), longestTimeoutMs));
    timeout.unref();
  };
  wait();
  return { cancel: () => clearTimeout(timeout) };
}
