// Additions to a message that stands: reactions, a pin, the count of its replies. The message is messages.ts.
import * as z from 'zod';
import { anyUserIdSchema, timestampSchema, uuidSchema } from './ids.ts';
import { seqSchema } from './streams.ts';

/**
 * An emoji, or a name that the app gives a meaning (`like`, `+1`, `:party:`). Something of it can be seen. It
 * can stand in a URL path when it is encoded. Compared letter by letter.
 */
export const reactionSchema = z
  .string()
  .regex(
    /^(?=.*[\p{L}\p{N}\p{S}\p{Emoji}])[\p{L}\p{M}\p{N}\p{S}\p{Emoji}_:.\-\u200D\u{E0020}-\u{E007F}]{1,64}$/u,
    'must be an emoji, or a name of letters, digits and + - _ . :',
  )
  .refine((reaction) => !/^\.+$/.test(reaction), 'must not be dots alone')
  .meta({
    description: 'An emoji, or a name that the app gives a meaning.',
    example: '👍',
    minLength: 1,
    maxLength: 64,
    pattern: String.raw`^[^\u0000-\u0020\u007f-\u00a0/]+$`,
  });

/** Users in the order in which they gave it. */
const givenReactionSchema = z
  .object({ reaction: reactionSchema, userIds: z.array(anyUserIdSchema) })
  .meta({ id: 'Reaction' });
export type Reaction = z.infer<typeof givenReactionSchema>;

/** In the order in which each was first given. */
const reactionsSchema = z.array(givenReactionSchema);

/** Of the replies that everybody in the conversation may see and that are not deleted. */
const repliesSchema = z.object({ count: z.int().min(1), lastAt: timestampSchema }).meta({ id: 'Replies' });
export type Replies = z.infer<typeof repliesSchema>;

/** Without `by` a back end pinned it. */
const pinSchema = z.object({ at: timestampSchema, by: anyUserIdSchema.optional() }).meta({ id: 'Pin' });
export type Pin = z.infer<typeof pinSchema>;

/** Of a message; each is absent where there is none. */
export const additionFields = {
  reactions: reactionsSchema.optional(),
  replies: repliesSchema.optional(),
  pinned: pinSchema.optional(),
  /** When one of these changed last. Of two states of one message the later one counts. */
  updatedAt: timestampSchema.optional(),
};

/** All that is added to one message, as it is now: what is not here is gone. */
export const messageAdditionsSchema = z.object({
  messageId: uuidSchema,
  /** Of the message. */
  seq: seqSchema,
  senderId: anyUserIdSchema.optional(),
  ...additionFields,
  reactions: reactionsSchema,
  updatedAt: timestampSchema,
});
export type MessageAdditions = z.infer<typeof messageAdditionsSchema>;
