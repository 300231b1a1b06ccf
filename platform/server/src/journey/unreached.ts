// Whom a message did not reach, of those who are to have it. Sending it again is the caller's.

import { reasonOutcomes, type Journey } from '@belfry/protocol';

/** None of whom something is still under way, none who did not want it, and not its sender. */
export function unreachedOf({ message, recipients }: Journey): string[] {
  return recipients
    .filter(({ userId, realtime, push, reason, pushReason }) => {
      const own = [reason, pushReason].flatMap((each) => each ?? []);
      const reasons = [...[...realtime, ...push].map((each) => each.reason), ...own];
      if (userId === message.senderId || reasons.includes('not_a_member')) return false;
      return reasons.every((each) => {
        const outcome = reasonOutcomes[each];
        return outcome === 'none' || outcome === 'failed';
      });
    })
    .map(({ userId }) => userId);
}
