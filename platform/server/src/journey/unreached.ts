// Whom a message did not reach, of those who are to have it. Sending it again is the caller's.

import type { Journey, PushReason, RealtimeReason } from '@belfry/protocol';
import { openReasons } from './sums.ts';

const reachedBy: ReadonlySet<RealtimeReason | PushReason> = new Set<RealtimeReason | PushReason>([
  ...(['acked', 'cancelled_acked', 'cancelled_read', 'accepted_by_provider', 'opened', 'collapsed_into'] as const),
]);
/** Nobody wanted it there: it was theirs, or the user said so. */
const notMeantFor: ReadonlySet<RealtimeReason | PushReason> = new Set<RealtimeReason | PushReason>([
  ...(['not_a_member', 'muted', 'mentions_only', 'preference_off'] as const),
]);
const open: ReadonlySet<PushReason> = new Set(openReasons);

/** None of whom something is still under way, and none who did not want it. */
export function unreachedOf({ message, recipients }: Journey): string[] {
  return recipients
    .filter(({ userId, realtime, push, reason, pushReason }) => {
      if (userId === message.senderId) return false;
      const reasons = [...realtime, ...push].map((each) => each.reason);
      const all = [
        ...reasons,
        ...(reason === undefined ? [] : [reason]),
        ...(pushReason === undefined ? [] : [pushReason]),
      ];
      const isUnderWay = push.some((device) => open.has(device.reason));
      return !isUnderWay && !all.some((each) => reachedBy.has(each) || notMeantFor.has(each));
    })
    .map(({ userId }) => userId);
}
