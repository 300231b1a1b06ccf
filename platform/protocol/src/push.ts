// Bodies and answers of the HTTP API about pushes that wait or were given up. What becomes a dead letter is
// decided by the server.
import * as z from 'zod';
import { prioritySchema } from './delivery.ts';
import { anyUserIdSchema, deviceTypeSchema, idSchema, timestampSchema } from './ids.ts';
import { kindNameSchema } from './messages.ts';
import { seqSchema } from './streams.ts';

/**
 * How much may be pushed; a limit that is left out is none. Days are UTC's, a minute begins with the first
 * push in it.
 */
export const pushQuotaSchema = z.strictObject({
  perMinute: z.int().min(0).optional(),
  perDay: z.int().min(0).optional(),
});
export type PushQuota = z.infer<typeof pushQuotaSchema>;

/** The kinds of services that providers send over. */
export const pushChannels = ['push', 'email', 'sms', 'chat', 'webhook'] as const;
export type PushChannel = (typeof pushChannels)[number];

/** After what a step of a fall-back chain is taken; each holds where the one before it does. */
export const fallbackCauses = {
  no_device: 'The user has no device for what came before, or none that a provider serves.',
  failed: 'No service took what came before, or said later that it could not deliver it; or there was no device.',
  not_opened: 'Nobody opened what came before, acknowledged or read the message, whatever became of it.',
} as const;
// Object.keys of a constant literal: the cast says no more than the table does.
export const fallbackCauseSchema = z.enum(Object.keys(fallbackCauses) as (keyof typeof fallbackCauses)[]);
export type FallbackCause = z.infer<typeof fallbackCauseSchema>;

/** As long as what providers took is kept. */
const longestFallbackMs = 7 * 24 * 3_600_000;
export const mostFallbacks = 20;

/** One step: the user's devices of this channel, or provider, after what came before. */
export const fallbackSchema = z
  .strictObject({
    after: fallbackCauseSchema,
    /** From when what came before was sent. */
    afterMs: z.int().min(0).max(longestFallbackMs),
    channel: z.enum(pushChannels).optional(),
    provider: idSchema.optional(),
    /** Of all kinds, and priorities, where they are left out. */
    kinds: z.array(kindNameSchema).min(1).max(100).optional(),
    priorities: z.array(prioritySchema).min(1).optional(),
  })
  .refine(({ channel, provider }) => (channel === undefined) !== (provider === undefined), {
    path: ['channel'],
    error: 'one of channel and provider is needed',
  });
export type Fallback = z.infer<typeof fallbackSchema>;
export const fallbacksSchema = z.array(fallbackSchema).max(mostFallbacks);

/** Why a push was given up and kept. */
export const deadLetterCauses = {
  attempts_exhausted: 'Every attempt failed in a way that might have passed.',
  credentials_rejected: 'The provider refused the credentials, or was paused because it had.',
  failed: 'Belfry itself failed at it again and again; all of its recipients are in it.',
} as const;
export type DeadLetterCause = keyof typeof deadLetterCauses;
// Object.keys of a constant literal: the cast says no more than the table does.
const deadLetterCauseSchema = z.enum(Object.keys(deadLetterCauses) as DeadLetterCause[]);

/** One push that was given up: to one device, or with the cause `failed` to `recipients` users. */
export const deadLetterSchema = z
  .object({
    id: z.string(),
    cause: deadLetterCauseSchema,
    detail: z.string(),
    at: timestampSchema,
    messageId: z.string().optional(),
    stream: z.string().optional(),
    seq: seqSchema.optional(),
    provider: idSchema.optional(),
    userId: anyUserIdSchema.optional(),
    deviceId: z.string().optional(),
    deviceType: deviceTypeSchema.optional(),
    recipients: z.int().min(0),
  })
  .meta({ id: 'DeadPush' });
export type DeadLetter = z.infer<typeof deadLetterSchema>;

/** `GET /push/dead`: the latest first. */
export const deadLettersAnswerSchema = z.object({
  deadLetters: z.array(deadLetterSchema),
  nextCursor: z.string().optional(),
});
export const deadLetterIdSchema = z
  .string()
  .regex(/^[A-Za-z0-9_-]{1,512}$/, 'must be the id of a dead letter')
  .meta({ description: 'The id of a push that was given up.', example: 'bGV0dGVy' });

/** `POST /push/dead/replay`. */
export const replayBodySchema = z.strictObject({ provider: idSchema });
export const replayAnswerSchema = z.object({ replayed: z.int().min(0) });

/** `GET /push/queue`: the app's own jobs; one job covers up to 500 recipients of a message. */
export const pushQueueAnswerSchema = z.object({
  waiting: z.int().min(0),
  delayed: z.int().min(0),
  active: z.int().min(0),
  dead: z.int().min(0),
});
