// Stored conversations and messages as clients see them. The shapes are @belfry/protocol's.

import {
  conversationStream,
  type Conversation as WireConversation,
  type Message as WireMessage,
  type MessageAdditions,
  type Participant as WireParticipant,
} from '@belfry/protocol';
import type { Conversation, Participant, Reaction, StoredMessage, StreamHead } from '../ports/stores/index.ts';

export function viewConversation(
  conversation: Conversation,
  participants: readonly Participant[],
  head: StreamHead,
): WireConversation {
  return {
    id: conversation.id,
    ...(conversation.title === undefined ? {} : { title: conversation.title }),
    ...(conversation.metadata === undefined ? {} : { metadata: conversation.metadata }),
    stream: conversationStream(conversation.id),
    epoch: head.epoch,
    headSeq: head.seq,
    participants: participants.map(viewParticipant),
    createdAt: toTimestamp(conversation.createdAt),
  };
}

export function viewParticipant({ userId, role, joinedAt, metadata }: Participant): WireParticipant {
  return { userId, role, joinedAt: toTimestamp(joinedAt), ...(metadata === undefined ? {} : { metadata }) };
}

/** A message of a conversation; those of inboxes are only ever delivered as events. */
export function viewMessage(conversationId: string, message: StoredMessage): WireMessage {
  return {
    // First, so that a field of the app's own data can't pass for one of ours.
    ...viewData(message),
    messageId: message.id,
    conversationId,
    stream: message.stream,
    seq: message.seq,
    kind: message.kind,
    action: message.action,
    ...(message.senderId === undefined ? {} : { senderId: message.senderId, cid: message.cid }),
    timestamp: toTimestamp(message.storedAt),
    ...(message.editedAt === undefined ? {} : { editedAt: toTimestamp(message.editedAt) }),
    ...(message.deletedAt === undefined ? {} : { deletedAt: toTimestamp(message.deletedAt) }),
    ...viewAdditions(message),
  };
}

/** The additions to a message, as fields of it. Notices have fields of their own, and none of these. */
export function viewAdditions({ data, reactions, replies, pinned, addedAt }: StoredMessage) {
  if (addedAt === undefined || !isMessageData(data)) return {};
  return {
    ...(reactions === undefined ? {} : { reactions: reactions.map(viewReaction) }),
    ...(replies === undefined ? {} : { replies: { count: replies.count, lastAt: toTimestamp(replies.lastAt) } }),
    ...(pinned === undefined ? {} : { pinned: { ...pinned, at: toTimestamp(pinned.at) } }),
    updatedAt: toTimestamp(addedAt),
  };
}

/** The data of `message_updated`. */
export function viewUpdate(message: StoredMessage): MessageAdditions {
  const { id, seq, senderId, addedAt = message.storedAt } = message;
  return {
    ...{ messageId: id, seq },
    ...(senderId === undefined ? {} : { senderId }),
    ...{ reactions: [], updatedAt: toTimestamp(addedAt) },
    ...viewAdditions(message),
  };
}

function viewData({ data, deletedAt }: StoredMessage): Partial<WireMessage> {
  if (deletedAt !== undefined) return {};
  return isMessageData(data) ? data : { data };
}

function viewReaction({ reaction, userIds }: Reaction): { reaction: string; userIds: string[] } {
  return { reaction, userIds: [...userIds] };
}

/** ISO 8601, UTC, with milliseconds: the only spelling of a time on the wire. */
function toTimestamp(ms: number): string {
  return new Date(ms).toISOString();
}

/** Whether this data carries a message (`{type, content}`) rather than a notice. */
export function isMessageData(data: Readonly<Record<string, unknown>>): boolean {
  return typeof data['type'] === 'string' && typeof data['content'] === 'object' && data['content'] !== null;
}
