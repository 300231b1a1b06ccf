// Files that users send, as clients see them. What is done with them in messages: the message types' own
// schemas.
import * as z from 'zod';
import { anyUserIdSchema, timestampSchema, userIdSchema, uuidSchema } from './ids.ts';

/**
 * `url` is a link that is good until `expiresAt` for anybody who has it; asking for the upload again gives
 * another.
 */
export const uploadSchema = z
  .object({
    uploadId: uuidSchema,
    userId: anyUserIdSchema,
    name: z.string(),
    type: z.string(),
    bytes: z.int().min(0),
    url: z.string(),
    expiresAt: timestampSchema,
    createdAt: timestampSchema,
  })
  .meta({ id: 'Upload' });
export type Upload = z.infer<typeof uploadSchema>;

/** Fields of the form of `POST /uploads` beside `file`. `userId` with an API key only. */
export const uploadFieldsSchema = z.strictObject({ userId: userIdSchema.optional() });
