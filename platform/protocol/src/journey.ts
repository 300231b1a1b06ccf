// The decisions and deeds for one message, real or possible: the answers of `journey` and `explain`.
// Recording it is the server's.
import * as z from 'zod';
import { partialPolicySchema } from './delivery.ts';
import { featureSchema } from './feature-name.ts';
import { fallbackCauseSchema } from './push.ts';
import { anyUserIdSchema, conversationIdSchema, deviceTypeSchema, timestampSchema, uuidSchema } from './ids.ts';
import { kindNameSchema } from './messages.ts';
import { beforeVerdictSchema, pushReasonSchema, realtimeReasonSchema, reasonCountsSchema } from './reasons.ts';
import { seqSchema, streamSchema } from './streams.ts';

const realtimeFields = {
  connectionId: uuidSchema,
  deviceType: deviceTypeSchema,
  page: z.string(),
  reason: realtimeReasonSchema,
  /** The policy of the page that it was decided by, as it was then. */
  pagePattern: z.string().optional(),
  pageVersion: z.int().optional(),
  /** What the client had said by then. */
  visible: z.boolean().optional(),
  attended: z.boolean().optional(),
};

/** What the user wants, where it decided: a mute, a level, quiet hours; of the conversation or in general. */
export const decidingPreferenceSchema = z.object({
  by: z.enum(['mute', 'level', 'quiet_hours']),
  ofConversation: z.boolean(),
  until: timestampSchema.optional(),
});
export type DecidingPreference = z.infer<typeof decidingPreferenceSchema>;

const pushFields = {
  deviceId: uuidSchema,
  provider: z.string(),
  deviceType: deviceTypeSchema,
  reason: pushReasonSchema,
  /** With `collapsed_into`: the later message whose notification stands for this one too. */
  seq: seqSchema.optional(),
  /** With `fallback_waiting` and `fallback_from`: after what the step is, or was, taken. */
  from: fallbackCauseSchema.optional(),
};

/** A recipient without any connection has a `reason` of their own, one without any device a `pushReason`. */
const recipientFields = {
  userId: anyUserIdSchema,
  reason: realtimeReasonSchema.optional(),
  pushReason: pushReasonSchema.optional(),
  preference: decidingPreferenceSchema.optional(),
};

export const explainResultSchema = z
  .object({
    recipients: z.array(
      z.object({
        ...recipientFields,
        realtime: z.array(z.object(realtimeFields)),
        /** `afterMs`: how long the push would wait. */
        push: z.array(z.object({ ...pushFields, afterMs: z.int().min(0).optional() })),
      }),
    ),
    counts: reasonCountsSchema,
  })
  .meta({ id: 'Explanation' });
export type ExplainResult = z.infer<typeof explainResultSchema>;

/** One call of a provider. `answer` is what it said, cut and with secrets masked. */
export const attemptSchema = z.object({
  at: timestampSchema,
  outcome: z.enum(['accepted', 'retry', 'rejected']),
  reason: z.string().optional(),
  status: z.int().optional(),
  durationMs: z.int().min(0).optional(),
  providerMessageId: z.string().optional(),
  answer: z.string().optional(),
});

export const journeySchema = z
  .object({
    message: z.object({
      id: uuidSchema,
      kind: kindNameSchema,
      conversationId: conversationIdSchema.optional(),
      stream: streamSchema.optional(),
      seq: seqSchema.optional(),
      senderId: anyUserIdSchema.optional(),
      /** The webhook that was asked before it was accepted. */
      before: z.object({ webhookId: z.string(), verdict: beforeVerdictSchema, durationMs: z.int().min(0) }).optional(),
      acceptedAt: timestampSchema,
      storedAt: timestampSchema.optional(),
      resolvedAt: timestampSchema.optional(),
      action: z.string().optional(),
      /** How many it was for. */
      recipients: z.int().min(0).optional(),
      /** Its policy, less what is the default. */
      policy: partialPolicySchema.extend({ connectionTypes: z.array(z.string()).optional() }).optional(),
      /** A page that has none of them does not get the event. */
      features: z.array(featureSchema).optional(),
      /** The app's setting at that time. */
      deliveredMeans: z.enum(['attended', 'visible', 'any']).optional(),
      /** The broadcast whose content this one sent again. */
      resendOf: uuidSchema.optional(),
    }),
    /** Empty above 1,000 recipients: then `counts` alone says it. */
    recipients: z.array(
      z.object({
        ...recipientFields,
        realtime: z.array(
          z.object({ ...realtimeFields, sentAt: timestampSchema.optional(), ackedAt: timestampSchema.optional() }),
        ),
        push: z.array(
          z.object({
            ...pushFields,
            steps: z.array(
              z.object({
                ...{ at: timestampSchema, reason: pushReasonSchema, seq: seqSchema.optional() },
                from: fallbackCauseSchema.optional(),
              }),
            ),
            attempts: z.array(attemptSchema),
          }),
        ),
      }),
    ),
    counts: reasonCountsSchema,
  })
  .meta({ id: 'Journey' });
export type Journey = z.infer<typeof journeySchema>;
