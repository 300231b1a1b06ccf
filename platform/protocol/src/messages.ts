// Conversations, messages, presence and registered devices as a client sees them, over the WebSocket and over
// HTTP alike.
import * as z from 'zod';
import { additionFields } from './additions.ts';
import {
  anyUserIdSchema,
  cidSchema,
  conversationIdSchema,
  deviceTypeSchema,
  idSchema,
  jsonObjectSchema,
  localeSchema,
  timestampSchema,
  timeZoneSchema,
  userIdSchema,
  uuidSchema,
} from './ids.ts';
import { epochSchema, seqSchema, streamSchema } from './streams.ts';

export const messageTypeSchema = z
  .string()
  .regex(/^[a-z][a-z0-9_-]{0,63}$/, 'must be a name such as text')
  .meta({ description: 'The message type, which says what the content is.', example: 'text' });
export const kindNameSchema = z
  .string()
  .regex(/^[a-z][a-z0-9_]{0,63}$/, 'must be a name such as lab_result')
  .meta({ description: 'The name of a kind of broadcast.', example: 'lab_result' });
export const actionNameSchema = kindNameSchema.meta({
  description: 'The name under which clients get the event.',
  example: 'lab_result',
});

/** The name under which a consultant replies, where the back end that sends the reply says it. */
export const consultantNameSchema = z.string().min(1).max(128);

/** The most that `metadata` may take as JSON in UTF-8. That of participants stands in every row of every list. */
export const metadataBytes = { conversation: 8192, participant: 1024, message: 4096 } as const;

/** The bytes of a value as JSON. */
export function jsonBytes(value: unknown): number {
  return new TextEncoder().encode(JSON.stringify(value)).length;
}

/** The app's own JSON, which everybody sees who sees what it belongs to. Belfry does not read it. */
function metadataSchema(of: keyof typeof metadataBytes) {
  return jsonObjectSchema.refine((metadata) => jsonBytes(metadata) <= metadataBytes[of], {
    message: `may have ${metadataBytes[of]} bytes as JSON`,
  });
}
export const conversationMetadataSchema = metadataSchema('conversation');
export const participantMetadataSchema = metadataSchema('participant');
export const messageMetadataSchema = metadataSchema('message');

/** Merged key by key, at the first level: what is null is taken away, other keys stay. */
export const metadataChangeSchema = conversationMetadataSchema;

/** The part of a message that its sender gives. The content is validated by its message type. */
export const messageDraftFields = {
  type: messageTypeSchema,
  content: jsonObjectSchema,
  replyTo: uuidSchema.optional(),
  mentions: z.array(userIdSchema).max(100).optional(),
  metadata: messageMetadataSchema.optional(),
};

/**
 * A stored message. One that carries a message has `type` and `content`; a notice or a tenant's own kind has
 * `data`; a deleted one has neither, only `deletedAt`. Its seq stays in any case.
 */
export const messageSchema = z
  .object({
    messageId: uuidSchema,
    conversationId: conversationIdSchema,
    stream: streamSchema,
    seq: seqSchema,
    kind: kindNameSchema,
    action: actionNameSchema,
    senderId: anyUserIdSchema.optional(),
    cid: cidSchema.optional(),
    type: messageTypeSchema.optional(),
    content: jsonObjectSchema.optional(),
    data: jsonObjectSchema.optional(),
    replyTo: uuidSchema.optional(),
    mentions: z.array(anyUserIdSchema).optional(),
    consultantName: z.string().optional(),
    metadata: jsonObjectSchema.optional(),
    timestamp: timestampSchema,
    editedAt: timestampSchema.optional(),
    deletedAt: timestampSchema.optional(),
    ...additionFields,
  })
  .meta({ id: 'Message' });
export type Message = z.infer<typeof messageSchema>;

/** Oldest first. `hasMore` says whether there are further messages in the direction that was asked for. */
export const messagePageSchema = z.object({ messages: z.array(messageSchema), hasMore: z.boolean() });

/**
 * The role of a participant in the conversation; the app's own word, only `consultant` means something to
 * Belfry.
 */
export const roleSchema = z
  .string()
  .regex(/^[a-z][a-z0-9_-]{0,63}$/, 'must be a name such as consultant')
  .meta({ description: "A role; the app's own word.", example: 'member' });
export const participantSchema = z
  .object({
    userId: anyUserIdSchema,
    role: roleSchema,
    joinedAt: timestampSchema.optional(),
    metadata: jsonObjectSchema.optional(),
    /** How far they have read; given where the participants of one conversation are asked for. */
    readSeq: seqSchema.optional(),
  })
  .meta({ id: 'Participant' });
export type Participant = z.infer<typeof participantSchema>;

export const conversationSchema = z
  .object({
    id: conversationIdSchema,
    title: z.string().optional(),
    metadata: jsonObjectSchema.optional(),
    stream: streamSchema,
    epoch: epochSchema,
    headSeq: seqSchema,
    participants: z.array(participantSchema),
    createdAt: timestampSchema,
  })
  .meta({ id: 'Conversation' });
export type Conversation = z.infer<typeof conversationSchema>;

/** How far a user has got in a stream, over all of their devices. */
export const cursorsSchema = z.object({ delivered: seqSchema, read: seqSchema });

/** A conversation in a user's list. */
export const conversationEntrySchema = conversationSchema
  .extend({
    /** The newest that the user may see and that is not deleted. */
    lastMessage: messageSchema.optional(),
    /**
     * Messages above `cursors.read` up to `headSeq` that the user may see, that somebody else sent and that are
     * not deleted. Events above `headSeq` are not in it, so that a client counts those on.
     */
    unreadCount: z.int().min(0),
    cursors: cursorsSchema,
  })
  .meta({ id: 'ConversationEntry' });

/** `nextCursor` is there when there are more; it is opaque. */
export const conversationPageSchema = z.object({
  conversations: z.array(conversationEntrySchema),
  nextCursor: z.string().optional(),
});

/** A user who is subscribed to a topic that shows its users to each other. */
export const topicMemberSchema = z.object({ userId: userIdSchema }).meta({ id: 'TopicMember' });
export type TopicMember = z.infer<typeof topicMemberSchema>;

export const presenceStateSchema = z
  .object({
    userId: anyUserIdSchema,
    online: z.boolean(),
    deviceTypes: z.array(deviceTypeSchema),
    /** Absent for a user who was never seen. */
    lastSeenAt: timestampSchema.optional(),
  })
  .meta({ id: 'Presence' });
export type PresenceState = z.infer<typeof presenceStateSchema>;

/** A push target as a client registers it for its user. The target is validated by its provider. */
export const deviceDraftFields = {
  provider: idSchema,
  target: jsonObjectSchema,
  deviceType: deviceTypeSchema,
  locale: localeSchema.optional(),
  timeZone: timeZoneSchema.optional(),
};

/** A registered push target. The target itself is as good as a credential and is not given out again. */
export const deviceSchema = z
  .object({
    deviceId: uuidSchema,
    userId: anyUserIdSchema,
    provider: idSchema,
    deviceType: deviceTypeSchema,
    locale: z.string().optional(),
    timeZone: z.string().optional(),
    createdAt: timestampSchema,
  })
  .meta({ id: 'Device' });
export type Device = z.infer<typeof deviceSchema>;
