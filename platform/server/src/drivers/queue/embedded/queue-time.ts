// The time by which the embedded queue says when a job is due. Not the stamps of jobs: those are the wall
// clock's.

import type { Clock } from '../../../ports/clock.ts';

/**
 * Milliseconds since the epoch as the wall clock had it when the process started, carried on by the monotonic
 * clock. Due times have to mean something to the next process, so they count from the epoch; but a wall clock
 * that jumps while this process lives must neither hold jobs back nor hurry them.
 */
export function createQueueTime(clock: Clock): () => number {
  const offset = clock.now() - clock.monotonic();
  return () => Math.floor(offset + clock.monotonic());
}
