// What webhooks that leave can tell: every event, its version, and the data that it carries. Which facts they
// are made of, and how they are sent, is the server's.

import * as z from 'zod';
import {
  anyUserIdSchema,
  appKeySchema,
  conversationIdSchema,
  deviceTypeSchema,
  timestampSchema,
  uuidSchema,
} from './ids.ts';
import { pushReasonSchema } from './reasons.ts';
import { seqSchema, streamSchema } from './streams.ts';

const messageFields = {
  messageId: uuidSchema,
  kind: z.string(),
  action: z.string(),
  conversationId: conversationIdSchema.optional(),
  senderId: anyUserIdSchema.optional(),
};

const changedFields = {
  messageId: uuidSchema,
  conversationId: conversationIdSchema,
  seq: seqSchema,
  senderId: anyUserIdSchema.optional(),
  /** Left out: the app's back end did it. */
  byUserId: anyUserIdSchema.optional(),
};

const pushFields = {
  messageId: uuidSchema,
  userId: anyUserIdSchema,
  /** Left out: of all devices of the user that nothing was sent to. */
  deviceId: uuidSchema.optional(),
  provider: z.string().optional(),
  deviceType: deviceTypeSchema.optional(),
  reason: pushReasonSchema,
  attempt: z.int().min(1).optional(),
  /** What the provider answered, cut and with secrets masked. */
  detail: z.string().optional(),
  providerMessageId: z.string().optional(),
};

const connectionFields = {
  userId: anyUserIdSchema,
  connectionId: uuidSchema,
  deviceType: deviceTypeSchema,
  page: z.string(),
};

const participantFields = {
  conversationId: conversationIdSchema,
  userId: anyUserIdSchema,
  role: z.string().optional(),
};

const deviceFields = {
  deviceId: uuidSchema,
  userId: anyUserIdSchema,
  provider: z.string(),
};

/** A field is only ever added within a version; whatever else changes makes the next one. */
export const webhookEvents = {
  'message.stored': event('A message is in its log. Sent for every durable broadcast, also into inboxes.', {
    ...messageFields,
    data: z.record(z.string(), z.unknown()),
    stream: streamSchema.optional(),
    seq: seqSchema.optional(),
    /** Of a broadcast into several inboxes: in how many it is. */
    copies: z.int().min(1).optional(),
  }),
  'message.edited': event('The content of a message was changed; its place stays.', changedFields),
  'message.deleted': event('The content of a message was taken away; its place stays.', changedFields),
  'message.read': event('A user has read a conversation up to `seq`.', {
    conversationId: conversationIdSchema,
    userId: anyUserIdSchema,
    seq: seqSchema,
    /** Those of others that became read by it, oldest first; the newest 100 at most. */
    messageIds: z.array(uuidSchema),
  }),
  'message.rejected': event('The webhook that is asked before messages did not let one in.', {
    ...messageFields,
    webhookId: z.string(),
    reason: z.string(),
  }),
  'push.sent': event('A provider took a push.', pushFields),
  'push.failed': event('A push ended otherwise; `reason` says why.', pushFields),
  'push.opened': event('A user opened a notification.', pushFields),
  'device.registered': event('A push target was registered, or registered again.', {
    ...deviceFields,
    deviceType: deviceTypeSchema,
    isNew: z.boolean(),
  }),
  'device.gone': event('A push target is not there any more.', {
    ...deviceFields,
    because: z.enum(['removed', 'target_gone', 'moved', 'replaced', 'unsubscribed']),
  }),
  'user.online': event('The first connection of a user was opened.', connectionFields),
  'user.offline': event('The last connection of a user was closed.', connectionFields),
  'conversation.created': event('A conversation was made.', {
    conversationId: conversationIdSchema,
    participants: z.array(z.object({ userId: anyUserIdSchema, role: z.string() })),
  }),
  'conversation.changed': event('Each given value is another than before; null: it was taken away.', {
    conversationId: conversationIdSchema,
    title: z.string().nullable().optional(),
    metadata: z.record(z.string(), z.unknown()).nullable().optional(),
  }),
  'conversation.removed': event('A conversation went, with all its messages.', {
    conversationId: conversationIdSchema,
    userIds: z.array(anyUserIdSchema),
  }),
  'participant.added': event('Somebody is in a conversation now.', participantFields),
  'participant.changed': event('Somebody has another role or other metadata in a conversation.', participantFields),
  'participant.removed': event('Somebody is no longer in a conversation.', participantFields),
  'page.changed': event('A page policy has a new version.', {
    pattern: z.string(),
    version: z.int().min(1),
    by: z.string(),
    removed: z.boolean(),
  }),
  'provider.paused': event('Nothing is sent through a push provider until it is mended or resumed.', {
    provider: z.string(),
    reason: z.string(),
  }),
  'provider.quarantined': event('A push provider failed too often: it is called now and then, and pushes wait.', {
    provider: z.string(),
    /** The last failure. */
    reason: z.string(),
    /** Calls of the last minutes by what came of them. */
    errors: z.record(z.string(), z.int().min(0)),
  }),
  'provider.recovered': event('A push provider answers again.', { provider: z.string() }),
  'provider.resumed': event('A push provider is used again.', { provider: z.string() }),
  'hook.failed': event('A webhook came in that became no broadcast.', {
    hookId: z.string(),
    webhookId: z.string(),
    deliveryId: uuidSchema,
    outcome: z.enum(['refused', 'failed']),
    code: z.string().optional(),
  }),
  'webhook.disabled': event('Another outgoing webhook was switched off, since nothing came through.', {
    webhookId: z.string(),
    because: z.enum(['gone', 'failing']),
    detail: z.string(),
  }),
  'webhook.test': event('Somebody asked for it, to try the webhook. No filter has to name it.', {
    webhookId: z.string(),
  }),
} as const;

export type WebhookEventType = keyof typeof webhookEvents;
export type WebhookEventData<T extends WebhookEventType> = z.infer<(typeof webhookEvents)[T]['data']>;

// Object.keys of an object literal that nobody can add to: the type is as exact as the table.
export const webhookEventTypes = Object.keys(webhookEvents) as WebhookEventType[];

/** Asked before a message is accepted; the only one that a webhook answers, so no star stands for it. */
export const beforeEvent = 'message.before';

/** What is sent, of any version. */
export const webhookEnvelopeSchema = z
  .object({
    /** The same in every attempt, in a replay, and for every webhook that gets it. */
    id: z.string(),
    type: z.string(),
    version: z.int().min(1),
    timestamp: timestampSchema,
    app: appKeySchema,
    data: z.record(z.string(), z.unknown()),
  })
  .meta({ id: 'WebhookEvent' });
export type WebhookEnvelope = z.infer<typeof webhookEnvelopeSchema>;

const filters: readonly string[] = [
  '*',
  beforeEvent,
  ...new Set(webhookEventTypes.map((type) => `${type.split('.')[0] ?? ''}.*`)),
  ...webhookEventTypes,
];

/** The name of an event, all of one kind (`message.*`), or all there are (`*`). */
export const webhookFilterSchema = z
  .string()
  .refine((filter) => filters.includes(filter), 'is no event: a name, a name.*, or *')
  .meta({ description: 'The name of an event, `conversation.*`, or `*`.', example: 'message.stored' });

export function matchesWebhookFilter(filter: string, type: WebhookEventType): boolean {
  if (filter === '*' || filter === type) return true;
  return filter.endsWith('.*') && type.startsWith(filter.slice(0, -1));
}

function event<S extends z.ZodRawShape>(description: string, data: S) {
  return { version: 1, description, data: z.object(data) };
}
