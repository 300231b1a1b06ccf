// The payload of a job of the queue `push`, and the names of jobs and deliveries. Not how it is done: see
// worker.ts.
import { createHash } from 'node:crypto';
import { pushReasonSchema } from '@belfry/protocol';
import { z } from 'zod';
import type { AppId } from '../ports/app-id.ts';
import type { NewJob } from '../ports/queue.ts';
import type { StoredMessage } from '../ports/stores/index.ts';
import type { Claimed } from './claiming/held-back-by.ts';

export const pushQueue = 'push';

const seq = z.int().nonnegative();

const pendingSchema = z.object({
  userId: z.string(),
  deviceId: z.string(),
  /** Of the next call. */
  attempt: z.int().positive(),
  /** From the moment the job was put back: it may not be sent before. */
  waitMs: z.number().nonnegative(),
  /** It was counted against the quotas, and not called since. */
  isCounted: z.boolean().optional(),
  /** It waits for the end of quiet hours, and the journey knows. */
  isDeferred: z.boolean().optional(),
  /** What became of the message for this user was said. */
  isEnded: z.boolean().optional(),
});
/** A delivery that is to be tried again. */
export type PendingDelivery = z.infer<typeof pendingSchema>;

const waitingStepSchema = z.object({
  userId: z.string(),
  waitMs: z.number().nonnegative(),
  /** The step that is looked at next, by its place in the app's list. */
  at: z.int().nonnegative(),
  /** How long ago what came before was sent. */
  sinceMs: z.number().nonnegative(),
  /** Devices of what came before that a provider serves. */
  before: z.array(z.string()),
  /** A service took one of these. */
  wasTaken: z.boolean(),
  /** Devices that were pushed to, by any step. */
  used: z.array(z.string()),
  /** It waits for the end of quiet hours, and the journey knows. */
  isDeferred: z.boolean().optional(),
  /** What became of the message for this user was said. */
  isEnded: z.boolean().optional(),
  /** Why what came before came to nothing. */
  why: pushReasonSchema.optional(),
});
/** A user for whom a step of the fall-back chain waits. */
export type WaitingStep = z.infer<typeof waitingStepSchema>;

export const pushPayloadSchema = z.object({
  stream: z.string(),
  /** The message that was claimed for. */
  messageId: z.string(),
  seq,
  claimId: z.string(),
  recipients: z.array(z.object({ userId: z.string(), from: seq, through: seq })),
  /**
   * Absent in the first run: then the devices are still to be chosen. With it, `recipients` are only those of
   * these deliveries.
   */
  deliveries: z.array(pendingSchema).optional(),
  /**
   * Users whose quiet hours it is: decided anew, from the beginning, after `waitMs`. With it, `recipients`
   * are only these and those of `deliveries`.
   */
  deferred: z.array(z.object({ userId: z.string(), waitMs: z.number().nonnegative() })).optional(),
  /** Users for whom a step of the fall-back chain waits. */
  fallbacks: z.array(waitingStepSchema).optional(),
  /** Of a dead letter: how often the same push has become one, and why the last time. */
  death: z
    .object({ count: z.int().positive(), cause: z.string(), deviceType: z.string(), messageId: z.string(), seq })
    .optional(),
  /**
   * The message was changed after it was notified: what is shown is to be taken away, or replaced by what is
   * left.
   */
  changed: z.object({ why: z.enum(['edited', 'deleted']), collapseKey: z.string().optional() }).optional(),
  /** Of whoever made the job: `traceparent`, where traces are on. */
  trace: z.string().optional(),
  /** How long the job was put back before this run, ms. */
  sleptMs: z.number().nonnegative().optional(),
});
export type PushPayload = z.infer<typeof pushPayloadSchema>;

/** Deterministic, so that a claim repeated after a kill finds its own tags. */
export function claimIdOf(message: StoredMessage): string {
  return `${message.id}/${message.stream}`;
}

/**
 * One job for these winners of a claim. Its id is made of who they are: a repeated claim with the same
 * winners adds nothing, and one with others (the first part of a claim came before a kill, the rest after it)
 * is never taken for the same and lost.
 */
export function newPushJob(
  app: AppId,
  message: StoredMessage,
  { recipients, trace }: { recipients: readonly Claimed[]; trace?: string | undefined },
): NewJob {
  const claimId = claimIdOf(message);
  const sorted = recipients.toSorted((a, b) => (a.userId < b.userId ? -1 : 1));
  const who = createHash('sha256').update(JSON.stringify(sorted.map(({ userId, through }) => [userId, through])));
  const { stream, seq: messageSeq, id: messageId, senderId: user } = message;
  const payload: PushPayload = {
    stream,
    messageId,
    seq: messageSeq,
    claimId,
    recipients: sorted,
    ...(trace === undefined ? {} : { trace }),
  };
  return { id: `${claimId}#${who.digest('base64url').slice(0, 22)}`, app, user, payload };
}

/**
 * Its notifications are deliveries of their own: a service that knows the first by its id takes the next too.
 */
export function newReplacementJob(
  app: AppId,
  message: StoredMessage,
  { claims, why, atMs }: { claims: readonly Claimed[]; why: 'edited' | 'deleted'; atMs: number },
): NewJob {
  const { id, payload, ...job } = newPushJob(app, message, { recipients: claims });
  const { collapseKey } = message.policy;
  const changed = { why, ...(collapseKey === undefined ? {} : { collapseKey }) };
  const claimId = `${claimIdOf(message)}~${why} ${atMs}`;
  return { ...job, id: `${id}~${why} ${atMs}`, payload: { ...(payload as PushPayload), claimId, changed } };
}

/**
 * The same in every attempt, also after a kill: what a service may take for its idempotency key. A UUID in
 * form.
 */
export function deliveryIdOf(claimId: string, deviceId: string): string {
  const hex = createHash('sha256').update(`${claimId}|${deviceId}`).digest('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}
