// Says whether what concurrent calls on a cursor answered can be explained by some order of them. Not a
// driver: written from the port's comments alone.

import type { ClaimOutcome, ClaimRequest, Cursor, CursorAdvance } from '../../../src/ports/stores/index.ts';

type Fields = Pick<CursorAdvance, 'delivered' | 'seen' | 'seenMobile' | 'read'>;

export type CursorCall =
  | { type: 'advance'; userId: string; fields: Fields }
  | {
      type: 'claim';
      userIds: readonly string[];
      seq: number;
      beyond: number;
      claimId: string;
      heldBackBy: ClaimRequest['heldBackBy'];
    };

/** A call with what it answered; an advance answers nothing. */
export type Observed = { call: CursorCall; outcomes?: readonly ClaimOutcome[] };

export interface Case {
  userId: string;
  before: Cursor | undefined;
  /** Made at once. */
  observed: readonly Observed[];
  after: Cursor | undefined;
}

/** True when, for this user, some order of the calls gives every answer that was seen and ends in `after`. */
export function isExplained({ userId, before, observed, after }: Case): boolean {
  if (before === undefined || after === undefined) return false;
  const mine = observed.filter(({ call }) =>
    call.type === 'advance' ? call.userId === userId : call.userIds.includes(userId),
  );
  return explain(before, mine, { userId, after });
}

function explain(cursor: Cursor, left: readonly Observed[], goal: { userId: string; after: Cursor }): boolean {
  if (left.length === 0) return same(cursor, goal.after);
  return left.some((step, index) => {
    const next = take(cursor, step, goal.userId);
    return next !== undefined && explain(next, left.toSpliced(index, 1), goal);
  });
}

/**
 * The cursor after this call, were it the next; undefined when it would then have answered something else.
 */
function take(cursor: Cursor, { call, outcomes = [] }: Observed, userId: string): Cursor | undefined {
  if (call.type === 'advance') {
    const next = { ...cursor };
    for (const field of ['delivered', 'seen', 'seenMobile', 'read'] as const) {
      next[field] = Math.max(next[field], call.fields[field] ?? 0);
    }
    return next;
  }
  const own = outcomes.filter((outcome) => outcome.userId === userId);
  const outcome = own[0];
  if (outcome === undefined || own.length > 1) return undefined;
  const next = claimed(cursor, call, outcome.result);
  return next !== undefined && same(outcome.cursor, next) ? next : undefined;
}

function claimed(
  cursor: Cursor,
  call: Extract<CursorCall, { type: 'claim' }>,
  result: ClaimOutcome['result'],
): Cursor | undefined {
  const { seq, beyond, claimId, heldBackBy } = call;
  if (cursor.claim?.id === claimId) return result === 'won' ? cursor : undefined;
  // Where several reasons hold, the port leaves open which is own.
  const reasons: string[] = [];
  if (cursor.pushed >= seq) reasons.push('pushed');
  if (heldBackBy !== 'none' && cursor.read >= seq) reasons.push('read');
  if (heldBackBy !== 'none' && cursor[heldBackBy] >= seq) reasons.push('acked');
  if (reasons.length > 0) return reasons.includes(result) ? cursor : undefined;
  if (result !== 'won') return undefined;
  return { ...cursor, pushed: seq + beyond, claim: { id: claimId, from: cursor.pushed } };
}

function same(a: Cursor, b: Cursor): boolean {
  const fields = ['userId', 'stream', 'delivered', 'seen', 'seenMobile', 'read', 'pushed'] as const;
  return (
    fields.every((field) => a[field] === b[field]) && a.claim?.id === b.claim?.id && a.claim?.from === b.claim?.from
  );
}
