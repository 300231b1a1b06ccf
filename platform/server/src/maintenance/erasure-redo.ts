// Gives the queue back the erasings that it has lost, such as with a Redis that kept nothing. Does not erase:
// erasure.ts.

import type { AppId } from '../ports/app-id.ts';
import type { Queue } from '../ports/queue.ts';
import type { ErasureRecord, ErasureStore } from '../ports/stores/index.ts';
import type { Apps } from '../tenancy/apps.ts';
import { erasureJob, erasureQueue } from '../tenancy/erasures.ts';
import { Round, type RoundDeps } from './round.ts';

/** An erasing takes a day in all; nobody counts the minutes. */
const everyMs = 600_000;
const recordsAtOnce = 100;

export interface ErasureRedoDeps extends RoundDeps {
  store: Pick<ErasureStore, 'unfinished'>;
  apps: Pick<Apps, 'list'>;
  queue: RoundDeps['queue'] & Pick<Queue, 'add'>;
}

export function createErasureRedo(deps: ErasureRedoDeps): Round {
  return new Round(
    {
      name: 'erasings',
      everyMs,
      trouble: 'erasings could not be looked through',
      async run(mayGoOn) {
        for (const { app } of await deps.apps.list()) await addAll(app, deps, mayGoOn);
      },
    },
    deps,
  );
}

/** The queue passes over those that it has. */
async function addAll(app: AppId, deps: ErasureRedoDeps, mayGoOn: () => boolean): Promise<void> {
  const { store, queue, surroundings } = deps;
  let page: readonly ErasureRecord[] = [];
  do {
    if (!mayGoOn()) return;
    page = await store.unfinished(app, { after: page.at(-1)?.key, limit: recordsAtOnce });
    const nowMs = surroundings.clock.now();
    const jobs = page.flatMap((record) =>
      record.userId === undefined ? [] : [erasureJob(app, { userId: record.userId, record, nowMs })],
    );
    if (jobs.length > 0) await queue.add(erasureQueue, jobs);
  } while (page.length === recordsAtOnce);
}
