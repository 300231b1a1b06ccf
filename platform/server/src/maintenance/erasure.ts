// Erases a person from every store, step by step, and again when nothing of before can come any more. Whether
// it is asked for, and the report: tenancy/erasures.ts. What each store does: ports/stores/erasing.ts.

import type { AppId } from '../ports/app-id.ts';
import type { Blobs } from '../ports/blobs.ts';
import type { Job, JobResult, Queue, QueueWorker } from '../ports/queue.ts';
import type { ErasureRecord, Stores } from '../ports/stores/index.ts';
import type { Surroundings } from '../ports/surroundings.ts';
import { erasureJobSchema, erasureQueue, tokensEndAfterMs } from '../tenancy/erasures.ts';
import { erasureSteps, type ErasureStepsDeps, type Step } from './erasure-steps.ts';

export interface ErasureDeps extends ErasureStepsDeps {
  queue: Pick<Queue, 'work'>;
  stores: ErasureStepsDeps['stores'] & { erasures: Pick<Stores['erasures'], 'get' | 'put'> };
  blobs: Pick<Blobs, 'remove'>;
  surroundings: Pick<Surroundings, 'clock' | 'log'>;
}

/** It mostly waits for the store; others' pushes have the queue's turns of their own. */
const atOnce = 2;
/** Nobody looks at what was given up here, and the person is owed it: it is tried for as long as it fails. */
const mostTries = 1_000_000;
/** Somebody whose connection was there so long after the sign-out has come back, ms. */
const returnedAfterMs = 60_000;

export class ErasureWorker {
  readonly #deps: ErasureDeps;
  readonly #steps: readonly Step[];
  #worker: QueueWorker | undefined;
  #isStopped = false;

  constructor(deps: ErasureDeps) {
    this.#deps = deps;
    this.#steps = erasureSteps(deps);
  }

  async start(): Promise<void> {
    const options = { concurrency: atOnce, maxAttempts: mostTries };
    this.#worker = await this.#deps.queue.work(erasureQueue, options, (job) => this.run(job));
  }

  /** Resolves after the part that is under way; the rest is done after the next start. */
  async stop(): Promise<void> {
    this.#isStopped = true;
    await this.#worker?.stop();
  }

  async run({ app, payload }: Job): Promise<JobResult> {
    const { stores, surroundings } = this.#deps;
    const { userId, key, id } = erasureJobSchema.parse(payload);
    const record = await stores.erasures.get(app, key);
    // The person came back and is being erased once more: that does it.
    if (record?.id !== id || record.as === undefined) return { done: true };
    const isLast = record.state === 'erased';
    if (isLast && record.place === undefined && (await this.#hasReturned(app, userId, record))) {
      // Tokens of before are over, so that the time of the sign-out says nothing any more.
      return await this.#finish(app, { ...record, returned: true });
    }
    const done = await this.#walk(app, userId, record);
    if (done === undefined) return { again: { delayMs: 0 } };
    await stores.users.remove(app, userId, { keepSignOut: !isLast });
    if (isLast) return await this.#finish(app, done);
    const erased: ErasureRecord = { ...done, state: 'erased', erasedAt: surroundings.clock.now() };
    if (!(await stores.erasures.put(app, erased))) return { done: true };
    surroundings.log.info('user erased', { app, erasure: id, counts: done.counts });
    return { again: { delayMs: tokensEndAfterMs } };
  }

  /** Undefined when it was stopped half-way; what is done is in the record. */
  async #walk(app: AppId, userId: string, record: ErasureRecord): Promise<ErasureRecord | undefined> {
    const { messages, as = '' } = record;
    let now = record;
    const first = this.#steps.findIndex(({ name }) => name === record.place?.step);
    for (const step of this.#steps.slice(Math.max(0, first))) {
      let after = now.place?.step === step.name ? now.place.after : undefined;
      do {
        if (this.#isStopped) return undefined;
        const { erased, next } = await step.run({ app, userId, as, messages, after });
        after = next;
        const counts = counted(now.counts, step.name, erased);
        now = { ...now, counts, place: { step: step.name, ...(next === undefined ? {} : { after: next }) } };
        // Each part, so that a kill costs no more than one; a step that had nothing is not worth it.
        if (erased > 0 || next !== undefined) await this.#deps.stores.erasures.put(app, now);
      } while (after !== undefined);
    }
    const { place: _place, ...done } = now;
    return done;
  }

  async #finish(app: AppId, record: ErasureRecord): Promise<JobResult> {
    const { stores, surroundings } = this.#deps;
    const { as: _as, userId: _userId, place: _place, ...left } = record;
    await stores.erasures.put(app, { ...left, state: 'finished', finishedAt: surroundings.clock.now() });
    return { done: true };
  }

  /**
   * Under the same id somebody is there again who was erased a day ago: what they have is new, and is left
   * alone.
   */
  async #hasReturned(app: AppId, userId: string, { startedAt }: ErasureRecord): Promise<boolean> {
    const { users, conversations, preferences } = this.#deps.stores;
    const profile = (await users.get(app, [userId])).get(userId);
    if (profile?.details !== undefined || (profile?.lastSeenAt ?? 0) > startedAt + returnedAfterMs) return true;
    if ((await conversations.ofUser(app, userId, { limit: 1 })).length > 0) return true;
    if ((await preferences.ofUsers(app, [userId])).size > 0) return true;
    return (await this.#deps.devices.list(app, userId)).length > 0;
  }
}

function counted(counts: ErasureRecord['counts'], name: string, more: number): ErasureRecord['counts'] {
  if (more === 0) return counts;
  const all = new Map(Object.entries(counts));
  return Object.fromEntries(all.set(name, (all.get(name) ?? 0) + more));
}
