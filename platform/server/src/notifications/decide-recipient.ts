// Decides whether one user of a job is still to be notified, at the last moment before sending. Reads nothing, sends nothing.
import type { PushReason } from '@belfry/protocol';
import type { StoredMessage } from '../ports/stores/index.ts';
import type { Missed } from './missed-messages.ts';

export type RecipientVerdict =
  { notify: true; newest: StoredMessage } | { notify: false; reason: PushReason; collapsedInto?: number };

/**
 * The checks in their order. What the user wished (mutes, levels, quiet hours) is asked after these, where `notify` is true: a preference can stop a push
 * or put it off, but it says nothing about one that is not due.
 */
export function decideRecipient(missed: Missed): RecipientVerdict {
  const { claimed, cursor, owed, inClaim, owedLater } = missed;
  const [newest] = owed;
  // What is owed from before the claim was notified by its own claim: without anything new there is nothing to tell.
  const isDue = newest !== undefined && newest.seq > claimed.from;
  if (!isDue && inClaim.length > 0) return { notify: false, reason: settledReason(missed) };
  // The later claim's notification counts these too. Only where that one has something to tell: it might be held back by an acknowledgement that does
  // not hold for these, as one of a desktop does not for a message to mobile devices.
  if (owedLater) return { notify: false, reason: 'collapsed_into', collapsedInto: cursor.pushed };
  return isDue ? { notify: true, newest } : { notify: false, reason: settledReason(missed) };
}

/** Nothing meant for the user is left in the claim when all of it was deleted: as good as never to be pushed. */
function settledReason({ claimed, cursor, inClaim }: Missed): PushReason {
  if (cursor.read >= claimed.through) return 'cancelled_read';
  return inClaim.length === 0 ? 'policy_never' : 'cancelled_acked';
}
