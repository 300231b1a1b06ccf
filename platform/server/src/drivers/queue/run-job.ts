// One run of a job, and what is to become of it: as every queue has it. Not where that is kept, nor whose turn it is.

import { backOffMs } from '../../concurrency/back-off.ts';
import { asAppId } from '../../ports/app-id.ts';
import type { Log } from '../../ports/log.ts';
import type { Job, JobResult, WorkOptions } from '../../ports/queue.ts';

/** Between the runs of a job that throws: the port's numbers. */
const backOff = { baseMs: 1000, maxMs: 5 * 60 * 1000 };
/** Jobs that run every so often are no app's. No app has this name: an app key is never empty. */
const noApp = asAppId('');

export type RunOutcome =
  | { state: 'done' }
  /** Threw: the same again. */
  | { state: 'retry'; delayMs: number }
  /** Asked for: from attempt 1, with `payload` where given. */
  | { state: 'again'; delayMs: number; payload?: { value: unknown } };

export interface JobRunner extends Pick<WorkOptions, 'maxAttempts' | 'onDead'> {
  queue: string;
  run: (job: Job) => Promise<JobResult>;
  log: Log;
}

/** Never rejects. A job that threw for the last time is done when it is in other hands. */
export async function runJob(job: Job, runner: JobRunner): Promise<RunOutcome> {
  try {
    const result = await runner.run({ ...job });
    if ('done' in result) return { state: 'done' };
    const payload = 'payload' in result.again ? { payload: { value: result.again.payload } } : {};
    return { state: 'again', delayMs: Math.ceil(result.again.delayMs), ...payload };
  } catch (error) {
    if (await isDead(job, { runner, error })) return { state: 'done' };
    return { state: 'retry', delayMs: Math.ceil(backOffMs(job.attempt, backOff)) };
  }
}

async function isDead(job: Job, { runner, error }: { runner: JobRunner; error: unknown }): Promise<boolean> {
  const { queue, maxAttempts, onDead, log } = runner;
  const { id, app, attempt } = job;
  const dead = attempt >= maxAttempts;
  log.warn('queue: a job threw', { queue, id, app, attempt, dead, err: error });
  if (!dead) return false;
  try {
    await onDead?.({ ...job }, error instanceof Error ? error.message : String(error));
    return true;
  } catch (refusal) {
    log.warn('queue: a dead job could not be handed over', { queue, id, app, err: refusal });
    return false;
  }
}

/** What runs every so often: one job in a queue of its own that is never done. Its time is kept as a job's is. */
export function repeatedJob(
  name: string,
  { everyMs, run, log }: { everyMs: number; run: () => Promise<void>; log: Log },
) {
  return {
    queue: `every ${name}`,
    options: { concurrency: 1, maxAttempts: Infinity } satisfies WorkOptions,
    jobs: [{ id: name, app: noApp, payload: null }],
    run: async (): Promise<JobResult> => {
      try {
        await run();
      } catch (error) {
        log.warn('queue: what runs every so often threw', { name, err: error });
      }
      return { again: { delayMs: everyMs } };
    },
  };
}
