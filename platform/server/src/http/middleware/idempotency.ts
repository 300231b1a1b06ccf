// Answers a write that is sent again under its `Idempotency-Key` as it was answered before, instead of doing it again.

import { createHash } from 'node:crypto';
import { BelfryError, errorTable, idempotencyKeySchema, isBelfryError, parseWith } from '@belfry/protocol';
import { uuidv7 } from 'uuidv7';
import * as z from 'zod';
import type { Clock } from '../../ports/clock.ts';
import type { IdempotencyStore } from '../../ports/stores/index.ts';
import type { AppId } from '../../ports/app-id.ts';
import type { Answer } from '../route.ts';

export interface IdempotentWrite {
  app: AppId;
  /** Unique in the app. */
  caller: string;
  /** As the header says. */
  key: string;
  /** Method and URL: the same key for another route is another request. */
  target: string;
  /** The body as it came. */
  text: string;
}

/** `token` is the same in every try of one request. */
export type OnceOnly = (
  write: IdempotentWrite,
  run: (token: string) => Promise<Answer>,
) => Promise<{ answer: Answer; replayed: boolean }>;

/** A process that began and has said nothing for this long is taken for dead, and the request may be done again under its token. */
const leaseMs = 15_000;

const keptAnswerSchema = z.object({
  status: z.int(),
  body: z.unknown().optional(),
  headers: z.record(z.string(), z.string()).optional(),
});

/** Throws `idempotency_conflict` for another body, and `conflict` (to be tried again) while the first request is being worked on. */
export function createOnceOnly(deps: { store: IdempotencyStore; clock: Clock; keepMs: number }): OnceOnly {
  const { store, clock, keepMs } = deps;

  return async (write, run) => {
    const { app } = write;
    const given = parseWith(idempotencyKeySchema, write.key, { code: 'bad_request', path: ['Idempotency-Key'] });
    const key = `http:${write.caller}:${write.target}:${given}`;
    const bodyHash = createHash('sha256').update(write.text).digest('hex');
    const state = await store.begin(app, { key, bodyHash, token: uuidv7(), nowMs: clock.now(), leaseMs, keepMs });
    if (state.state === 'other_body') throw new BelfryError('idempotency_conflict', { path: ['Idempotency-Key'] });
    if (state.state === 'in_progress') {
      const message = 'The first request with this Idempotency-Key is still being worked on.';
      throw new BelfryError('conflict', { message, afterMs: 1000 });
    }
    if (state.state === 'done') return { answer: toAnswer(state.answer), replayed: true };
    let answer: Answer;
    try {
      answer = await run(state.token);
    } catch (error) {
      // Refused without effect: the next may try. Where the outcome is unknown the lease stands, so that a redo comes under the same token.
      if (isBelfryError(error) && errorTable[error.code].status < 500) await store.abandon(app, key);
      throw error;
    }
    await store.finish(app, key, answer);
    return { answer, replayed: false };
  };
}

function toAnswer(kept: unknown): Answer {
  const { status, body, headers } = keptAnswerSchema.parse(kept);
  return { status, ...(body === undefined ? {} : { body }), ...(headers === undefined ? {} : { headers }) };
}
