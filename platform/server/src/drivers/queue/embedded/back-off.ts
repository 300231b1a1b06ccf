// How long a job that threw waits for its next run. Not when it is given up: that is the worker's `maxAttempts`.

import { backOffMs as backOff } from '../../../concurrency/back-off.ts';

/** The port's numbers. */
const range = { baseMs: 1000, maxMs: 5 * 60 * 1000 };

export function backOffMs(attempt: number, random: () => number = Math.random): number {
  return backOff(attempt, { ...range, random });
}
