// Bodies, queries and answers about webhooks that leave: managing them under /api/v1/webhooks and in the
// console, and what a webhook answers that is asked before messages. Sending them: the server's.

import * as z from 'zod';
import { hookSecretSchema, mappingSchema, rotateHookBodySchema } from './http-hooks.ts';
import { listQuerySchema } from './http.ts';
import { timestampSchema } from './ids.ts';
import { kindNameSchema } from './messages.ts';
import { beforeEvent, webhookFilterSchema } from './webhook-events.ts';

export const webhookIdSchema = z
  .string()
  .regex(/^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$/, 'must be 1 to 64 characters of A-Z a-z 0-9 _ -')
  .meta({ description: 'The id of an outgoing webhook, which the app chooses.', example: 'crm' });

const batchSchema = z.strictObject({
  /** In one request at most. */
  maxEvents: z.int().min(1).max(500).default(100),
  /** How long an event may wait for others. */
  maxWaitMs: z.int().min(1000).max(3_600_000).default(10_000),
});

const beforeSchema = z.strictObject({
  /** Of the whole call; a sender waits as long. */
  timeoutMs: z.int().min(100).max(5000).default(2000),
  /** What becomes of a message when no answer can be had. */
  onFailure: z.enum(['allow', 'reject']).default('allow'),
  /** Of these kinds alone; left out: of every kind whose messages people write. */
  kinds: z.array(kindNameSchema).min(1).max(100).optional(),
});

const settingFields = {
  url: z.string().min(1).max(2048),
  description: z.string().trim().max(200).optional(),
  events: z.array(webhookFilterSchema).min(1).max(100),
  /** JSONata from an event to the body that is sent; what makes nothing of an event leaves it out. */
  transform: mappingSchema.optional(),
  batch: batchSchema.optional(),
  /** Events of one conversation are sent one after the other. */
  ordered: z.boolean().default(false),
  before: beforeSchema.optional(),
};

export type WebhookSettings = z.output<z.ZodObject<typeof settingFields>>;

/** Of the settings of a webhook as a whole: what does not go together. */
export function checkWebhookSettings(
  { events, transform, batch, ordered, before }: WebhookSettings,
  context: z.RefinementCtx,
): void {
  const isAsked = events.includes(beforeEvent);
  const add = (path: string, message: string): void => context.addIssue({ code: 'custom', path: [path], message });
  if (!isAsked && before !== undefined) add('before', `is of webhooks whose only event is ${beforeEvent}`);
  if (!isAsked) return;
  if (events.length > 1) add('events', `${beforeEvent} stands alone: it is answered, the others are told`);
  if (transform !== undefined) add('transform', `is not for ${beforeEvent}`);
  if (batch !== undefined) add('batch', `is not for ${beforeEvent}`);
  if (ordered) add('ordered', `is not for ${beforeEvent}`);
}

/** The same in the provision file, where it has an id and its secrets too. */
export const webhookSettingFields = settingFields;

/** `PUT /webhooks/{id}`. `secret` only when it is made, for receivers that bring their own; later: rotate. */
export const putWebhookBodySchema = z
  .strictObject({ ...settingFields, secret: hookSecretSchema.optional() })
  .superRefine(checkWebhookSettings);
export type PutWebhookBody = z.infer<typeof putWebhookBodySchema>;

export const webhookStateSchema = z.enum(['active', 'paused', 'disabled']);

const healthSchema = z.object({
  /** The first failure after the last success; left out while calls come through. */
  failingSince: timestampSchema.optional(),
  lastSuccessAt: timestampSchema.optional(),
  lastFailure: z.object({ at: timestampSchema, status: z.int().optional(), error: z.string().optional() }).optional(),
});

export const webhookSchema = z
  .object({
    id: webhookIdSchema,
    ...settingFields,
    ordered: z.boolean(),
    /** `paused`: events wait. `disabled`: none are kept. */
    state: webhookStateSchema,
    disabled: z
      .object({ because: z.enum(['gone', 'failing', 'file']), at: timestampSchema, detail: z.string() })
      .optional(),
    /** Owned by the provision file: changed there. */
    managed: z.boolean(),
    health: healthSchema,
    /** The secrets that sign now, the newest first; one that was replaced says until when. */
    secrets: z.array(z.object({ createdAt: timestampSchema, expiresAt: timestampSchema.optional() })),
    ...{ version: z.int().min(1), createdAt: timestampSchema, updatedAt: timestampSchema, updatedBy: z.string() },
  })
  .meta({ id: 'OutgoingWebhook' });
export type WebhookView = z.infer<typeof webhookSchema>;

export const webhooksAnswerSchema = z.object({ webhooks: z.array(webhookSchema), nextCursor: z.string().optional() });

/** `secret` is there when this request made it; it is shown once. */
export const webhookAnswerSchema = z.object({ webhook: webhookSchema, secret: hookSecretSchema.optional() });
export type WebhookAnswer = z.infer<typeof webhookAnswerSchema>;

/** `POST /webhooks/{id}/rotate`. Requests are signed with both for `overlapSeconds`. */
export const rotateWebhookBodySchema = rotateHookBodySchema;

export const webhookEventStateSchema = z.enum(['waiting', 'delivered', 'failed', 'skipped']);

const attemptSchema = z
  .object({
    number: z.int().min(1),
    at: timestampSchema,
    durationMs: z.int().min(0),
    status: z.int().optional(),
    /** Why there was no answer, or why nothing was sent. */
    error: z.string().optional(),
    /** The beginning of the answer, secrets masked. */
    answer: z.string().optional(),
  })
  .meta({ id: 'WebhookAttempt' });

const keptEventFields = {
  /** Of the event; sent alone it is the `webhook-id` too. */
  id: z.string(),
  webhookId: webhookIdSchema,
  type: z.string(),
  /** The `webhook-id` of the request; left out while it waits for others. */
  requestId: z.string().optional(),
  state: webhookEventStateSchema,
  createdAt: timestampSchema,
  /** Of one that waits: when it is tried next. */
  dueAt: timestampSchema.optional(),
  endedAt: timestampSchema.optional(),
  attempts: z.array(attemptSchema),
};
const keptEventSchema = z.object(keptEventFields).meta({ id: 'KeptWebhookEvent' });
export type WebhookEventView = z.infer<typeof keptEventSchema>;

const webhookRangeFields = {
  state: webhookEventStateSchema.optional(),
  type: z.string().max(64).optional(),
  /** Kept from then on; and before. */
  from: timestampSchema.optional(),
  to: timestampSchema.optional(),
};

/** `GET /webhooks/{id}/events`: the newest first, without what they say. */
export const webhookEventsQuerySchema = listQuerySchema.omit({ userId: true }).extend(webhookRangeFields);
export const webhookEventsAnswerSchema = z.object({
  events: z.array(keptEventSchema),
  counts: z.partialRecord(webhookEventStateSchema, z.int().min(0)),
  nextCursor: z.string().optional(),
});

/** `payload`: the event as it was kept, before any transform. */
export const webhookEventAnswerSchema = z.object({
  event: keptEventSchema.extend({ payload: z.record(z.string(), z.unknown()) }),
});
export type WebhookEventAnswer = z.infer<typeof webhookEventAnswerSchema>;

/** `POST /webhooks/{id}/test`: `event` is kept like any other; one that is asked before messages has none. */
export const webhookTestAnswerSchema = z.object({ attempt: attemptSchema, event: keptEventSchema.optional() });
export type WebhookTestAnswer = z.infer<typeof webhookTestAnswerSchema>;

/** `POST /webhooks/{id}/replay`: what failed, unless said otherwise, within the range. */
export const webhookReplayFields = {
  ...webhookRangeFields,
  state: z.enum(['delivered', 'failed', 'skipped']).default('failed'),
};
export const replayWebhookBodySchema = z.strictObject(webhookReplayFields).default({ state: 'failed' });
export const replayedAnswerSchema = z.object({
  /** Events that will be sent again. */
  replayed: z.int().min(0),
  /** There are more: ask again. */
  hasMore: z.boolean(),
});

/** The answer of a webhook that is asked before a message. Anything else is a failure. */
export const beforeAnswerSchema = z.discriminatedUnion('action', [
  z.object({ action: z.literal('allow') }),
  z.object({ action: z.literal('reject'), reason: z.string().trim().min(1).max(500) }),
  z.object({ action: z.literal('change'), content: z.record(z.string(), z.unknown()) }),
]);
export type BeforeAnswer = z.infer<typeof beforeAnswerSchema>;
