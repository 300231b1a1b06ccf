// Splits a push job into what is to be done now and what later, and puts the rest back into the queue. Sends
// nothing.
import type { JobResult } from '../../ports/queue.ts';
import type { PendingDelivery, PushPayload, WaitingStep } from '../push-job.ts';

export type DeferredUser = NonNullable<PushPayload['deferred']>[number];

/** The part that waits: deliveries to devices, users for whom nothing was decided, and steps of fall-back chains. */
export interface Waiting {
  deliveries: PendingDelivery[];
  deferred: DeferredUser[];
  fallbacks: WaitingStep[];
}

export interface Due {
  /** To be decided from the beginning. */
  userIds: ReadonlySet<string>;
  /** To be sent again. */
  deliveries: readonly PendingDelivery[];
  /** To be looked at, after the deliveries. */
  fallbacks: readonly WaitingStep[];
  /** Not yet. */
  later: Waiting;
}

/**
 * Waits are counted down by how long the job was put back: no stamps are compared, and a lower bound of a
 * service stays one.
 */
export function splitDue({ recipients, sleptMs = 0, ...payload }: PushPayload): Due {
  const { deliveries, deferred, fallbacks } = payload;
  const isFirst = deliveries === undefined && deferred === undefined && fallbacks === undefined;
  const waited = <T extends { waitMs: number }>(all: readonly T[]): T[] =>
    all.map((each) => ({ ...each, waitMs: Math.max(0, each.waitMs - sleptMs) }));
  const slept = (fallbacks ?? []).map((each) => ({
    ...each,
    sinceMs: each.sinceMs + Math.min(each.waitMs, sleptMs),
  }));
  const [pending, users, steps] = [waited(deliveries ?? []), waited(deferred ?? []), waited(slept)];
  const isDue = ({ waitMs }: { waitMs: number }): boolean => waitMs === 0;
  const isLater = ({ waitMs }: { waitMs: number }): boolean => waitMs > 0;
  return {
    userIds: new Set((isFirst ? recipients : users.filter(isDue)).map(({ userId }) => userId)),
    deliveries: pending.filter(isDue),
    fallbacks: steps.filter(isDue),
    later: {
      deliveries: pending.filter(isLater),
      deferred: users.filter(isLater),
      fallbacks: steps.filter(isLater),
    },
  };
}

/**
 * The same job, when the first of them is due: nothing is added to the queue, so a kill at any moment loses
 * and doubles nothing.
 */
export function putBack(payload: PushPayload, { deliveries, deferred, fallbacks }: Waiting): JobResult {
  const waits = [...deliveries, ...deferred, ...fallbacks];
  if (waits.length === 0) return { done: true };
  const delayMs = Math.ceil(Math.min(...waits.map(({ waitMs }) => waitMs)));
  const users = new Set(waits.map(({ userId }) => userId));
  const recipients = payload.recipients.filter(({ userId }) => users.has(userId));
  const later = { ...payload, recipients, deliveries, deferred, fallbacks, sleptMs: delayMs };
  return { again: { delayMs, payload: later } };
}
