// Users over HTTP: what is known of one, the list of them, what they have not read, their connections, and
// taking all of it away. Tokens: http.ts; preferences: preferences.ts.
import * as z from 'zod';
import { connectionInfoSchema } from './delivery.ts';
import { limitSchema } from './http.ts';
import {
  conversationIdSchema,
  jsonObjectSchema,
  localeSchema,
  timestampSchema,
  timeZoneSchema,
  userIdSchema,
} from './ids.ts';
import { roleSchema } from './messages.ts';

/** It is read with every profile. */
export const maxUserMetadataLength = 8192;

const nameSchema = z.string().min(1).max(128).meta({ description: 'As others are shown it.', example: 'Ann Smith' });
const avatarSchema = z
  .string()
  .min(1)
  .max(2048)
  .meta({ description: 'Where a picture is found.', example: 'https://example.com/ann.png' });
const metadataSchema = jsonObjectSchema
  .refine((metadata) => JSON.stringify(metadata).length <= maxUserMetadataLength, {
    message: `may have ${maxUserMetadataLength} characters as JSON`,
  })
  .meta({ description: 'Whatever the app wants to keep; not interpreted.', example: { plan: 'pro' } });

/** `PUT /users/{id}`: exactly this is set from now on. */
export const putUserBodySchema = z
  .strictObject({
    name: nameSchema.optional(),
    avatar: avatarSchema.optional(),
    locale: localeSchema.optional().meta({ description: 'A language tag.', example: 'de-AT' }),
    timeZone: timeZoneSchema.optional().meta({ description: 'An IANA time zone.', example: 'Europe/Vienna' }),
    metadata: metadataSchema.optional(),
  })
  .meta({ example: { name: 'Ann Smith', locale: 'de-AT', timeZone: 'Europe/Vienna', metadata: { plan: 'pro' } } });
export type PutUserBody = z.output<typeof putUserBodySchema>;

/**
 * `PATCH /users/{id}`: what is given is changed, `null` takes it away, the rest stays; `metadata` likewise,
 * member by member (RFC 7396). How long the whole is then, the server checks.
 */
export const patchUserBodySchema = z
  .strictObject({
    name: nameSchema.nullable().optional(),
    avatar: avatarSchema.nullable().optional(),
    locale: localeSchema.nullable().optional(),
    timeZone: timeZoneSchema.nullable().optional(),
    metadata: metadataSchema.nullable().optional(),
  })
  .meta({ example: { name: 'Ann Miller', avatar: null, metadata: { plan: 'free' } } });
export type PatchUserBody = z.output<typeof patchUserBodySchema>;

/** `name` and `avatar` are what was set, else what the newest token said. */
export const userSchema = z.object({
  userId: z.string().meta({ example: 'ann' }),
  name: nameSchema.optional(),
  avatar: avatarSchema.optional(),
  locale: z.string().optional().meta({ example: 'de-AT' }),
  timeZone: z.string().optional().meta({ example: 'Europe/Vienna' }),
  metadata: jsonObjectSchema.optional().meta({ example: { plan: 'pro' } }),
  roles: z.array(roleSchema).optional().meta({ description: 'Of the newest token that named any.' }),
  lastSeenAt: timestampSchema.optional().meta({ description: 'When the last connection was closed.' }),
});
export type User = z.infer<typeof userSchema>;
export const userAnswerSchema = z.object({ user: userSchema });

/** `GET /users`. */
export const usersQuerySchema = z.object({
  q: z
    .string()
    .max(128)
    .optional()
    .meta({ description: 'The beginning of a word of the id or the name; case and accents do not matter.' }),
  cursor: z.string().max(1024).optional(),
  limit: limitSchema(50),
});
export const usersAnswerSchema = z.object({ users: z.array(userSchema), nextCursor: z.string().optional() });

/** `GET /users/{id}/unread`. */
export const unreadAnswerSchema = z.object({
  total: z.int().min(0).meta({ description: 'In all conversations of the user.', example: 3 }),
  conversations: z
    .array(z.object({ conversationId: conversationIdSchema, unreadCount: z.int().min(1) }))
    .meta({ description: 'Those with any, the latest active first; at most 1,000.' }),
  hasMore: z.boolean().meta({ description: 'Whether there are more than those; `total` counts all.' }),
});
export type UnreadAnswer = z.infer<typeof unreadAnswerSchema>;

/** `GET /users/{id}/connections`, and its older name `/users/{id}/devices`. */
export const userConnectionsAnswerSchema = z.object({ connections: z.array(connectionInfoSchema) });

/** `DELETE /users/{id}`. */
export const eraseUserQuerySchema = z.object({
  messages: z.enum(['anonymise', 'remove']).default('anonymise').meta({
    description: 'Of what the user sent: `anonymise` keeps it under the name of nobody, `remove` empties it.',
  }),
});
export type ErasedMessages = z.infer<typeof eraseUserQuerySchema>['messages'];

/** `GET /users/{id}/erasure`. */
export const erasureSchema = z.object({
  userId: userIdSchema,
  messages: z.enum(['anonymise', 'remove']),
  state: z.enum(['running', 'erased', 'finished']).meta({
    description:
      '`erased`: all of it is gone but for the time of the sign-out, which refuses tokens of before. `finished`: that too.',
  }),
  startedAt: timestampSchema,
  erasedAt: timestampSchema.optional(),
  finishedAt: timestampSchema.optional(),
  counts: z
    .record(z.string(), z.int().min(0))
    .meta({ description: 'What was taken away or changed, by what it was.', example: { devices: 2, messages: 41 } }),
  returned: z
    .literal(true)
    .optional()
    .meta({ description: 'The user came back after it was erased; what is new was left alone.' }),
});
export type Erasure = z.infer<typeof erasureSchema>;
export const erasureAnswerSchema = z.object({ erasure: erasureSchema });
