// The decisions and steps of each message, as rows that are folded when read. Written in batches, off the
// hot path.

import type { AppId } from '../app-id.ts';
import type { Erased, EraseRequest } from './erasing.ts';

/**
 * One row of facts. A row is about one broadcast (`messageId`), or about a range of a stream (an
 * acknowledgement covers all seqs of `from..to`, a push claim likewise). `body` is JSON text whose shape is
 * journey's own: nobody on its way to the disk has to take it apart.
 */
export interface JourneyRow {
  messageId?: string;
  range?: { stream: string; from: number; to: number };
  type: string;
  /** ms since the epoch. */
  at: number;
  body: string;
}

/**
 * Guarantees: an `append` is all or nothing and durable when resolved; rows of one append keep their order
 * when read. Losing the last moments before a kill is allowed to the caller, not to the store.
 */
export interface JourneyStore {
  append(app: AppId, rows: readonly JourneyRow[]): Promise<void>;
  /** Rows of this message id, and rows whose range covers one of `at`; oldest first. */
  read(
    app: AppId,
    about: { messageId: string; at: readonly { stream: string; seq: number }[] },
  ): Promise<readonly JourneyRow[]>;
  /** Deletes rows older than `beforeMs`; the number deleted, at most `limit`. */
  prune(app: AppId, beforeMs: number, limit: number): Promise<number>;
  /**
   * Puts `as` in the place of the user's id in bodies and ranges: where JSON has a user's id, by its name or at
   * the head of a tuple, and in names of inboxes.
   */
  erase(app: AppId, request: EraseRequest): Promise<Erased>;
}
