// Reads from the log what the users of a job missed, once for all of them. Decides nothing about sending.
import type { AppId } from '../ports/app-id.ts';
import type { Cursor, MessageStore, StoredMessage } from '../ports/stores/index.ts';
import { isMeantFor, isOwed } from './holder.ts';
import type { Claimed } from './holder.ts';
import type { PushSettings } from './needs.ts';

/** A notification that says 200 means 200 or more: nobody needs the exact number, and reading it would cost without bound. */
export const mostCounted = 200;
/** Most users have missed a handful; who missed more is read in one further go. */
const pageSizes = [50, mostCounted - 50] as const;

export interface Missed {
  claimed: Claimed;
  cursor: Cursor;
  /** What a notification made now has to count, newest first. */
  owed: StoredMessage[];
  /** What the claim itself covers and is meant for the user, owed or not, newest first. */
  inClaim: StoredMessage[];
  /** Something is owed that a later claim covers. */
  owedLater: boolean;
}

interface MissedQuestion {
  stream: string;
  claims: readonly Claimed[];
  cursors: ReadonlyMap<string, Cursor>;
  settings: PushSettings;
}

/** In the order of `claims`. */
export async function readMissed(app: AppId, log: MessageStore, question: MissedQuestion): Promise<Missed[]> {
  const { stream, claims, cursors, settings } = question;
  const missed = claims.map((claimed): Missed => {
    const cursor = cursors.get(claimed.userId) ?? zeroCursor(claimed.userId, stream);
    return { claimed, cursor, owed: [], inClaim: [], owedLater: false };
  });
  // Nearly always one group: the claims of a job were made together.
  const byReach = Map.groupBy(missed, ({ claimed, cursor }) => Math.max(claimed.through, cursor.pushed));
  for (const [reach, group] of byReach) await readGroup(reach, group);
  return missed;

  async function readGroup(reach: number, group: readonly Missed[]): Promise<void> {
    const lowest = Math.min(...group.map(({ cursor }) => Math.max(cursor.read, cursor.seenMobile)));
    const claimedFrom = Math.min(...group.map(({ claimed }) => claimed.from));
    let beforeSeq = reach + 1;
    for (const limit of pageSizes) {
      const page = await log.read(app, stream, {
        afterSeq: Math.min(lowest, claimedFrom),
        beforeSeq,
        limit,
        order: 'descending',
      });
      // Every message is looked at by every user: a `some` that stops early would lose the rest.
      const owing = page.filter((message) => group.filter((user) => sort(message, user, reach)).length > 0);
      const oldest = page.at(-1);
      if (oldest === undefined || page.length < limit) return;
      // Below the claims, a whole page that nobody is owed is the end of what was missed.
      if (owing.length === 0 && oldest.seq <= claimedFrom) return;
      beforeSeq = oldest.seq;
    }
  }

  function sort(message: StoredMessage, user: Missed, reach: number): boolean {
    const { claimed, cursor } = user;
    const { from, through, userId } = claimed;
    if (message.seq > from && message.seq <= through && isMeantFor(message, userId)) user.inClaim.push(message);
    const owed = isOwed(message, cursor, { claimed: { ...claimed, through: reach }, settings });
    if (owed && message.seq > through) user.owedLater = true;
    else if (owed) user.owed.push(message);
    return owed;
  }
}

function zeroCursor(userId: string, stream: string): Cursor {
  return { userId, stream, delivered: 0, seen: 0, seenMobile: 0, read: 0, pushed: 0 };
}
