// Reads from the log what the users of a job missed, once for all of them, and what each of them wants of it.
// Decides nothing about sending.
import type { PushReason } from '@belfry/protocol';
import type { AppId } from '../../ports/app-id.ts';
import type { Cursor, MessageStore, StoredMessage } from '../../ports/stores/index.ts';
import { isOwed, mayBePushed } from '../claiming/held-back-by.ts';
import type { Claimed } from '../claiming/held-back-by.ts';
import type { Wish } from '../preferences/check-preferences.ts';
import type { PushSettings } from '../push-settings.ts';

/**
 * A notification that says 200 means 200 or more: nobody needs the exact number, and reading it would cost
 * without bound.
 */
export const mostCounted = 200;
/** Most users have missed a handful; who missed more is read in one further go. */
const pageSizes = [50, mostCounted - 50] as const;

export interface Missed {
  claimed: Claimed;
  cursor: Cursor;
  /**
   * Messages that a notification made now has to count, newest first; only those that the user wants.
   */
  owed: StoredMessage[];
  /** Messages that the claim itself covers and that are for the user, owed or not, newest first. */
  inClaim: StoredMessage[];
  /** Messages that the claim covers and that are owed, but that the user does not want. */
  unwanted: Map<StoredMessage, PushReason>;
  /**
   * When the user's quiet hours end, ms since the epoch; undefined outside of them, and when anything in the
   * claim is owed that passes them.
   */
  quietUntilMs: number | undefined;
  /**
   * Something is owed, and wanted, that a later claim covers; `now` when any of that may be notified at once.
   */
  owedLater: 'now' | 'later' | undefined;
}

const notAMember = { push: 'no', reason: 'not_a_member' } as const;

interface MissedQuestion {
  stream: string;
  claims: readonly Claimed[];
  cursors: ReadonlyMap<string, Cursor>;
  settings: PushSettings;
  wishOf: (userId: string, message: StoredMessage) => Wish;
  membersOf: MembersOf;
}

/** The present members of a conversation, as the store says; nobody where there is none. */
export type MembersOf = (app: AppId, conversationId: string) => Promise<Pick<ReadonlySet<string>, 'has'>>;

/** In the order of `claims`. */
export async function readMissed(app: AppId, log: MessageStore, question: MissedQuestion): Promise<Missed[]> {
  const { stream, claims, cursors, settings, wishOf, membersOf } = question;
  const members = new Map<string, Awaited<ReturnType<MembersOf>>>();
  const missed = claims.map((claimed): Missed => {
    const cursor = cursors.get(claimed.userId) ?? zeroCursor(claimed.userId, stream);
    const empty = { owed: [], inClaim: [], unwanted: new Map<StoredMessage, PushReason>() };
    return { claimed, cursor, ...empty, quietUntilMs: undefined, owedLater: undefined };
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
      await findMembers(page);
      // Every message is looked at by every user: a `some` that stops early would lose the rest.
      const owing = page.filter((message) => group.filter((user) => sort(message, user, reach)).length > 0);
      const oldest = page.at(-1);
      if (oldest === undefined || page.length < limit) return;
      // Below the claims, a whole page that nobody is owed is the end of what was missed.
      if (owing.length === 0 && oldest.seq <= claimedFrom) return;
      beforeSeq = oldest.seq;
    }
  }

  /** A message that was sent to an inbox may be of a conversation as well. */
  async function findMembers(page: readonly StoredMessage[]): Promise<void> {
    for (const { conversationId } of page) {
      if (conversationId === undefined || members.has(conversationId)) continue;
      members.set(conversationId, await membersOf(app, conversationId));
    }
  }

  /** A message that was for the user when it was sent is not for somebody who has left, or was removed. */
  function isMember(userId: string, { conversationId }: StoredMessage): boolean {
    return conversationId === undefined || members.get(conversationId)?.has(userId) === true;
  }

  /** Whether it is owed, wanted or not. */
  function sort(message: StoredMessage, user: Missed, reach: number): boolean {
    const { claimed, cursor } = user;
    const { from, through, userId } = claimed;
    const isInClaim = message.seq > from && message.seq <= through;
    if (isInClaim && mayBePushed(message, userId)) user.inClaim.push(message);
    if (!isOwed(message, cursor, { claimed: { ...claimed, through: reach }, settings })) return false;
    const wish = isMember(userId, message) ? wishOf(userId, message) : notAMember;
    if (wish.push === 'no') {
      if (isInClaim) user.unwanted.set(message, wish.reason);
    } else if (message.seq > through) {
      if (user.owedLater !== 'now') user.owedLater = wish.push === 'yes' ? 'now' : 'later';
    } else {
      user.owed.push(message);
      if (isInClaim) user.quietUntilMs = untilOf(user, wish);
    }
    return true;
  }
}

/** A message that may be notified now takes the others along. */
function untilOf({ owed, claimed, quietUntilMs }: Missed, wish: Exclude<Wish, { push: 'no' }>): number | undefined {
  const isFirst = owed.filter(({ seq }) => seq > claimed.from).length === 1;
  return wish.push === 'later' && (isFirst || quietUntilMs !== undefined) ? wish.untilMs : undefined;
}

function zeroCursor(userId: string, stream: string): Cursor {
  return { userId, stream, delivered: 0, seen: 0, seenMobile: 0, read: 0, pushed: 0 };
}
