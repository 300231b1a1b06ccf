// Conversations and who is in them. Their messages are in the log (messages.ts).

import type { AppId } from '../app-id.ts';

export interface Conversation {
  id: string;
  title?: string;
  /** The app's own JSON, not interpreted. */
  attributes?: Record<string, unknown>;
  epoch: string;
  /** Grows with every change of the participants; tells a cached audience from a stale one. */
  version: number;
  /** ms since the epoch. */
  createdAt: number;
}

export interface Participant {
  userId: string;
  /** The app's own word, e.g. `consultant`; `member` when it said nothing. */
  role: string;
  joinedAt: number;
}

export interface ConversationSummary {
  conversation: Conversation;
  /** When its newest message was stored, or it was made; the order of the list. May lag an append by a second. */
  activeAt: number;
}

/** Guarantees: durable as messages; a change of participants and of `version` are seen together or not at all. */
export interface ConversationStore {
  /** Makes it with these participants. False when it was there, and then changes nothing. */
  create(app: AppId, conversation: Conversation, participants: readonly Participant[]): Promise<boolean>;
  get(app: AppId, id: string): Promise<Conversation | undefined>;
  getMany(app: AppId, ids: readonly string[]): Promise<ReadonlyMap<string, Conversation>>;
  update(
    app: AppId,
    id: string,
    change: { title?: string; attributes?: Record<string, unknown> },
  ): Promise<Conversation | undefined>;
  /** In order of joining, then of user id. With the version they belong to; undefined when there is no such conversation. */
  participants(app: AppId, id: string): Promise<{ version: number; participants: readonly Participant[] } | undefined>;
  participant(app: AppId, id: string, userId: string): Promise<Participant | undefined>;
  /** Adds, or changes the role and keeps `joinedAt`. `missing` when there is no such conversation. */
  putParticipant(app: AppId, id: string, participant: Participant): Promise<'added' | 'changed' | 'missing'>;
  removeParticipant(app: AppId, id: string, userId: string): Promise<boolean>;
  /** Newest activity first; `before` continues after the last row of a page. */
  ofUser(
    app: AppId,
    userId: string,
    page: { before?: { activeAt: number; id: string }; limit: number },
  ): Promise<readonly ConversationSummary[]>;
  /** All of an app's, newest activity first. */
  list(
    app: AppId,
    page: { before?: { activeAt: number; id: string }; limit: number },
  ): Promise<readonly ConversationSummary[]>;
  /** Deletes it with its participants, messages and cursors. */
  remove(app: AppId, id: string): Promise<boolean>;
}
