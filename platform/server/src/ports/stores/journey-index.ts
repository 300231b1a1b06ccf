// One row a broadcast, by which journeys are found: by what became of it, kind, people, conversation and time.
// The journeys themselves: journeys.ts.

import type { Reason, ReasonCounts } from '@belfry/protocol';
import type { AppId } from '../app-id.ts';
import type { Counted } from './counted.ts';
import type { Erased, EraseRequest } from './erasing.ts';

/** People, each once. */
export interface JourneySums {
  seen: number;
  pushed: number;
  /** On purpose: they did not want it. */
  withheld: number;
  failed: number;
}

export interface JourneyEntry {
  messageId: string;
  /** When it was accepted, ms since the epoch. */
  at: number;
  kind: string;
  conversationId?: string;
  senderId?: string;
  /** Where it stands; of one that has a copy in several inboxes there is none. */
  stream?: string;
  seq?: number;
  /** How many it was for. */
  recipients: number;
  /** Who they are; left out where there are too many for a row. */
  users?: readonly string[];
  counts: ReasonCounts;
  sums: JourneySums;
  /** From its acceptance until somebody saw it first. */
  firstSeenMs?: number;
  /** The broadcast whose content this one sent again. */
  resendOf?: string;
  /** Rows of the journey that are in it: it only grows. */
  facts: number;
}

export interface JourneyFilter {
  kind?: string | undefined;
  conversationId?: string | undefined;
  /** Its sender or one of `users`. */
  userId?: string | undefined;
  /** Of each list it has one. */
  has?: readonly (readonly Reason[])[] | undefined;
  hasNone?: readonly Reason[] | undefined;
  /** Inclusive, ms since the epoch. */
  from?: number | undefined;
  to?: number | undefined;
}

/** The place of an entry in the order of the list. */
export type JourneyPlace = Pick<JourneyEntry, 'at' | 'messageId'>;

export interface JourneyListing extends JourneyFilter {
  /** Exclusive. */
  after?: JourneyPlace | undefined;
  limit: number;
  /** So many entries of the time asked for are looked at. */
  scan: number;
}

/** Guarantees: a `put` is durable when resolved. */
export interface JourneyIndexStore {
  /** An entry of fewer facts than the one that is kept changes nothing. */
  put(app: AppId, entries: readonly JourneyEntry[]): Promise<void>;
  /**
   * The newest first. `next` is where the list goes on: behind the last of the items, or behind the last entry
   * that was looked at, when there may be more.
   */
  list(app: AppId, listing: JourneyListing): Promise<{ items: readonly JourneyEntry[]; next?: JourneyPlace }>;
  /** Of the newest `scan` entries of the time asked for those that fit. A reason is counted once an entry. */
  count(app: AppId, query: JourneyFilter & { scan: number }): Promise<Counted<'reason' | 'kind'>>;
  /** Deletes entries older than `beforeMs`, the oldest first; the number deleted, at most `limit`. */
  prune(app: AppId, beforeMs: number, limit: number): Promise<number>;
  /** Puts `as` in the place of the user's id. */
  erase(app: AppId, request: EraseRequest): Promise<Erased>;
}
