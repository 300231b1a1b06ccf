// Pushes that were given up: listed, replayed, dropped. When one is given up is decided where it is sent: deliver.ts.

import { BelfryError, deadLetterSchema, type DeadLetter } from '@belfry/protocol';
import type { AppId } from '../../ports/app-id.ts';
import type { DeadJob, JobCounts, Queue } from '../../ports/queue.ts';
import { pushPayloadSchema, pushQueue } from '../push-job.ts';

export interface DeadLetters {
  /** The latest first. */
  list(
    app: AppId,
    page: { provider?: string | undefined; before?: string | undefined; limit: number },
  ): Promise<{ deadLetters: DeadLetter[]; next?: string }>;
  /** Throws `not_found`. */
  replay(app: AppId, id: string): Promise<void>;
  /** Throws `not_found`. */
  drop(app: AppId, id: string): Promise<void>;
  /** All of a provider; how many. */
  replayAll(app: AppId, provider: string): Promise<number>;
  /** The app's own jobs by state. */
  counts(app: AppId): Promise<JobCounts>;
}

/** A call of the queue holds up its other callers while it runs. */
const replayedAtOnce = 1000;

export function createDeadLetters({
  queue,
}: {
  queue: Pick<Queue, 'dead' | 'replay' | 'drop' | 'counts'>;
}): DeadLetters {
  return {
    async list(app, { provider, before, limit }) {
      const page = { limit, ...(provider === undefined ? {} : { label: provider }) };
      const { jobs, next } = await queue.dead(pushQueue, app, before === undefined ? page : { ...page, before });
      return { deadLetters: jobs.map(view), ...(next === undefined ? {} : { next }) };
    },
    async replay(app, id) {
      if ((await queue.replay(pushQueue, app, { ids: [jobIdOf(id)] })) === 0) throw new BelfryError('not_found');
    },
    async drop(app, id) {
      if ((await queue.drop(pushQueue, app, { ids: [jobIdOf(id)] })) === 0) throw new BelfryError('not_found');
    },
    async replayAll(app, provider) {
      // Those that die again meanwhile are not replayed a second time.
      const { dead } = await queue.counts(pushQueue, app);
      let left = dead;
      let replayed = 0;
      while (left > 0) {
        const some = await queue.replay(pushQueue, app, { label: provider, limit: Math.min(left, replayedAtOnce) });
        replayed += some;
        left = some === 0 ? 0 : left - some;
      }
      return replayed;
    },
    counts: (app) => queue.counts(pushQueue, app),
  };
}

/** Ids of jobs hold characters that a URL's path does not take. */
function jobIdOf(id: string): string {
  return Buffer.from(id, 'base64url').toString();
}

function view({ id, payload, error, label, diedAt }: DeadJob): DeadLetter {
  const base = {
    id: Buffer.from(id).toString('base64url'),
    detail: error,
    at: new Date(diedAt).toISOString(),
    ...(label === undefined ? {} : { provider: label }),
  };
  const parsed = pushPayloadSchema.safeParse(payload);
  if (!parsed.success) return { ...base, cause: 'failed', recipients: 0 };
  const { stream, messageId, seq, recipients, deliveries, death } = parsed.data;
  const [delivery] = deliveries ?? [];
  // Without a death of its own the whole job threw, and its payload is what was to be done.
  if (death === undefined || delivery === undefined || label === undefined)
    return { ...base, cause: 'failed', messageId, stream, seq, recipients: recipients.length };
  const { cause, deviceType } = death;
  const { userId, deviceId } = delivery;
  const own = { messageId: death.messageId, stream, seq: death.seq, userId, deviceId, deviceType, recipients: 1 };
  return deadLetterSchema.parse({ ...base, cause, ...own });
}
