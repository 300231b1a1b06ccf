// Splits a push job into what is to be done now and what later, and puts the rest back into the queue. Sends
// nothing.
import type { JobResult } from '../../ports/queue.ts';
import type { PendingDelivery, PushPayload } from '../push-job.ts';

export type DeferredUser = NonNullable<PushPayload['deferred']>[number];

/** The part that waits: deliveries to devices, and users for whom nothing was decided. */
export interface Waiting {
  deliveries: PendingDelivery[];
  deferred: DeferredUser[];
}

export interface Due {
  /** To be decided from the beginning. */
  userIds: ReadonlySet<string>;
  /** To be sent again. */
  deliveries: readonly PendingDelivery[];
  /** Not yet. */
  later: Waiting;
}

/**
 * Waits are counted down by how long the job was put back: no stamps are compared, and a lower bound of a
 * service stays one.
 */
export function splitDue({ recipients, deliveries, deferred, sleptMs = 0 }: PushPayload): Due {
  const isFirst = deliveries === undefined && deferred === undefined;
  const waited = <T extends { waitMs: number }>(all: readonly T[]): T[] =>
    all.map((each) => ({ ...each, waitMs: Math.max(0, each.waitMs - sleptMs) }));
  const [pending, users] = [waited(deliveries ?? []), waited(deferred ?? [])];
  const isDue = ({ waitMs }: { waitMs: number }): boolean => waitMs === 0;
  const isLater = ({ waitMs }: { waitMs: number }): boolean => waitMs > 0;
  return {
    userIds: new Set((isFirst ? recipients : users.filter(isDue)).map(({ userId }) => userId)),
    deliveries: pending.filter(isDue),
    later: { deliveries: pending.filter(isLater), deferred: users.filter(isLater) },
  };
}

/**
 * The same job, when the first of them is due: nothing is added to the queue, so a kill at any moment loses
 * and doubles nothing.
 */
export function putBack(payload: PushPayload, { deliveries, deferred }: Waiting): JobResult {
  const waits = [...deliveries, ...deferred];
  if (waits.length === 0) return { done: true };
  const delayMs = Math.ceil(Math.min(...waits.map(({ waitMs }) => waitMs)));
  const users = new Set(waits.map(({ userId }) => userId));
  const recipients = payload.recipients.filter(({ userId }) => users.has(userId));
  return { again: { delayMs, payload: { ...payload, recipients, deliveries, deferred, sleptMs: delayMs } } };
}
