// Pushes that were given up: kept, listed, replayed, dropped. When one is given up is decided where it is
// sent: deliver.ts.

import { deadLetterSchema, notFound, type DeadLetter } from '@belfry/protocol';
import type { AppId } from '../../ports/app-id.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Job, JobCounts, Queue } from '../../ports/queue.ts';
import type { DeadLetterRecord, DeadLetterStore } from '../../ports/stores/index.ts';
import { pushPayloadSchema, pushQueue } from '../push-job.ts';

export interface DeadLettersDeps {
  queue: Pick<Queue, 'add' | 'counts'>;
  store: DeadLetterStore;
  clock: Pick<Clock, 'now'>;
}

/** Read at once when all of a provider are replayed. */
const replayedAtOnce = 500;

export class DeadLetters {
  readonly #queue: DeadLettersDeps['queue'];
  readonly #store: DeadLetterStore;
  readonly #clock: Pick<Clock, 'now'>;

  constructor({ queue, store, clock }: DeadLettersDeps) {
    this.#queue = queue;
    this.#store = store;
    this.#clock = clock;
  }

  /**
   * Keeps a whole job that Belfry itself failed at, again and again. What a provider did not take is kept by
   * the worker, device by device.
   */
  async keepFailed({ id, app, payload }: Job, error: string): Promise<void> {
    await this.#store.put(app, [{ id, payload, error, diedAt: this.#clock.now() }]);
  }

  /** The latest first. */
  async list(
    app: AppId,
    page: { provider?: string | undefined; before?: string | undefined; limit: number },
  ): Promise<{ deadLetters: DeadLetter[]; next?: string }> {
    const { provider: label, before: after, limit } = page;
    const { items, next } = await this.#store.list(app, { label, after, limit });
    return { deadLetters: items.map(view), ...(next === undefined ? {} : { next }) };
  }

  /** Throws `not_found`. */
  async replay(app: AppId, id: string): Promise<void> {
    const letter = await this.#store.get(app, letterIdOf(id));
    if (letter === undefined || !(await this.#replayOne(app, letter))) throw notFound('dead letter');
  }

  /** Throws `not_found`. */
  async drop(app: AppId, id: string): Promise<void> {
    if (!(await this.#store.remove(app, letterIdOf(id)))) throw notFound('dead letter');
  }

  /**
   * All of a provider; how many. Pages go back in time, so one that dies again meanwhile is not replayed a
   * second time.
   */
  async replayAll(app: AppId, provider: string): Promise<number> {
    let replayed = 0;
    let after: string | undefined;
    do {
      const { items, next } = await this.#store.list(app, { label: provider, after, limit: replayedAtOnce });
      for (const letter of items) if (await this.#replayOne(app, letter)) replayed += 1;
      after = next;
    } while (after !== undefined);
    return replayed;
  }

  /** The app's own jobs by state. */
  async counts(app: AppId): Promise<JobCounts & { dead: number }> {
    const [jobs, dead] = await Promise.all([this.#queue.counts(pushQueue, app), this.#store.count(app)]);
    return { ...jobs, dead };
  }

  /**
   * Added before it is removed: a kill in between leaves the letter, and replaying it once more adds no
   * second job. False when somebody else was faster.
   */
  async #replayOne(app: AppId, letter: DeadLetterRecord): Promise<boolean> {
    await this.#queue.add(pushQueue, [{ id: replayIdOf(letter), app, payload: letter.payload }]);
    return await this.#store.remove(app, letter.id);
  }
}

/**
 * The queue remembers the id of the job that died, so its replay needs another; each death makes one of its
 * own, and the same each time it is asked.
 */
function replayIdOf({ id, diedAt }: DeadLetterRecord): string {
  return `${id.replace(/~\d+$/, '')}~${diedAt}`;
}

/** Ids of jobs hold characters that a URL's path does not take. */
function letterIdOf(id: string): string {
  return Buffer.from(id, 'base64url').toString();
}

function view({ id, payload, error, label, diedAt }: DeadLetterRecord): DeadLetter {
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
