// From facts to events: which of them webhooks can have, under which name, and what of them is said. Not who
// gets them: intake.ts.

import type { WebhookEventData, WebhookEventType } from '@belfry/protocol';
import type { FactOf, ParticipantChanged } from '../ports/facts.ts';
import type { MessageStored, PushFact } from '../ports/message-facts.ts';

/** Messages that are stored come by another way, on which they are not lost: intake.ts. */
export const wantedFacts = [
  ...(['message.edited', 'message.deleted', 'message.read', 'message.rejected'] as const),
  ...(['push.accepted', 'push.failed', 'push.opened'] as const),
  ...(['device.registered', 'device.gone'] as const),
  ...(['provider.quarantined', 'provider.recovered'] as const),
  ...(['conversation.created', 'conversation.changed', 'conversation.removed'] as const),
  ...(['participant.added', 'participant.changed', 'participant.removed'] as const),
  ...(['policy.changed', 'provider.paused', 'provider.resumed', 'hook.received', 'webhook.disabled'] as const),
] as const;

type WantedFact = FactOf<(typeof wantedFacts)[number]>;

/** An event before it has an id. */
export type NewEvent = {
  [T in WebhookEventType]: {
    type: T;
    atMs: number;
    data: WebhookEventData<T>;
    /** The conversation that it is of. */
    conversationId?: string | undefined;
  };
}[WebhookEventType];

/** Undefined for a fact of which no event is made: a webhook that came in and became a broadcast. */
export function eventOf(fact: WantedFact): NewEvent | undefined {
  if (isOfPush(fact)) return pushEvent(fact);
  switch (fact.type) {
    case 'message.edited':
    case 'message.deleted': {
      const { type, atMs, stream: _, ...data } = fact;
      return { type, atMs, data, conversationId: data.conversationId };
    }
    case 'message.read': {
      const { type, atMs, stream: _, messageIds, ...data } = fact;
      return { type, atMs, data: { ...data, messageIds: [...messageIds] }, conversationId: data.conversationId };
    }
    case 'message.rejected': {
      const { type, atMs, ...data } = fact;
      return { type, atMs, data, conversationId: data.conversationId };
    }
    case 'conversation.created':
    case 'conversation.changed':
    case 'conversation.removed':
    case 'participant.added':
    case 'participant.changed':
    case 'participant.removed':
      return conversationEvent(fact);
    default:
      return settingEvent(fact);
  }
}

type OfConversation = FactOf<
  'conversation.created' | 'conversation.changed' | 'conversation.removed' | ParticipantChanged['type']
>;
type OfSetting = FactOf<
  | ('device.registered' | 'device.gone' | 'policy.changed' | 'provider.paused' | 'provider.resumed')
  | ('provider.quarantined' | 'provider.recovered' | 'hook.received' | 'webhook.disabled')
>;

/** Of devices, and of what administrators have set. */
function settingEvent(fact: OfSetting): NewEvent | undefined {
  const { atMs } = fact;
  switch (fact.type) {
    case 'device.registered': {
      const { deviceId, userId, provider, deviceType, isNew } = fact;
      return { type: fact.type, atMs, data: { deviceId, userId, provider, deviceType, isNew } };
    }
    case 'device.gone': {
      const { deviceId, userId, provider, because } = fact;
      return { type: fact.type, atMs, data: { deviceId, userId, provider, because } };
    }
    case 'policy.changed': {
      const { pattern, version, by, removed } = fact;
      return { type: 'page.changed', atMs, data: { pattern, version, by, removed } };
    }
    case 'provider.paused':
      return { type: fact.type, atMs, data: { provider: fact.provider, reason: fact.reason } };
    case 'provider.quarantined': {
      const { provider, reason, errors } = fact;
      return { type: fact.type, atMs, data: { provider, reason, errors: { ...errors } } };
    }
    case 'provider.resumed':
    case 'provider.recovered':
      return { type: fact.type, atMs, data: { provider: fact.provider } };
    case 'webhook.disabled': {
      const { webhookId, because, detail } = fact;
      return { type: fact.type, atMs, data: { webhookId, because, detail } };
    }
    case 'hook.received':
      return hookEvent(fact);
  }
}

function conversationEvent(fact: OfConversation): NewEvent {
  const { atMs, conversationId } = fact;
  switch (fact.type) {
    case 'conversation.created': {
      const participants = fact.participants.map(({ userId, role }) => ({ userId, role }));
      return { type: fact.type, atMs, conversationId, data: { conversationId, participants } };
    }
    case 'conversation.changed': {
      const { title, metadata } = fact;
      const data = {
        conversationId,
        ...(title === undefined ? {} : { title }),
        ...(metadata === undefined ? {} : { metadata: metadata && { ...metadata } }),
      };
      return { type: fact.type, atMs, conversationId, data };
    }
    case 'conversation.removed':
      return { type: fact.type, atMs, conversationId, data: { conversationId, userIds: [...fact.userIds] } };
    default: {
      const { type, userId, role } = fact;
      return { type, atMs, conversationId, data: { conversationId, userId, ...(role === undefined ? {} : { role }) } };
    }
  }
}

export function storedEvent({ type, atMs, copies, ...about }: MessageStored): NewEvent {
  const { messageId, kind, action, conversationId, senderId, data, stream, seq } = about;
  return {
    ...{ type, atMs, conversationId },
    data: {
      ...{ messageId, kind, action, conversationId, senderId, data: { ...data }, stream, seq },
      ...(copies === undefined ? {} : { copies: copies.size }),
    },
  };
}

function hookEvent({
  outcome,
  hookId,
  webhookId,
  deliveryId,
  code,
  atMs,
}: FactOf<'hook.received'>): NewEvent | undefined {
  if (outcome !== 'refused' && outcome !== 'failed') return undefined;
  return { type: 'hook.failed', atMs, data: { hookId, webhookId, deliveryId, outcome, code } };
}

function isOfPush(fact: WantedFact): fact is PushFact {
  return fact.type === 'push.accepted' || fact.type === 'push.failed' || fact.type === 'push.opened';
}

function pushEvent(fact: PushFact): NewEvent | undefined {
  const { atMs } = fact;
  if (fact.type === 'push.accepted') return { type: 'push.sent', atMs, data: pushData(fact) };
  if (fact.type !== 'push.failed' && fact.type !== 'push.opened') return undefined;
  return { type: fact.type, atMs, data: pushData(fact) };
}

function pushData(fact: PushFact): WebhookEventData<'push.sent'> {
  const { messageId, userId, deviceId, provider, deviceType, reason, attempt } = fact;
  return {
    ...{ messageId, userId, deviceId, provider, deviceType, reason },
    ...{ attempt: attempt?.number, detail: attempt?.detail, providerMessageId: attempt?.providerMessageId },
  };
}
