// Counts whom a broadcast may be pushed to, and who of them gets no push from the start. Decides nothing.

import { reasonOutcomes, type PushReason } from '@belfry/protocol';
import type { MayPush } from '../ports/message-facts.ts';

interface Planned {
  userId: string;
  push: readonly { reason: PushReason }[];
  pushReason?: PushReason;
  /** Left out where there is nothing to claim. */
  when?: 'now' | 'wait';
}

/** Of the recipients of a broadcast whose policy allows a push. */
export function mayPushOf(recipients: readonly Planned[], senderId: string | undefined): MayPush | undefined {
  const ended = new Map<PushReason, number>();
  let people = 0;
  let deferred = 0;
  for (const user of recipients) {
    if (user.userId === senderId) continue;
    people += 1;
    if (user.when === undefined) {
      const reason = endOf(user);
      ended.set(reason, (ended.get(reason) ?? 0) + 1);
    } else if (user.push.some(({ reason }) => reason === 'quiet_hours_deferred')) deferred += 1;
  }
  return people === 0 ? undefined : { people, ended, deferred };
}

/** A person who does not want it has that for the reason, whatever else their devices lack. */
function endOf({ push, pushReason }: Planned): PushReason {
  const reasons = push.map(({ reason }) => reason);
  const unwanted = reasons.find((reason) => reasonOutcomes[reason] === 'withheld');
  return pushReason ?? unwanted ?? reasons[0] ?? 'no_device';
}
