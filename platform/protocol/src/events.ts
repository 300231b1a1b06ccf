// Every event a server may send: its data and its envelope. Who gets it is broadcasting's.
import * as z from 'zod';
import { additionFields, messageAdditionsSchema } from './additions.ts';
import { gapReasonSchema } from './commands.ts';
import type { eventFeatures } from './features.ts';
import {
  anyUserIdSchema,
  cidSchema,
  conversationIdSchema,
  deviceTypeSchema,
  jsonObjectSchema,
  timestampSchema,
  topicSchema,
  userIdSchema,
  uuidSchema,
} from './ids.ts';
import {
  consultantNameSchema,
  actionNameSchema,
  conversationEntrySchema,
  messageDraftFields,
  messageTypeSchema,
  participantSchema,
  presenceStateSchema,
  topicMemberSchema,
} from './messages.ts';
import { wirePagePolicySchema } from './pages.ts';
import { realtimeReasonSchema } from './reasons.ts';
import { epochSchema, seqSchema, streamSchema } from './streams.ts';

const messageDataSchema = z.object({
  messageId: uuidSchema,
  senderId: anyUserIdSchema,
  /**
   * The sender's own id, so that their other devices can distinguish it from a message that still waits to be
   * sent.
   */
  cid: cidSchema.optional(),
  ...messageDraftFields,
  mentions: z.array(anyUserIdSchema).optional(),
  /** On a message that was edited before it was sent to this client, as after a resume. */
  editedAt: timestampSchema.optional(),
  ...additionFields,
});

/** Notices may carry any further fields; they are passed on as they are. */
const noticeDataSchema = z.looseObject({
  messageId: uuidSchema,
  title: z.string().optional(),
  body: z.string().optional(),
});

const connectionDataSchema = z.object({
  userId: anyUserIdSchema,
  connectionId: uuidSchema,
  deviceType: deviceTypeSchema,
  page: z.string().optional(),
});

const countSchema = z.int().min(0);

/** `removed`: the user is not in it any more. `deleted`: nobody is, and its messages are gone. */
export const conversationRemovalReasons = ['removed', 'deleted'] as const;
export type ConversationRemovalReason = (typeof conversationRemovalReasons)[number];

/** So many participants are named in one `conversation_changed`. */
export const maxNamedParticipants = 100;

/**
 * The data of every built-in event. An action that is not here is a tenant's own, and its data any object
 * with a `messageId`.
 */
export const eventData = {
  new_message: messageDataSchema,
  consultation_reply: messageDataSchema.extend({ consultantName: consultantNameSchema.optional() }),
  // The three below change a message that has its place in the stream already: `seq` is that place, and stands
  // in `data` so that nobody takes it for the next event of the stream.
  message_edited: z.object({
    messageId: uuidSchema,
    seq: seqSchema,
    senderId: anyUserIdSchema,
    type: messageTypeSchema,
    content: jsonObjectSchema,
    /** Left out where the message has none (any more). */
    metadata: jsonObjectSchema.optional(),
    editedAt: timestampSchema,
  }),
  // No event carries an unread count: it is another one for every user, and this one may come again after a
  // resume. A message counted as unread where `seq` is above the user's own read cursor and somebody else is
  // its sender. Then, and where it was the last message of the list, a client asks for that row of
  // `conversations` again (`conversationIds`) and takes its `unreadCount` and `lastMessage` as they are.
  message_deleted: z.object({
    messageId: uuidSchema,
    seq: seqSchema,
    senderId: anyUserIdSchema,
    deletedAt: timestampSchema,
  }),
  /** Reactions, pin or count of replies are others. In no log, and never pushed. */
  message_updated: messageAdditionsSchema,
  mobile_notification: noticeDataSchema,
  system_notification: noticeDataSchema,
  direct_message: noticeDataSchema,
  announcement: noticeDataSchema,
  typing_status: z.object({ userId: anyUserIdSchema, isTyping: z.boolean(), expiresInMs: z.int().min(0) }),
  /**
   * A user's own comes to all of their other connections, whatever the page has; that of others where it has
   * `read_receipts`. `messageIds` has those alone that the one who gets it may see.
   */
  read_status: z.object({ userId: anyUserIdSchema, seq: seqSchema, messageIds: z.array(uuidSchema) }),
  // The list of the user's conversations is a mirror of the server's: these three say how it changes beside
  // its messages. They are in no log; after an absence a client reads the list anew.
  /** The user is in it from now on: the row that `conversations` gives for it now. */
  conversation_added: z.object({ conversation: conversationEntrySchema }),
  /** A given field was changed, and is the whole new value; a field that is left out stays. */
  conversation_changed: z.object({
    conversationId: conversationIdSchema,
    /** Null: taken away. */
    title: z.string().nullable().optional(),
    metadata: jsonObjectSchema.nullable().optional(),
    participants: z
      .object({
        added: z.array(participantSchema),
        removed: z.array(userIdSchema),
        /** Their roles or metadata. */
        changed: z.array(participantSchema),
        /** There were more changes than are named: ask for the participants. */
        more: z.boolean().optional(),
      })
      .optional(),
  }),
  conversation_removed: z.object({
    conversationId: conversationIdSchema,
    reason: z.enum(conversationRemovalReasons),
  }),
  presence_update: presenceStateSchema,
  /**
   * To who asked for it with `subscribe`: first with `members`, all who are there; then with those who came and
   * went. In `data`, so that nobody takes it for an event that was sent to the topic.
   */
  topic_presence: z.object({
    topic: topicSchema,
    members: z.array(topicMemberSchema).optional(),
    joined: z.array(topicMemberSchema).optional(),
    left: z.array(topicMemberSchema).optional(),
    /** There are more than are named. */
    hasMore: z.boolean(),
  }),
  device_connected: connectionDataSchema.extend({ connectedAt: timestampSchema }),
  device_disconnected: connectionDataSchema.extend({ disconnectedAt: timestampSchema }),
  /**
   * `pattern` and `version` say what was changed; `page` is the policy that this connection's own page has
   * now.
   */
  page_config_changed: z.object({ pattern: z.string(), version: z.int().min(0), page: wirePagePolicySchema }),
  auth_expiring: z.object({ expiresAt: timestampSchema }),
  /** Events `from` to `to` of the stream will not come: read `history`, and go on after `to`. */
  gap: z.object({ from: seqSchema, to: seqSchema, reason: gapReasonSchema }),
  /** `retryWithinMs`: while the server is not back, attempts are a random part of it apart. */
  goaway: z.object({ reconnectAfterMs: z.int().min(0), retryWithinMs: z.int().min(1).optional() }),
  /**
   * Once a second to connections that are subscribed to the topic `stats`. Of the whole app, on all nodes,
   * but for `eventsPerSecond`, which is of the node that the connection is on. A visitor counts as a
   * connection and not as a user.
   */
  stats_update: z.object({
    connections: z.object({
      total: countSchema,
      byDeviceType: z.partialRecord(deviceTypeSchema, countSchema),
      /** By the pattern of the page's policy. */
      byPage: z.record(z.string(), countSchema),
    }),
    users: countSchema,
    /** Messages stored in a log, of a conversation or an inbox. */
    messagesPerSecond: z.number().min(0),
    /** Events handed to connections, stored ones and others. */
    eventsPerSecond: z.number().min(0),
    at: timestampSchema,
  }),
  /**
   * Seqs `from` to `to` of the stream are not for this connection, so what comes after may be shown. Said
   * lazily: only just before the next event of the stream that this connection does get, or while it resumes.
   */
  skipped: z.object({ from: seqSchema, to: seqSchema, reason: realtimeReasonSchema }),
} as const satisfies Record<keyof typeof eventFeatures, z.ZodType>;

export type EventAction = keyof typeof eventData;
export type EventData<A extends EventAction> = z.output<(typeof eventData)[A]>;

/**
 * Durable events have `stream` and `seq`; `gap` and `skipped` have `stream` alone; ephemeral ones have
 * neither.
 */
export const serverEventSchema = z.object({
  action: actionNameSchema,
  conversationId: conversationIdSchema.optional(),
  /** Of an event that was sent to a topic. */
  topic: topicSchema.optional(),
  stream: streamSchema.optional(),
  /**
   * Which life of the stream the seq belongs to; lets a client resume a stream it has learnt of only by an
   * event.
   */
  epoch: epochSchema.optional(),
  seq: seqSchema.optional(),
  timestamp: timestampSchema,
  data: jsonObjectSchema,
});
export type ServerEvent = z.infer<typeof serverEventSchema>;

export function isEventAction(action: string): action is EventAction {
  return Object.hasOwn(eventData, action);
}
