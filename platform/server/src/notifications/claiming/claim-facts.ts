// Makes the facts about the messages that the claims of a job cover, apart from what came of sending.
// Decides nothing.
import type { PushReason } from '@belfry/protocol';
import type { PushFact } from '../../ports/message-facts.ts';
import type { StoredMessage } from '../../ports/stores/index.ts';
import type { RecipientVerdict } from '../sending/decide-recipient.ts';
import type { About, PushFacts } from '../facts.ts';
import type { Missed } from '../sending/missed-messages.ts';
import type { PushPayload } from '../push-job.ts';

/** Facts about older messages of a claim, per user: a history of thousands is reported by its newest. */
const mostFacts = 50;

export interface ClaimFacts {
  /** Nothing is sent. The same for every message of the claim, but for those that the user did not want. */
  withdrawn(missed: Missed, verdict: RecipientVerdict & { notify: 'never' }, at: FactsAt): PushFact[];
  /** It is quiet hours: the notification leaves `afterMs` later. */
  deferred(missed: Missed, afterMs: number, at: FactsAt): PushFact[];
  /**
   * One notification is sent: what in the claim it stands for, what it leaves out, and what needed none any
   * more.
   */
  collapsed(missed: Missed, newest: StoredMessage): PushFact[];
}

interface FactsAt {
  payload: PushPayload;
  /**
   * A later look at the same claim: the newest alone is reported, as the others were reported by the first.
   */
  isLater: boolean;
}

export function createClaimFacts(facts: Pick<PushFacts, 'make'>): ClaimFacts {
  const unwantedFact = ({ unwanted, claimed }: Missed, message: StoredMessage): PushFact | undefined => {
    const reason = unwanted.get(message);
    return reason === undefined ? undefined : facts.make(aboutOf(message, claimed.userId), reason);
  };

  /** A claim reaches over what was seen in time as well; no notification stands for that. */
  const resolvedFact = ({ cursor, claimed }: Missed, message: StoredMessage): PushFact =>
    facts.make(aboutOf(message, claimed.userId), message.seq <= cursor.read ? 'cancelled_read' : 'cancelled_acked');

  return {
    withdrawn(missed, { reason, collapsedInto }, { payload, isLater }) {
      const { userId } = missed.claimed;
      const detail = collapsedInto === undefined ? {} : { collapsedInto };
      const reported = missed.inClaim.slice(0, isLater ? 1 : mostFacts);
      if (reported.length > 0) {
        const owed = new Set(missed.owed);
        return reported.map(
          (each) =>
            unwantedFact(missed, each) ??
            (collapsedInto === undefined || owed.has(each)
              ? facts.make(aboutOf(each, userId), reason, detail)
              : resolvedFact(missed, each)),
        );
      }
      // The log has none of them any more: of the claimed one alone.
      const { messageId, stream, seq } = payload;
      return [facts.make({ messageId, stream, seq, userId }, reason, detail)];
    },
    deferred(missed, afterMs, { isLater }) {
      const owed = new Set(missed.owed);
      const reason: PushReason = 'quiet_hours_deferred';
      return missed.inClaim.slice(0, isLater ? 1 : mostFacts).flatMap((each): PushFact[] => {
        const unwanted = unwantedFact(missed, each);
        if (unwanted !== undefined) return [unwanted];
        return owed.has(each) ? [facts.make(aboutOf(each, missed.claimed.userId), reason, { afterMs })] : [];
      });
    },
    collapsed(missed, newest) {
      const { inClaim, claimed } = missed;
      const owed = new Set(missed.owed);
      return inClaim.slice(0, mostFacts + 1).flatMap((each): PushFact[] => {
        const unwanted = unwantedFact(missed, each);
        if (unwanted !== undefined) return [unwanted];
        if (!owed.has(each)) return [resolvedFact(missed, each)];
        const collapsedInto = { collapsedInto: newest.seq };
        return each.seq < newest.seq
          ? [facts.make(aboutOf(each, claimed.userId), 'collapsed_into', collapsedInto)]
          : [];
      });
    },
  };
}

export function aboutOf({ id, stream, seq }: StoredMessage, userId: string): About {
  return { messageId: id, stream, seq, userId };
}
