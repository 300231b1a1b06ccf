// Makes of a broadcast the draft of its message in a log and its delivery to connections. Pure.

import type { StoredMessage } from '../ports/stores/index.ts';
import type { Draft } from '../conversations/stream-log.ts';
import { recipientsOf } from '../delivery/addressing.ts';
import { deliveryOfStored, ruleOf } from '../delivery/delivery.ts';
import type { Delivery, DeliveryTarget } from '../ports/delivery.ts';
import type { ValidBroadcast } from './validate.ts';

/** Whether it goes to the one log of its conversation, rather than to inboxes or nowhere. */
export function isForConversationLog({ row: { durable }, audience }: ValidBroadcast): boolean {
  return durable === 'conversation' || (durable === 'audience' && 'conversation' in audience);
}

export function draftOf(
  broadcast: ValidBroadcast,
  { stream, outboxAfterMs }: { stream: string; outboxAfterMs: number | undefined },
): Draft {
  const { id, cid, bodyHash, row, data, contentVersion, policy, senderId, addressing, audience } = broadcast;
  const { targets, exclude } = addressing;
  return {
    id,
    stream,
    ...('conversation' in audience ? { conversationId: audience.conversation } : {}),
    ...(senderId === undefined ? {} : { senderId }),
    cid,
    bodyHash,
    kind: row.kind,
    action: row.action,
    data,
    ...(contentVersion === undefined ? {} : { contentVersion }),
    policy,
    ...(targets === undefined ? {} : { targets }),
    ...(exclude === undefined ? {} : { exclude }),
    ...(outboxAfterMs === undefined ? {} : { outboxAfterMs }),
  };
}

/** The delivery of what was stored. `epoch` matters only to those it is delivered to. */
export function storedDelivery({ row, origin }: ValidBroadcast, message: StoredMessage, epoch = 'e1'): Delivery {
  return deliveryOfStored(message, { epoch, sender: row.sender, originConnectionId: origin.session?.id });
}

/** The delivery of an event that goes to no log. */
export function ephemeralDelivery(broadcast: ValidBroadcast, nowMs: number): Delivery {
  const { row, policy, audience, senderId, origin } = broadcast;
  return {
    event: {
      action: row.action,
      ...('conversation' in audience ? { conversationId: audience.conversation } : {}),
      ...('topic' in audience ? { topic: audience.topic } : {}),
      timestamp: new Date(nowMs).toISOString(),
      data: eventData(broadcast),
    },
    rule: ruleOf(row.action, policy),
    to: targetOf(broadcast),
    senderId,
    sender: row.sender,
    originConnectionId: origin.session?.id,
  };
}

function targetOf({ audience, addressing, row }: ValidBroadcast): DeliveryTarget {
  const { targets, exclude } = addressing;
  if ('users' in audience) {
    return { users: recipientsOf([...new Set(audience.users)], addressing, row.sender) };
  }
  if ('topic' in audience) return { topic: audience.topic, exclude };
  if ('everyone' in audience) return { everyone: true, exclude };
  return { conversation: audience.conversation, only: targets, exclude };
}

/** Typing and read state are about a user, everything else is something with an id. */
function eventData({ row: { carries }, id, senderId, data }: ValidBroadcast): Record<string, unknown> {
  // The data first, so that a field of the app's own can't pass for one of ours.
  if (carries === 'typing' || carries === 'read') return { ...data, userId: senderId };
  return { ...data, messageId: id, ...(senderId === undefined ? {} : { senderId }) };
}
