// Bodies, queries and answers of the HTTP API under /api/v1. Conversations and what is said in them:
// http-conversations.ts; broadcasts: delivery.ts; explain and journey: journey.ts.
import * as z from 'zod';
import { apiScopes } from './api-scopes.ts';
import { connectionInfoSchema, errorCodeSchema } from './delivery.ts';
import { serverEventSchema } from './events.ts';
import {
  cidSchema,
  conversationIdSchema,
  jsonObjectSchema,
  timestampSchema,
  topicSchema,
  userIdSchema,
  uuidSchema,
} from './ids.ts';
import { deviceDraftFields, deviceSchema, messageSchema, roleSchema } from './messages.ts';
import { pagePolicySchema, patternSchema, servedPagePolicySchema } from './pages.ts';
import { seqSchema } from './streams.ts';

// Bodies of writes are strict: a misspelt field is an error with a path, not a setting that silently does
// nothing.

// A query is text: digits only, so that neither '' nor '1e3' nor ' 5' is taken for a number. To readers of
// the OpenAPI document it is one.
const asNumber = { type: 'integer', pattern: undefined };
const querySeqSchema = z
  .string()
  .regex(/^\d{1,16}$/, 'must be a whole number')
  .transform(Number)
  .pipe(seqSchema)
  .meta({ ...asNumber, minimum: 0, description: 'A place in the stream.', example: 7 });
const givenLimitSchema = z
  .string()
  .regex(/^\d{1,3}$/, 'must be 1 to 100')
  .transform(Number)
  .pipe(z.int().min(1).max(100));
const limitMeta = { ...asNumber, minimum: 1, maximum: 100 };

/** The `limit` of a list's query: at most 100, and `usual` where none is given. */
export function limitSchema(usual: number) {
  return givenLimitSchema.default(usual).meta(limitMeta);
}
const queryLimitSchema = limitSchema(50);

/** `GET /conversations/{id}/messages`. */
const seqRangeFields = {
  beforeSeq: querySeqSchema.optional(),
  afterSeq: querySeqSchema.optional(),
  limit: queryLimitSchema,
};
const oneBound = {
  message: 'beforeSeq and afterSeq exclude each other',
  path: ['beforeSeq'],
};
export const messagesQuerySchema = z
  .object(seqRangeFields)
  .refine((query) => query.beforeSeq === undefined || query.afterSeq === undefined, oneBound);

/**
 * `GET /messages/search`: every word of `q` must be in the message, or be the beginning of one. `userId` with
 * an API key: what that user may see; without it everything of the app.
 */
export const messageSearchQuerySchema = z.object({
  q: z.string().min(1).max(256).optional(),
  conversationId: conversationIdSchema.optional(),
  senderId: userIdSchema.optional(),
  /** Stored then or later. */
  from: z.iso.datetime({ offset: true }).optional(),
  /** Stored before. */
  to: z.iso.datetime({ offset: true }).optional(),
  userId: userIdSchema.optional(),
  cursor: z.string().max(1024).optional(),
  limit: queryLimitSchema,
});
export const messageSearchAnswerSchema = z.object({
  messages: z.array(messageSchema),
  nextCursor: z.string().optional(),
});

/** `GET /inbox/messages`. `userId` with an API key: whose inbox. */
export const inboxQuerySchema = z
  .object({ ...seqRangeFields, userId: userIdSchema.optional() })
  .refine((query) => query.beforeSeq === undefined || query.afterSeq === undefined, oneBound);

/**
 * Oldest first, each as the WebSocket delivers it. `hasMore` says whether there are further ones in the
 * direction that was asked for.
 */
export const inboxPageSchema = z.object({ events: z.array(serverEventSchema), hasMore: z.boolean() });

/** Every list. `userId` with an API key: whose list. */
export const listQuerySchema = z.object({
  cursor: z.string().max(1024).optional(),
  limit: queryLimitSchema,
  userId: userIdSchema.optional(),
});

/**
 * `GET /conversations`. `conversationIds`: up to 100, with commas between; the rows of these alone, in one
 * page, without those that are not in the list (any more).
 */
export const conversationListQuerySchema = listQuerySchema
  .extend({
    conversationIds: z
      .string()
      .max(100 * 129)
      .transform((text) => text.split(','))
      .pipe(z.array(conversationIdSchema).max(100))
      .optional(),
  })
  .refine((query) => query.cursor === undefined || query.conversationIds === undefined, {
    message: 'cursor and conversationIds exclude each other',
    path: ['conversationIds'],
  });

/** The query of a list that has a bound; without a `limit` as many as a page may have. */
export const pagedQuerySchema = z.object({
  cursor: z.string().max(1024).optional(),
  limit: givenLimitSchema.optional().meta(limitMeta),
});
/** There is `nextCursor` when there are more. */
export const nextCursorFields = { nextCursor: z.string().optional() };

/** `POST /conversations/{id}/read`. `userId` with an API key only. */
export const readBodySchema = z
  .strictObject({
    userId: userIdSchema.optional(),
    seq: seqSchema.optional(),
    messageIds: z.array(uuidSchema).min(1).max(1000).optional(),
  })
  .refine((body) => body.seq !== undefined || body.messageIds !== undefined, {
    message: 'either seq or messageIds is needed',
    path: ['seq'],
  });
export const readAnswerSchema = z.object({ seq: seqSchema });

/**
 * No token lives longer than a day: taking one back costs a lookup on every request, waiting for its end
 * costs nothing.
 */
export const maxTokenSeconds = 86_400;

/** `POST /tokens`, API key only. */
export const tokenBodySchema = z.strictObject({
  userId: userIdSchema,
  expiresInSeconds: z.int().min(1).max(maxTokenSeconds).default(3600),
  name: z.string().max(128).optional(),
  avatar: z.string().max(2048).optional(),
  topics: z.array(topicSchema).max(100).optional(),
  presenceTopics: z.array(topicSchema).max(100).optional(),
  roles: z.array(roleSchema).max(32).optional(),
});
export const tokenAnswerSchema = z.object({ token: z.string(), expiresAt: timestampSchema });

/** `POST /devices`. `userId` with an API key only. */
export const deviceBodySchema = z.strictObject({ userId: userIdSchema.optional(), ...deviceDraftFields });
export const deviceAnswerSchema = deviceSchema;
/**
 * Answers `POST /devices` alone. `renewal` lets whoever keeps it exchange the target without a user token, as
 * a service worker does whose subscription changed.
 */
export const deviceRegisteredSchema = deviceSchema.extend({ renewal: z.string() });
/** `POST /devices/{id}/renew` */
export const deviceRenewalBodySchema = z.strictObject({
  credential: z.string().min(1).max(2048),
  target: jsonObjectSchema,
});
export const devicesAnswerSchema = z.object({ devices: z.array(deviceSchema), ...nextCursorFields });

/** `GET /users/{id}/devices`: open connections, not push targets. */
export const connectionsAnswerSchema = z.object({ devices: z.array(connectionInfoSchema) });

/** How a client behaves unless set otherwise; times in milliseconds. */
export const clientSettingsSchema = z
  .object({
    connectionTimeoutMs: z.int().min(1),
    heartbeatIntervalMs: z.int().min(1),
    reconnectBaseMs: z.int().min(1),
    reconnectMaxMs: z.int().min(1),
    reconnectMaxAttempts: z.int().min(0),
    /** A client without input for longer says that nobody attends it. */
    attendedAfterMs: z.int().min(1).optional(),
  })
  .meta({ id: 'ClientSettings' });
export type ClientSettings = z.infer<typeof clientSettingsSchema>;

/**
 * `GET /pages?app=<appKey>`, with an ETag. Anybody may read it, so only API keys see what the server alone
 * goes by, and who changed a page last.
 */
export const pagesAnswerSchema = z.object({
  pages: z.array(
    servedPagePolicySchema.extend({ updatedAt: timestampSchema.optional(), updatedBy: z.string().optional() }),
  ),
  client: clientSettingsSchema,
});

/**
 * `PUT /pages` takes `pagePolicyInputSchema`; this answers it, and a revert. `warnings` are what was taken
 * and has no effect.
 */
export const pageAnswerSchema = z.object({
  page: pagePolicySchema,
  warnings: z.array(z.object({ path: z.array(z.union([z.string(), z.number()])), message: z.string() })),
});

/** `GET /pages/history?pattern=`: the latest version first. */
export const pageHistoryQuerySchema = pagedQuerySchema.extend({ pattern: patternSchema });
export const pageHistoryAnswerSchema = z.object({
  versions: z.array(
    z.object({
      version: z.int().min(1),
      at: timestampSchema,
      by: z.string(),
      policy: servedPagePolicySchema,
      removed: z.boolean().optional(),
    }),
  ),
  ...nextCursorFields,
});

/** `POST /pages/revert`: makes a new version with the content of an earlier one. */
export const pageRevertBodySchema = z.strictObject({ pattern: patternSchema, version: z.int().min(1) });

/** `POST /users/{id}/sign-out`: how many connections were closed. */
export const signOutAnswerSchema = z.object({ closed: z.int().min(0) });

/** The body of every answer of 400 and above: RFC 9457, `application/problem+json`. */
export const problemSchema = z.object({
  type: z.string(),
  title: z.string(),
  status: z.int().min(400).max(599),
  code: errorCodeSchema,
  detail: z.string(),
  path: z.array(z.union([z.string(), z.number()])).optional(),
  requestId: z.string(),
  afterMs: z.int().min(0).optional(),
});

/** Header of writes: the same key with the same body is answered as before, with another body refused. */
export const idempotencyKeyHeader = 'idempotency-key';
export const idempotencyKeySchema = cidSchema;

export const apiScopeSchema = z.enum(apiScopes);
export type ApiScope = z.infer<typeof apiScopeSchema>;

export type ReadBody = z.input<typeof readBodySchema>;
export type TokenBody = z.input<typeof tokenBodySchema>;
export type TokenAnswer = z.output<typeof tokenAnswerSchema>;
export type DeviceBody = z.input<typeof deviceBodySchema>;
export type PagesAnswer = z.output<typeof pagesAnswerSchema>;
export type PageHistoryAnswer = z.output<typeof pageHistoryAnswerSchema>;
