// Answers a write that is sent again under its `Idempotency-Key` as it was answered before, instead of doing
// it again.

import { createHash } from 'node:crypto';
import { errorTable, idempotencyKeyHeader, idempotencyKeySchema, isBelfryError, parseWith } from '@belfry/protocol';
import * as z from 'zod';
import type { Idempotent } from '../../broadcasting/idempotent.ts';
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

/**
 * A process that began and has said nothing for this long is taken for dead, and the request may be done
 * again under its token.
 */
const leaseMs = 15_000;

const keptAnswerSchema = z.object({
  status: z.int(),
  body: z.unknown().optional(),
  headers: z.record(z.string(), z.string()).optional(),
});

/**
 * Throws `idempotency_conflict` for another body, and `conflict` (to be tried again) while the first request
 * is being worked on.
 */
export function createOnceOnly(idempotent: Pick<Idempotent, 'once'>): OnceOnly {
  return async ({ app, caller, key: given, target, text }, run) => {
    const path = [idempotencyKeyHeader];
    const key = `http:${caller}:${target}:${parseWith(idempotencyKeySchema, given, { code: 'bad_request', path })}`;
    const bodyHash = createHash('sha256').update(text).digest('hex');
    const asked = { key, bodyHash, path, leaseMs, isUndone };
    const { answer, isRepeated } = await idempotent.once<unknown>(app, asked, run);
    return { answer: toAnswer(answer), replayed: isRepeated };
  };
}

/**
 * Refused without effect: the next may try. Where the outcome is unknown the lease stands, so that a redo
 * comes under the same token.
 */
function isUndone(error: unknown): boolean {
  return isBelfryError(error) && errorTable[error.code].status < 500;
}

function toAnswer(kept: unknown): Answer {
  const { status, body, headers } = keptAnswerSchema.parse(kept);
  return { status, ...(body === undefined ? {} : { body }), ...(headers === undefined ? {} : { headers }) };
}
