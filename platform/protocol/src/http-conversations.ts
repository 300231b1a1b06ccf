// Bodies and answers of the HTTP API about conversations, who is in them and what is said in them. Queries of
// lists: http.ts. Bodies of writes are strict, as there.
import * as z from 'zod';
import { cidSchema, jsonObjectSchema, timestampSchema, userIdSchema, uuidSchema } from './ids.ts';
import {
  conversationMetadataSchema,
  conversationSchema,
  kindNameSchema,
  messageDraftFields,
  messageSchema,
  metadataChangeSchema,
  participantMetadataSchema,
  participantSchema,
  roleSchema,
} from './messages.ts';
import { seqSchema } from './streams.ts';

const titleSchema = z.string().max(256);

const participantDraftSchema = z.strictObject({
  userId: userIdSchema,
  role: roleSchema.default('member'),
  metadata: participantMetadataSchema.optional(),
});

/** The users by their ids alone, or with what they are in it. */
const participantDraftsSchema = z
  .array(z.union([userIdSchema.transform((userId) => ({ userId, role: 'member' })), participantDraftSchema]))
  .max(10_000);

/** `POST /conversations`: the server makes the id. */
export const postConversationBodySchema = z.strictObject({
  title: titleSchema.optional(),
  metadata: conversationMetadataSchema.optional(),
  participants: participantDraftsSchema.optional(),
});

/**
 * `PUT /conversations/{id}`: the conversation is as the body says; a title or metadata left out are taken away.
 * Who is in it is a list of its own: left out, it stays.
 */
export const putConversationBodySchema = postConversationBodySchema;

/** `PATCH /conversations/{id}`: what is left out stays, what is null is taken away. */
export const patchConversationBodySchema = z.strictObject({
  title: titleSchema.nullable().optional(),
  metadata: metadataChangeSchema.nullable().optional(),
});
export const conversationAnswerSchema = z.object({ conversation: conversationSchema });

/** `PUT /conversations/{id}/participants/{userId}`: what is left out is taken away. */
export const putParticipantBodySchema = z.strictObject({
  role: roleSchema.default('member'),
  metadata: participantMetadataSchema.optional(),
});
/** `PATCH /conversations/{id}/participants/{userId}`, of somebody who is in it. */
export const patchParticipantBodySchema = z.strictObject({
  role: roleSchema.optional(),
  metadata: metadataChangeSchema.nullable().optional(),
});
/** `POST /conversations/{id}/participants`: these as well; of those who are in it the role stays. */
export const postParticipantsBodySchema = z.strictObject({
  participants: participantDraftsSchema.min(1),
});
export const participantAnswerSchema = z.object({ participant: participantSchema });
/** Those whom the request named, as they are now. */
export const participantsAnswerSchema = z.object({ participants: z.array(participantSchema) });

/**
 * `POST /conversations/{id}/messages`, and `POST /chat/{conversationId}/send`, its older name. `senderId` with
 * an API key only; a user token sends as its own `sub`.
 */
export const sendBodySchema = z.strictObject({
  senderId: userIdSchema.optional(),
  cid: cidSchema.optional(),
  kind: kindNameSchema.default('message'),
  ...messageDraftFields,
});
export const sendAnswerSchema = z.object({
  status: z.literal('sent'),
  messageId: uuidSchema,
  seq: seqSchema,
  duplicate: z.boolean(),
  timestamp: timestampSchema,
});

/**
 * `PATCH /messages/{id}`: content is replaced as a whole. `senderId` with an API key only: on whose behalf.
 * `DELETE` takes no body.
 */
export const editMessageBodySchema = z
  .strictObject({
    content: jsonObjectSchema.optional(),
    metadata: metadataChangeSchema.nullable().optional(),
    senderId: userIdSchema.optional(),
  })
  .refine(({ content, metadata }) => content !== undefined || metadata !== undefined, {
    message: 'either content or metadata is needed',
    path: ['content'],
  });
export const messageAnswerSchema = z.object({ message: messageSchema });

/**
 * `PUT` and `DELETE /messages/{id}/reactions/{reaction}` and `/messages/{id}/pin`. `userId` with an API key: who
 * does it.
 */
export const actingUserQuerySchema = z.object({ userId: userIdSchema.optional() });

export type PutConversationBody = z.input<typeof putConversationBodySchema>;
export type SendBody = z.input<typeof sendBodySchema>;
export type SendAnswer = z.output<typeof sendAnswerSchema>;
export type EditMessageBody = z.input<typeof editMessageBodySchema>;
