// Keeps the counts by reason of a broadcast that was too large for a row per recipient up to date with later
// facts. For smaller ones: fold.ts.

import { reasonSchema, type PushReason, type RealtimeReason, type Reason, type ReasonCounts } from '@belfry/protocol';
import type { FactAbout } from './facts-about.ts';
import { isOvertaken, mayBeAcked } from './fold.ts';

/** The reasons in a plan that a push may go on from, the likeliest first. */
const mayGoOn: readonly PushReason[] = [
  ...(['queued', 'waiting_for_ack', 'quiet_hours_deferred', 'credentials_rejected', 'fallback_waiting'] as const),
];
const mayBeCancelled: readonly PushReason[] = ['waiting_for_ack', 'quiet_hours_deferred', 'fallback_waiting'];
/** They are about devices that wait for a step of their own. */
const ofFallbacks: ReadonlySet<PushReason> = new Set(['fallback_waiting', 'fallback_from', 'fallback_not_needed']);

/**
 * The counts always add up to what was planned, and are exact once a fact of every connection and device has
 * come. Until then a fact takes one from the likeliest of the reasons that the plan counted, since the plan
 * kept no names.
 */
export function foldCounts(planned: Readonly<Record<string, number>>, facts: readonly FactAbout[]): ReasonCounts {
  const counts = new Map<Reason, number>();
  for (const [name, count] of Object.entries(planned)) {
    const reason = reasonSchema.safeParse(name);
    if (reason.success && count > 0) counts.set(reason.data, count);
  }
  const connections = new Map<string, RealtimeReason>();
  const pushes = new Map<string, PushReason>();

  for (const each of facts) {
    if (each.about === 'push') push(each.fact.userId, each.fact.deviceId, each.fact.reason);
    else if (each.about === 'caught_up') caughtUp(each.fact.connectionId);
    else ack(each.fact.connectionId, each.fact.visible || each.fact.deviceType === 'mobile' ? 'acked' : 'acked_hidden');
  }
  const left = [...counts].filter(([, count]) => count > 0);
  return Object.fromEntries(left);

  function caughtUp(connectionId: string): void {
    if (connections.has(connectionId)) return;
    // The plan may call it sent already: a connection that resumes is, before the log brings it anything.
    const before = firstCounted(['slow_consumer', 'no_connection', 'sent']);
    if (before === undefined) return;
    connections.set(connectionId, 'sent');
    move(before, 'sent');
  }

  function ack(connectionId: string, reason: 'acked' | 'acked_hidden'): void {
    const before = connections.get(connectionId) ?? firstCounted(['sent', 'slow_consumer', 'no_connection']);
    if (before === 'acked' || (before !== undefined && before !== 'no_connection' && !mayBeAcked.has(before))) return;
    connections.set(connectionId, reason);
    move(before, reason);
  }

  function push(userId: string, deviceId: string | undefined, reason: PushReason): void {
    const ofUser = `${userId}\n`;
    const key = deviceId === undefined ? ofUser : `${ofUser}${deviceId}`;
    const before = pushes.get(key) ?? pushes.get(ofUser);
    if (before !== undefined && isOvertaken(reason, before)) return;
    // A reason of the user as a whole moves to the first of their devices.
    pushes.delete(ofUser);
    pushes.set(key, reason);
    const candidates = ofFallbacks.has(reason)
      ? (['fallback_waiting'] as const)
      : reason.startsWith('cancelled')
        ? mayBeCancelled
        : mayGoOn;
    move(before ?? firstCounted(candidates), reason);
  }

  function firstCounted<R extends Reason>(candidates: readonly R[]): R | undefined {
    return candidates.find((reason) => (counts.get(reason) ?? 0) > 0);
  }

  function move(from: Reason | undefined, to: Reason): void {
    if (from !== undefined) counts.set(from, Math.max(0, (counts.get(from) ?? 0) - 1));
    counts.set(to, (counts.get(to) ?? 0) + 1);
  }
}
