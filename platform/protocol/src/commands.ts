// Every command a client may send: its data, its needs, its answer. Carrying it out is the server's
// commands/.
import * as z from 'zod';
import { messageAdditionsSchema, reactionSchema } from './additions.ts';
import { commandFeature } from './features.ts';
import {
  anyUserIdSchema,
  cidSchema,
  conversationIdSchema,
  deviceTypeSchema,
  jsonObjectSchema,
  localeSchema,
  timestampSchema,
  topicSchema,
  userIdSchema,
  uuidSchema,
} from './ids.ts';
import {
  conversationPageSchema,
  deviceDraftFields,
  messageDraftFields,
  messagePageSchema,
  presenceStateSchema,
} from './messages.ts';
import { wirePagePolicySchema } from './pages.ts';
import { epochSchema, seqSchema, streamPositionSchema, streamSchema } from './streams.ts';

export interface Command {
  data: z.ZodType;
  /** The page must have any of these; an empty list needs nothing. */
  feature: readonly string[];
  /** Whether a connection without a token may send it. */
  visitor: boolean;
  answer: z.ZodType;
}

/** More streams than this in one `resume` or `sync` are answered `too_many` by the handler. */
export const maxResumeStreams = 1000;

// Far above the limit that the handler enforces: this one only keeps a schema from walking a list without
// end.
const positionsSchema = z.array(streamPositionSchema).max(100_000);

/**
 * The server's time when the client was last up to date. Edits and deletions since then of messages that it
 * has (up to its `seq` of each stream named) follow as `message_edited` and `message_deleted`. Some that it
 * knows may come again.
 */
const changedSinceSchema = timestampSchema;

/** A page's path as the client sees it; normalized by the server. */
const pagePathSchema = z.string().max(2048);

const pageSizeSchema = z.int().min(1).max(100).default(50);

/**
 * Why a stream cannot be resumed: its log no longer reaches back that far, or it is not the log the client
 * knew.
 */
export const gapReasons = ['too_old', 'unknown_epoch'] as const;
export const gapReasonSchema = z.enum(gapReasons);

/**
 * One per stream that was asked for. Events `from` to `to` follow, before anything newer of the stream; `to`
 * is one below `from` when nothing was missed. With `gap` none of them follow: read `history`, and go on
 * after `gap.to`.
 */
export const resumedStreamSchema = z.union([
  z.object({ stream: streamSchema, epoch: epochSchema.optional(), from: seqSchema, to: seqSchema }),
  z.object({
    stream: streamSchema,
    /** The epoch that counts from now on. */
    epoch: epochSchema.optional(),
    gap: z.object({ from: seqSchema, to: seqSchema, reason: gapReasonSchema }),
  }),
]);
export type ResumedStream = z.infer<typeof resumedStreamSchema>;

/** Rows of the list that one request may name. */
const conversationIdsSchema = z.array(conversationIdSchema).min(1).max(100);

const nothingSchema = z.object({});

/** A part of a conversation's messages: around one place, or the newest. */
const seqRangeFields = { beforeSeq: seqSchema.optional(), afterSeq: seqSchema.optional(), limit: pageSizeSchema };
const hasOneBound = (range: { beforeSeq?: number | undefined; afterSeq?: number | undefined }): boolean =>
  range.beforeSeq === undefined || range.afterSeq === undefined;
const oneBound = { message: 'beforeSeq and afterSeq exclude each other', path: ['beforeSeq'] };

/** The attention that a client reports again and again, beside the purpose of the command. */
const attentionFields = {
  /**
   * Somebody sits there: the window has the focus, or there was input within `attendedAfterMs`
   * (`clientSettingsSchema`). Left out, by clients that do not know, it is as `visible`.
   */
  attended: z.boolean().optional(),
  /** How long the answer to its last heartbeat took. */
  rttMs: z.int().min(0).max(3_600_000).optional(),
  /** The version of the page policy that it has put into effect. */
  policyVersion: z.int().min(0).optional(),
};

/** Unknown fields in data are ignored, so that a newer client can talk to an older server. */
export const commands = {
  connect: {
    data: z.object({
      /** Its length is checked with the token itself: too long is a bad token. */
      token: z.string().optional(),
      page: pagePathSchema,
      device: z.object({
        id: cidSchema,
        type: deviceTypeSchema,
        platform: z.string().max(64).optional(),
        appVersion: z.string().max(64).optional(),
        locale: localeSchema.optional(),
      }),
      visible: z.boolean().default(true),
      ...attentionFields,
      resume: positionsSchema.optional(),
      changedSince: changedSinceSchema.optional(),
      /**
       * The client's connection before this one, which it has lost or given up: closed with 4007, so that it
       * does not look like somebody who is online. Passed over unless it is the same user's. Not for tabs
       * beside each other: each has a connection of its own.
       */
      replaces: uuidSchema.optional(),
    }),
    feature: commandFeature.connect,
    visitor: true,
    answer: z.object({
      connectionId: uuidSchema,
      userId: anyUserIdSchema,
      page: wirePagePolicySchema,
      heartbeatIntervalMs: z.int().min(1),
      /**
       * Acknowledgements may be gathered so long while many events come: well below the app's `waitMs`, so
       * that no push leaves for what arrived.
       */
      ackWithinMs: z.int().min(1).optional(),
      serverTime: timestampSchema,
      resumed: z.array(resumedStreamSchema),
    }),
  },
  auth: {
    data: z.object({ token: z.string() }),
    feature: commandFeature.auth,
    visitor: true,
    answer: z.object({ userId: anyUserIdSchema, expiresAt: timestampSchema }),
  },
  page: {
    data: z.object({ page: pagePathSchema, visible: z.boolean().optional(), ...attentionFields }),
    feature: commandFeature.page,
    visitor: true,
    /** When the policy is not enabled the client closes the connection. */
    answer: z.object({ page: wirePagePolicySchema }),
  },
  heartbeat: {
    /** `visible` left out: as before. */
    data: z.object({ visible: z.boolean().optional(), ...attentionFields }),
    feature: commandFeature.heartbeat,
    visitor: true,
    answer: z.object({ serverTime: timestampSchema }),
  },
  message: {
    data: z.object({ conversationId: conversationIdSchema, cid: cidSchema, ...messageDraftFields }),
    feature: commandFeature.message,
    visitor: false,
    answer: z.object({ messageId: uuidSchema, seq: seqSchema, duplicate: z.boolean(), timestamp: timestampSchema }),
  },
  edit_message: {
    data: z.object({ messageId: uuidSchema, content: jsonObjectSchema }),
    feature: commandFeature.edit_message,
    visitor: false,
    answer: z.object({ messageId: uuidSchema, seq: seqSchema, editedAt: timestampSchema }),
  },
  delete_message: {
    data: z.object({ messageId: uuidSchema }),
    feature: commandFeature.delete_message,
    visitor: false,
    answer: z.object({ messageId: uuidSchema, seq: seqSchema, deletedAt: timestampSchema }),
  },
  // The four below are answered with what others are told by `message_updated`.
  add_reaction: {
    data: z.object({ messageId: uuidSchema, reaction: reactionSchema }),
    feature: commandFeature.add_reaction,
    visitor: false,
    answer: messageAdditionsSchema,
  },
  remove_reaction: {
    data: z.object({ messageId: uuidSchema, reaction: reactionSchema }),
    feature: commandFeature.remove_reaction,
    visitor: false,
    answer: messageAdditionsSchema,
  },
  pin_message: {
    data: z.object({ messageId: uuidSchema }),
    feature: commandFeature.pin_message,
    visitor: false,
    answer: messageAdditionsSchema,
  },
  unpin_message: {
    data: z.object({ messageId: uuidSchema }),
    feature: commandFeature.unpin_message,
    visitor: false,
    answer: messageAdditionsSchema,
  },
  ack: {
    data: z.object({
      cursors: z.array(z.object({ stream: streamSchema, seq: seqSchema })).max(maxResumeStreams),
      visible: z.boolean().optional(),
      ...attentionFields,
    }),
    feature: commandFeature.ack,
    visitor: false,
    answer: nothingSchema,
  },
  read: {
    /** Everything up to `seq`, or up to the last of `messageIds`. */
    data: z
      .object({
        conversationId: conversationIdSchema,
        seq: seqSchema.optional(),
        messageIds: z.array(uuidSchema).min(1).max(1000).optional(),
      })
      .refine((data) => data.seq !== undefined || data.messageIds !== undefined, {
        message: 'either seq or messageIds is needed',
        path: ['seq'],
      }),
    feature: commandFeature.read,
    visitor: false,
    answer: z.object({ seq: seqSchema }),
  },
  typing: {
    data: z.object({ conversationId: conversationIdSchema, isTyping: z.boolean() }),
    feature: commandFeature.typing,
    visitor: false,
    answer: nothingSchema,
  },
  history: {
    data: z.object({ conversationId: conversationIdSchema, ...seqRangeFields }).refine(hasOneBound, oneBound),
    feature: commandFeature.history,
    visitor: false,
    answer: messagePageSchema,
  },
  /** The messages of its conversation that answer one; oldest first. */
  replies: {
    data: z.object({ messageId: uuidSchema, ...seqRangeFields }).refine(hasOneBound, oneBound),
    feature: commandFeature.replies,
    visitor: false,
    answer: messagePageSchema,
  },
  /** The messages of a conversation that are pinned; oldest first. */
  pins: {
    data: z.object({ conversationId: conversationIdSchema, ...seqRangeFields }).refine(hasOneBound, oneBound),
    feature: commandFeature.pins,
    visitor: false,
    answer: messagePageSchema,
  },
  conversations: {
    /**
     * With `conversationIds` the rows of these, in one page and in the order of the list; one that the user
     * is not in (any more) is left out. So a client asks again for rows that it has, or lacks.
     */
    data: z
      .object({
        cursor: z.string().max(1024).optional(),
        limit: pageSizeSchema,
        conversationIds: conversationIdsSchema.optional(),
      })
      .refine((data) => data.cursor === undefined || data.conversationIds === undefined, {
        message: 'cursor and conversationIds exclude each other',
        path: ['conversationIds'],
      }),
    feature: commandFeature.conversations,
    visitor: false,
    answer: conversationPageSchema,
  },
  presence: {
    data: z.object({ userIds: z.array(userIdSchema).max(100), watch: z.boolean().optional() }),
    feature: commandFeature.presence,
    visitor: false,
    answer: z.object({ states: z.array(presenceStateSchema) }),
  },
  subscribe: {
    /** `presence`: whether to get `topic_presence`, now and from now on; as before, when left out. */
    data: z.object({ topic: topicSchema, presence: z.boolean().optional() }),
    feature: commandFeature.subscribe,
    visitor: true,
    answer: z.object({ topic: topicSchema }),
  },
  unsubscribe: {
    data: z.object({ topic: topicSchema }),
    feature: commandFeature.unsubscribe,
    visitor: true,
    answer: z.object({ topic: topicSchema }),
  },
  register_device: {
    data: z.object(deviceDraftFields),
    feature: commandFeature.register_device,
    visitor: false,
    /** `renewal`: for `POST /devices/{id}/renew`. */
    answer: z.object({ deviceId: uuidSchema, renewal: z.string().optional() }),
  },
  sync: {
    data: z.object({ streams: positionsSchema, changedSince: changedSinceSchema.optional() }),
    feature: commandFeature.sync,
    visitor: false,
    answer: z.object({ resumed: z.array(resumedStreamSchema) }),
  },
} as const satisfies Record<keyof typeof commandFeature, Command>;

export type CommandAction = keyof typeof commands;
/** Data as the server's handler gets it, with defaults filled in. */
export type CommandData<A extends CommandAction> = z.output<(typeof commands)[A]['data']>;
/** Data as a client may send it. */
export type CommandInput<A extends CommandAction> = z.input<(typeof commands)[A]['data']>;
export type CommandAnswer<A extends CommandAction> = z.output<(typeof commands)[A]['answer']>;

/** Own keys only: `toString` and the like are no commands. */
export function isCommandAction(action: string): action is CommandAction {
  return Object.hasOwn(commands, action);
}
