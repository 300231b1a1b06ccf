// A conversation as a document: its participants are in it, so that they change together with its version. Not
// what is done with it: conversations.ts.

import { Schema } from 'mongoose';
import type { Conversation, ConversationSummary, Participant } from '../../../ports/stores/index.ts';
import { declareCollection } from './declaration.ts';
import type { LogLife } from './log-life.ts';

export interface ParticipantDocument {
  userId: string;
  role: string;
  joinedAt: number;
  /** JSON; '' when there are none. */
  metadata: string;
}

export interface ConversationDocument {
  app: string;
  id: string;
  title?: string;
  /** JSON. */
  metadata?: string;
  /** Of a tombstone: that of the next conversation under this id. Clients see it with the `LogLife` behind it. */
  epoch: string;
  version: number;
  createdAt: number;
  participants?: readonly ParticipantDocument[];
  /** Of all but tombstones. */
  activeAt?: number;
  /** Of a tombstone. */
  removedAt?: number;
  /** Of a tombstone whose messages and cursors may still be there. */
  isUnswept?: boolean;
}

const participantSchema = new Schema<ParticipantDocument>(
  { userId: String, role: String, joinedAt: Number, metadata: String },
  { _id: false, id: false },
);

export const conversationCollection = declareCollection<ConversationDocument>(
  'conversations',
  {
    app: String,
    id: String,
    title: String,
    metadata: String,
    epoch: String,
    version: Number,
    createdAt: Number,
    participants: [participantSchema],
    activeAt: Number,
    removedAt: Number,
    isUnswept: Boolean,
  },
  [
    { key: { app: 1, id: 1 }, unique: true },
    // Without the activity, which moves with every message: one entry a participant would be written anew.
    { key: { app: 1, 'participants.userId': 1 } },
    { key: { app: 1, activeAt: 1, id: 1 }, partialFilterExpression: { activeAt: { $exists: true } } },
    { key: { isUnswept: 1 }, partialFilterExpression: { isUnswept: true } },
  ],
);

export function toParticipantDocument({ userId, role, joinedAt, metadata }: Participant): ParticipantDocument {
  return { userId, role, joinedAt, metadata: metadata === undefined ? '' : JSON.stringify(metadata) };
}

export function toParticipant({ userId, role, joinedAt, metadata }: ParticipantDocument): Participant {
  return {
    userId,
    role,
    joinedAt,
    ...(metadata !== '' && { metadata: JSON.parse(metadata) as Record<string, unknown> }),
  };
}

export function toConversation(document: ConversationDocument, life: LogLife): Conversation {
  const { id, title, metadata, epoch, version, createdAt } = document;
  return {
    id,
    ...(title !== undefined && { title }),
    ...(metadata !== undefined && { metadata: JSON.parse(metadata) as Record<string, unknown> }),
    epoch: epoch + life,
    version,
    createdAt,
  };
}

export function toSummary(document: ConversationDocument, life: LogLife): ConversationSummary {
  return { conversation: toConversation(document, life), activeAt: document.activeAt ?? document.createdAt };
}
