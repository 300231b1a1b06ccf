// A queue for tests: the embedded queue over jobs in memory. Not durable.

import type { Clock } from '../../../ports/clock.ts';
import type { Queue } from '../../../ports/queue.ts';
import type { Log } from '../../../ports/log.ts';
import { createSwitchboard } from '../../stores/memory/switchboard.ts';
import type { Switchboard } from '../../stores/memory/switchboard.ts';
import { createEmbeddedQueue } from '../embedded/create-embedded-queue.ts';
import { memoryJobs } from './memory-jobs.ts';

export interface MemoryQueueOptions {
  clock: Clock;
  log?: Log;
  /** Jobs that outlive the queue, as a data file would; its own when absent. */
  kept?: ReturnType<typeof memoryJobs>;
}

/** `fail('add')` and the like refuse one method of the job store; `fail('*')` takes the whole of it down, `fail(undefined)` brings it back. */
export function createMemoryQueue({
  clock,
  log,
  kept = memoryJobs(),
}: MemoryQueueOptions): Queue & Pick<Switchboard, 'fail'> {
  const board = createSwitchboard();
  const { jobs } = board.wrap({ jobs: kept }, { prefix: false });
  const { state, onState } = board;
  const queue = createEmbeddedQueue({ stores: { jobs, state, onState }, clock, ...(log === undefined ? {} : { log }) });
  return { ...queue, fail: board.fail };
}
