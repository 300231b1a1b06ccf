// Conversations and who is in them. Their messages are in the log (messages.ts).

import type { AppId } from '../app-id.ts';

export interface Conversation {
  id: string;
  title?: string;
  /** The app's own JSON, not interpreted. */
  metadata?: Record<string, unknown>;
  epoch: string;
  /** Grows with every change of the participants; distinguishes a cached audience from a stale one. */
  version: number;
  /** ms since the epoch. */
  createdAt: number;
}

export interface Participant {
  userId: string;
  /** The app's own word, e.g. `consultant`; `member` when it said nothing. */
  role: string;
  joinedAt: number;
  metadata?: Record<string, unknown>;
}

/** Null takes a field away. */
export interface ConversationChange {
  title?: string | null;
  metadata?: Record<string, unknown> | null;
  /** Only where the metadata are still these, or with null none: so that of two who merge none is lost. */
  ifMetadata?: Record<string, unknown> | null;
}

export interface ConversationSummary {
  conversation: Conversation;
  /**
   * When its newest message was stored, or it was made; the order of the list. May be behind an append by a
   * second, and never goes back.
   */
  activeAt: number;
}

/** The place of a row in a list; the next page begins after it. */
export interface ConversationPlace {
  activeAt: number;
  id: string;
}

export interface ConversationSearch {
  /** Words; empty finds all. */
  q: string;
  /** Among those that this user is in. */
  userId?: string | undefined;
  before?: ConversationPlace | undefined;
  limit: number;
}

export interface FoundConversation extends ConversationSummary {
  /** How many are in it. */
  participants: number;
}

/**
 * Guarantees: durable as messages; a change of participants and of `version` are seen together or not at all.
 */
export interface ConversationStore {
  /** Makes it with these participants. False when it was there, and then changes nothing. */
  create(app: AppId, conversation: Conversation, participants: readonly Participant[]): Promise<boolean>;
  get(app: AppId, id: string): Promise<Conversation | undefined>;
  /** Changes the given fields. Undefined, and nothing done, when it is not there or not as `ifMetadata` says. */
  update(app: AppId, id: string, change: ConversationChange): Promise<Conversation | undefined>;
  /**
   * In order of joining, then of user id. With the version they belong to; undefined when there is no such
   * conversation.
   */
  participants(app: AppId, id: string): Promise<{ version: number; participants: readonly Participant[] } | undefined>;
  /** Adds, or replaces role and metadata and keeps `joinedAt`. `missing` when there is no such conversation. */
  putParticipant(app: AppId, id: string, participant: Participant): Promise<'added' | 'changed' | 'missing'>;
  removeParticipant(app: AppId, id: string, userId: string): Promise<boolean>;
  /**
   * Newest activity first; `before` continues after the last row of a page. With `among` those of these ids
   * alone. A row only ever moves up, so none comes twice in pages that are read one after another.
   */
  ofUser(
    app: AppId,
    userId: string,
    page: { before?: { activeAt: number; id: string }; limit: number; among?: readonly string[] },
  ): Promise<readonly ConversationSummary[]>;
  /**
   * The users of `userIds`, without `userId`, who are in a conversation with them now. Costs by the
   * conversations of the users who are asked about, not by all there are.
   */
  sharing(app: AppId, userId: string, userIds: readonly string[]): Promise<ReadonlySet<string>>;
  /** All of an app's, newest activity first. */
  list(
    app: AppId,
    page: { before?: { activeAt: number; id: string }; limit: number },
  ): Promise<readonly ConversationSummary[]>;
  /**
   * Newest activity first: those of which each word of `q` is somewhere in the id or the title, whatever its case
   * and accents, and those that the user whose id is `q` is in. Looks at a bounded number of conversations a call:
   * a page may be short, or empty, and have a `next`. No row comes twice in pages that are read one after another.
   */
  search(
    app: AppId,
    search: ConversationSearch,
  ): Promise<{ items: readonly FoundConversation[]; next?: ConversationPlace }>;
  /**
   * Deletes it with its participants, messages and cursors. From the moment it resolves the conversation is
   * not there, nobody is in it, and its stream is empty and of another epoch. A store that can't do that in
   * one step puts a tombstone on the conversation, which keeps the next epoch, and sweeps what was in it:
   * from the tombstone on nothing of it is read, and a kill leaves something to sweep, never half a
   * conversation.
   */
  remove(app: AppId, id: string): Promise<boolean>;
}
