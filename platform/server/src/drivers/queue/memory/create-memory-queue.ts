// A queue for tests: the embedded queue over jobs in memory. Not durable.

import type { Clock } from '../../../ports/clock.ts';
import { silentLog, type Log } from '../../../ports/log.ts';
import { createSwitchboard } from '../../stores/memory/switchboard.ts';
import type { Switchboard } from '../../stores/memory/switchboard.ts';
import { EmbeddedQueue } from '../embedded/embedded-queue.ts';
import type { JobStore } from '../embedded/job-store.ts';
import { MemoryJobs } from './memory-jobs.ts';

export interface MemoryQueueOptions {
  clock: Clock;
  log?: Log;
  /** Jobs that outlive the queue, as a data file would; its own when absent. */
  kept?: MemoryJobs;
}

/**
 * `fail('add')` and the like refuse one method of the job store; `fail('*')` takes the whole of it down,
 * `fail(undefined)` brings it back.
 */
export function createMemoryQueue({
  clock,
  log = silentLog,
  kept = new MemoryJobs(),
}: MemoryQueueOptions): EmbeddedQueue & Pick<Switchboard, 'fail'> {
  const board = createSwitchboard();
  const { jobs } = board.wrap<{ jobs: JobStore }>({ jobs: kept }, { prefix: false });
  const { state, onState, fail } = board;
  return Object.assign(new EmbeddedQueue({ stores: { jobs, state, onState }, surroundings: { clock, log } }), { fail });
}
