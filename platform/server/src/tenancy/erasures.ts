// Asks for a person to be erased, and says how far it is. What is done is maintenance/erasure.ts.

import { maxTokenSeconds, notFound, BelfryError, type Erasure, type ErasedMessages } from '@belfry/protocol';
import { createHash, randomUUID } from 'node:crypto';
import { uuidv7 } from 'uuidv7';
import * as z from 'zod';
import type { AppId } from '../ports/app-id.ts';
import type { Clock } from '../ports/clock.ts';
import type { NewJob, Queue } from '../ports/queue.ts';
import type { ErasureRecord, ErasureStore } from '../ports/stores/index.ts';
import type { SignOut } from './sign-out.ts';

export const erasureQueue = 'erasure';

export const erasureJobSchema = z.object({ userId: z.string(), key: z.string(), id: z.string() });
export type ErasureJob = z.infer<typeof erasureJobSchema>;

/**
 * After a sign-out connections are closed within 5 s on every node; what they were still doing is stored by
 * then.
 */
const settledAfterMs = 10_000;
/** The longest life of a token, and what clocks may be apart: then none from before the sign-out is good. */
export const tokensEndAfterMs = maxTokenSeconds * 1000 + 5 * 60_000;

export interface ErasuresDeps {
  store: Pick<ErasureStore, 'begin' | 'get'>;
  signOut: Pick<SignOut, 'signOut'>;
  queue: Pick<Queue, 'add'>;
  clock: Pick<Clock, 'now'>;
}

export class Erasures {
  readonly #deps: ErasuresDeps;

  constructor(deps: ErasuresDeps) {
    this.#deps = deps;
  }

  /**
   * Signs the user out and erases them from then on. Asked for while it runs, it answers with what runs; throws
   * `conflict` where that does otherwise with messages.
   */
  async begin(app: AppId, userId: string, { messages }: { messages: ErasedMessages }): Promise<Erasure> {
    const { store, signOut, queue, clock } = this.#deps;
    const key = keyOfPerson(app, userId);
    const record = await store.begin(app, {
      ...{ key, id: uuidv7(), messages, state: 'running', startedAt: clock.now(), counts: {} },
      ...{ as: `erased:${randomUUID()}`, userId },
    });
    if (record.messages !== messages) {
      throw new BelfryError('conflict', {
        message: `The user is being erased with messages=${record.messages}.`,
        path: ['messages'],
      });
    }
    await signOut.signOut(app, userId);
    // Again, where it was running: whoever began it may have been killed before this.
    await queue.add(erasureQueue, [erasureJob(app, { userId, record, nowMs: clock.now() })]);
    return view(userId, record);
  }

  /** Throws `not_found` for somebody who was never erased, or long ago. */
  async report(app: AppId, userId: string): Promise<Erasure> {
    const record = await this.#deps.store.get(app, keyOfPerson(app, userId));
    if (record === undefined) throw notFound('erasure');
    return view(userId, record);
  }
}

/** The next run of it. Added again while it is in the queue, it is one. */
export function erasureJob(
  app: AppId,
  { userId, record, nowMs }: { userId: string; record: ErasureRecord; nowMs: number },
): NewJob {
  const { key, id, startedAt, erasedAt } = record;
  const payload: ErasureJob = { userId, key, id };
  const dueAt = erasedAt === undefined ? startedAt + settledAfterMs : erasedAt + tokensEndAfterMs;
  return { id, app, payload, delayMs: Math.max(0, dueAt - nowMs) };
}

/** Finds the record for whoever knows the id, and tells it to nobody else who has the record. */
function keyOfPerson(app: AppId, userId: string): string {
  return createHash('sha256').update(`${app}\n${userId}`).digest('hex');
}

function view(userId: string, record: ErasureRecord): Erasure {
  const { messages, state, startedAt, erasedAt, finishedAt, counts, returned } = record;
  const at = (ms: number): string => new Date(ms).toISOString();
  return {
    ...{ userId, messages, state, startedAt: at(startedAt), counts: { ...counts } },
    ...(erasedAt === undefined ? {} : { erasedAt: at(erasedAt) }),
    ...(finishedAt === undefined ? {} : { finishedAt: at(finishedAt) }),
    ...(returned === undefined ? {} : { returned }),
  };
}
