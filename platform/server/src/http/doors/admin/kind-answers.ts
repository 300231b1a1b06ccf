// The forms of what the console's API answers about kinds of broadcast. Which there are: kinds.ts.

import { kindSchema, partialPolicySchema, sentBySchema } from '@belfry/protocol';
import * as z from 'zod';

/** Broadcasts, by hour, the oldest first; the last is the hour that is under way. */
const hoursSchema = z.array(z.int().min(0));

export const kindAnswerSchema = kindSchema
  .extend({
    kind: z.string(),
    version: z.int(),
    /** The provision file names it. */
    managed: z.boolean(),
    hours: hoursSchema,
    /** Ids of the webhooks whose mapping names it. */
    hooks: z.array(z.string()),
  })
  .meta({ id: 'OwnKind' });
export type KindAnswer = z.infer<typeof kindAnswerSchema>;

export const builtInKindSchema = z
  .strictObject({
    ...{ kind: z.string(), action: z.string() },
    audience: z.array(z.enum(['conversation', 'users', 'topic', 'everyone'])),
    durable: z.union([z.enum(['conversation', 'inbox', 'audience']), z.literal(false)]),
    carries: z.enum(['message', 'notice', 'typing', 'read', 'anything']),
    needsSender: z.boolean(),
    sentBy: sentBySchema,
    policy: partialPolicySchema,
    hours: hoursSchema,
  })
  .meta({ id: 'BuiltInKind' });

export const kindsSchema = z
  .object({ kinds: z.array(kindAnswerSchema), builtIn: z.array(builtInKindSchema) })
  .meta({ id: 'Kinds' });
