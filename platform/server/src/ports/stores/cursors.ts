// How far each user has got in each stream, and the one place where "delivered" and "pushed" are decided
// against each other.

import type { AppId } from '../app-id.ts';
import type { Erased, EraseRequest } from './erasing.ts';

export interface Cursor {
  userId: string;
  stream: string;
  /** Highest seq that any connection acknowledged. */
  delivered: number;
  /**
   * Highest seq acknowledged by a mobile connection, or by one that somebody attended (or saw:
   * `deliveredMeans`).
   */
  seen: number;
  /** Highest seq that a mobile connection acknowledged. */
  seenMobile: number;
  read: number;
  /** Highest seq that a push claim covers. */
  pushed: number;
  /** The claim that set `pushed`; `from` is what `pushed` was before it. */
  claim?: { id: string; from: number };
}

export interface CursorAdvance {
  userId: string;
  stream: string;
  delivered?: number;
  seen?: number;
  seenMobile?: number;
  read?: number;
}

export interface ClaimRequest {
  stream: string;
  /** The message the push is for; those whose cursor says it is taken care of don't qualify. */
  seq: number;
  /** The claim covers all up to here: the head when it was made; at least `seq`. */
  through: number;
  userIds: readonly string[];
  /** Deterministic for (message, stream), so that a claim made twice finds its own tags. */
  claimId: string;
  /**
   * Which acknowledgement holds the push back; `none` for policies that always push (then only an earlier
   * claim does). `read` holds back always but with `none`.
   */
  heldBackBy: 'delivered' | 'seen' | 'seenMobile' | 'none';
}

export interface ClaimOutcome {
  userId: string;
  /** `won`: tagged with this claim id, now or in an earlier call. Others say why not. */
  result: 'won' | 'acked' | 'read' | 'pushed';
  /** The cursor after the decision. */
  cursor: Cursor;
}

/**
 * Guarantees: every field only ever grows; `advance` and `claim` on one (user, stream) are atomic against
 * each other: whichever is first, the other sees it. Both are durable when resolved, and both may be
 * repeated. A cursor that never was reads as zeros.
 */
export interface CursorStore {
  get(app: AppId, stream: string, userIds: readonly string[]): Promise<ReadonlyMap<string, Cursor>>;
  /** Keyed by stream. */
  ofUser(app: AppId, userId: string, streams: readonly string[]): Promise<ReadonlyMap<string, Cursor>>;
  /**
   * Raises the given values; those below the present are ignored. Does not report what moved: to read it back
   * would cost more than to raise it.
   */
  advance(app: AppId, changes: readonly CursorAdvance[]): Promise<void>;
  /**
   * Sets `pushed = through` and the tag for each user whose `pushed < seq` and whom `heldBackBy` and `read`
   * do not hold back. One outcome a user, in the order given.
   */
  claim(app: AppId, request: ClaimRequest): Promise<readonly ClaimOutcome[]>;
  /**
   * Starts a user at `seq` in a stream (who joins a conversation has missed nothing before it); does nothing
   * where a cursor is.
   */
  start(app: AppId, stream: string, start: { userIds: readonly string[]; seq: number }): Promise<void>;
  /** Takes away the user's cursors. */
  erase(app: AppId, request: EraseRequest): Promise<Erased>;
}
