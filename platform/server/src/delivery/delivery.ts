// Makes the delivery of a message that stands in the log. Its form is ports/delivery.ts; which connections
// get it is decided when it is delivered.

import type { ServerEvent } from '@belfry/protocol';
import { viewAdditions } from '../conversations/views.ts';
import type { Delivery, RealtimeRule, SenderGets } from '../ports/delivery.ts';
import type { StoredMessage, StoredPolicy } from '../ports/stores/index.ts';

/**
 * A durable event as it stands in the log now. A deleted one is published as such, and still takes its place
 * in the stream.
 */
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
          ...viewAdditions(message),
        },
  };
}

/**
 * The delivery of a durable message: to the members of its conversation, or to the user whose inbox it is in.
 */
export function deliveryOfStored(
  message: StoredMessage,
  context: { epoch: string; sender: SenderGets; originConnectionId?: string | undefined },
): Delivery {
  const { conversationId, stream, targets, exclude, senderId } = message;
  const isInbox = stream.startsWith('i:');
  return {
    event: eventOfStored(message, context.epoch),
    rule: ruleOf(message.action, message.policy),
    to:
      isInbox || conversationId === undefined
        ? { users: [stream.slice(2)] }
        : { conversation: conversationId, only: targets, exclude },
    senderId,
    sender: context.sender,
    originConnectionId: context.originConnectionId,
  };
}

export function ruleOf(action: string, { realtime, connectionTypes, feature }: StoredPolicy): RealtimeRule {
  return { action, realtime, connectionTypes, feature };
}
