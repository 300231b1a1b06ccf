// What a node needs to know to tell its connections of one event, plain JSON so that it travels. Made when a broadcast is accepted, or again from the log.

import type { ServerEvent } from '@belfry/protocol';
import type { StoredMessage, StoredPolicy } from '../ports/stores/index.ts';

/** Which connections an event is for, judged by decide-realtime.ts. */
export interface RealtimeRule {
  action: string;
  realtime: StoredPolicy['realtime'];
  connectionTypes?: readonly string[] | undefined;
  feature?: string | undefined;
}

/** Whose connections: the members of a conversation, named users, a topic's subscribers, all. */
export type DeliveryTarget =
  | { conversation: string; only?: readonly string[] | undefined; exclude?: readonly string[] | undefined }
  | { users: readonly string[] }
  | { topic: string; exclude?: readonly string[] | undefined }
  | { everyone: true; exclude?: readonly string[] | undefined };

/** What the sender's own connections get. In the first two cases the sender is no recipient: neither counted nor pushed. */
export type SenderGets = 'other_connections' | 'nothing' | 'like_anybody';

export interface Delivery {
  event: ServerEvent;
  rule: RealtimeRule;
  to: DeliveryTarget;
  senderId?: string | undefined;
  /** What the sender's own connections get; the one it came from has its answer and never gets the event. */
  sender: SenderGets;
  originConnectionId?: string | undefined;
}

/** A durable event as it stands in the log now. A deleted one is told as such, and still takes its place in the stream. */
export function eventOfStored(message: StoredMessage, epoch: string): ServerEvent {
  const { id, stream, seq, conversationId, senderId, cid, storedAt, editedAt, deletedAt } = message;
  const isDeleted = deletedAt !== undefined;
  const ofSender = senderId === undefined ? {} : { senderId };
  // A notice made by the system has a cid of Belfry's own, which means nothing to anybody.
  const ofMessage = senderId !== undefined && 'content' in message.data ? { cid } : {};
  return {
    action: isDeleted ? 'message_deleted' : message.action,
    ...(conversationId === undefined ? {} : { conversationId }),
    stream,
    epoch,
    seq,
    timestamp: new Date(storedAt).toISOString(),
    data: isDeleted
      ? { messageId: id, seq, ...ofSender, deletedAt: new Date(deletedAt).toISOString() }
      : {
          // First, so that a field of the app's own data can't pass for one of ours.
          ...message.data,
          messageId: id,
          ...ofSender,
          ...ofMessage,
          ...(editedAt === undefined ? {} : { editedAt: new Date(editedAt).toISOString() }),
        },
  };
}

export function ruleOfStored(message: StoredMessage): RealtimeRule {
  const { realtime, connectionTypes, feature } = message.policy;
  return { action: message.action, realtime, connectionTypes, feature };
}

/** The order of a durable message: to the members of its conversation, or to the user whose inbox it is in. */
export function deliveryOfStored(
  message: StoredMessage,
  context: { epoch: string; sender: SenderGets; originConnectionId?: string | undefined },
): Delivery {
  const { conversationId, stream, targets, exclude, senderId } = message;
  const isInbox = stream.startsWith('i:');
  return {
    event: eventOfStored(message, context.epoch),
    rule: ruleOfStored(message),
    to:
      isInbox || conversationId === undefined
        ? { users: [stream.slice(2)] }
        : { conversation: conversationId, only: targets, exclude },
    senderId,
    sender: context.sender,
    originConnectionId: context.originConnectionId,
  };
}
