// The positions of streams, the ordered logs of conversations and inboxes, and what a stream's name stands for. How
// it is spelled: names.ts. Reading and writing them is the server's.
import * as z from 'zod';
import { conversationIdSchema, userIdSchema } from './ids.ts';

export type StreamRef = { type: 'conversation'; conversationId: string } | { type: 'inbox'; userId: string };

/**
 * The thing that a stream's name stands for; undefined when it is not a stream's name. Visitors have no
 * inbox.
 */
export function parseStream(stream: string): StreamRef | undefined {
  const id = stream.slice(2);
  if (stream.startsWith('c:') && conversationIdSchema.safeParse(id).success) {
    return { type: 'conversation', conversationId: id };
  }
  if (stream.startsWith('i:') && userIdSchema.safeParse(id).success) {
    return { type: 'inbox', userId: id };
  }
  return undefined;
}

export const streamSchema = z
  .string()
  .refine((stream) => parseStream(stream) !== undefined, 'must be c:<conversationId> or i:<userId>')
  .meta({
    description: 'The name of an ordered log: `c:` and a conversation, or `i:` and a user.',
    example: 'c:ward-7',
  });

/** Position in a stream: the first event is 1, the empty stream's head is 0. Never above 2^53 - 1. */
export const seqSchema = z.int().min(0).meta({ description: 'A place in a stream.', example: 7 });

/**
 * Names one life of a stream. It changes only when a log is lost or restored, and seqs of another epoch mean
 * nothing.
 */
export const epochSchema = z
  .string()
  .regex(/^[A-Za-z0-9._-]{1,64}$/, 'must be 1 to 64 characters of A-Z a-z 0-9 . _ -')
  .meta({ description: 'One life of a stream: places of another epoch mean nothing.', example: '0' });

/** How far a client has got: it holds everything of the stream up to and including `seq`. */
export const streamPositionSchema = z.object({ stream: streamSchema, epoch: epochSchema, seq: seqSchema });
export type StreamPosition = z.infer<typeof streamPositionSchema>;
