// Decides whether one user of a job is still to be notified, at the last moment before sending. Reads
// nothing, sends nothing.
import type { PushReason } from '@belfry/protocol';
import type { StoredMessage } from '../../ports/stores/index.ts';
import type { Missed } from './missed-messages.ts';

export type RecipientVerdict =
  | { notify: 'now'; newest: StoredMessage }
  /** When the user's quiet hours are over, ms since the epoch; then it is decided anew. */
  | { notify: 'later'; untilMs: number }
  | { notify: 'never'; reason: PushReason; collapsedInto?: number };

/**
 * The checks in their order. What is owed is only what the user wants, so a mute or a level stops a push by
 * leaving nothing to notify; quiet hours are asked last, as they can only put off what is due.
 */
export function decideRecipient(missed: Missed): RecipientVerdict {
  const { claimed, cursor, owed, inClaim, owedLater, quietUntilMs } = missed;
  const [newest] = owed;
  // A message that is owed from before the claim was notified by its own claim: without anything new there is
  // nothing to notify.
  const isDue = newest !== undefined && newest.seq > claimed.from;
  if (!isDue && inClaim.length > 0) return { notify: 'never', reason: finalReason(missed) };
  // The later claim's notification counts these too. Only where that one has something to notify: it might be
  // held back by an acknowledgement that does not hold for these, as one of a desktop does not for a message
  // to mobile devices. Nor may one that is put off take along what passes quiet hours.
  if (owedLater === 'now' || (owedLater === 'later' && quietUntilMs !== undefined))
    return { notify: 'never', reason: 'collapsed_into', collapsedInto: cursor.pushed };
  if (!isDue) return { notify: 'never', reason: finalReason(missed) };
  return quietUntilMs === undefined ? { notify: 'now', newest } : { notify: 'later', untilMs: quietUntilMs };
}

/**
 * Of what was not owed: what is not wanted has a reason of its own, message by message. Nothing meant for the
 * user is left in the claim when all of it was deleted: as good as never to be pushed.
 */
function finalReason({ claimed, cursor, inClaim }: Missed): PushReason {
  if (cursor.read >= claimed.through) return 'cancelled_read';
  return inClaim.length === 0 ? 'policy_never' : 'cancelled_acked';
}
