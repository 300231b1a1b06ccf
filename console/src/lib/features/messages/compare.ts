// Whether a message would be decided otherwise now than it was. What came of a decision since is none: who has seen
// it was sent it all the same.
import type { Explanation, Recipient } from '#lib/api/shapes.ts';

type Decided = Pick<Recipient, 'userId' | 'reason' | 'pushReason'> & {
  realtime: readonly { connectionId: string; reason: string }[];
  push: readonly { deviceId: string; reason: string }[];
};

/** How a decision began, by how far it has got. */
const began = new Map([
  ...(['acked', 'acked_hidden', 'slow_consumer'] as const).map((reason) => [reason, 'sent'] as const),
  ...(
    [
      ...['waiting_for_ack', 'cancelled_acked', 'cancelled_read', 'accepted_by_provider', 'opened', 'retrying'],
      ...['delivered', 'delivery_failed', 'fallback_from'],
      ...['expired_ttl', 'target_gone', 'payload_rejected', 'collapsed_into'],
    ] as const
  ).map((reason) => [reason, 'queued'] as const),
] as [string, string][]);

function beginningOf(reason: string): string {
  return began.get(reason) ?? reason;
}

/** Users whom it would be decided otherwise for. */
export function differingUsers(then: readonly Recipient[], now: Explanation['recipients']): ReadonlySet<string> {
  const byUser = new Map(now.map((recipient) => [recipient.userId, recipient]));
  return new Set(
    then.flatMap((recipient) => {
      const other = byUser.get(recipient.userId);
      return other !== undefined && decisionOf(recipient) !== decisionOf(other) ? [recipient.userId] : [];
    }),
  );
}

/** Connections come and go: what counts is what would be decided of those there are. */
function decisionOf({ realtime, push, reason, pushReason }: Decided): string {
  const pages = realtime.length > 0 ? realtime.map((each) => beginningOf(each.reason)) : [reason ?? 'no_connection'];
  const pushes = push.map((each) => `${each.deviceId} ${beginningOf(each.reason)}`);
  const own = push.length > 0 ? [] : [pushReason ?? 'no_device'];
  return JSON.stringify([[...new Set(pages)].sort(), pushes.sort(), own]);
}
