// Bodies, queries and answers of inbound webhooks: managing hooks under /api/v1/hooks, and what `POST
// /hooks/{hookId}` answers. Verifying and mapping: the server's.
import * as z from 'zod';
import { broadcastRequestSchema } from './delivery.ts';
import { listQuerySchema } from './http.ts';
import { timestampSchema, uuidSchema } from './ids.ts';
import { explainResultSchema } from './journey.ts';

/** Stands in the URL that senders post to; unique in the installation. */
export const hookIdSchema = z
  .string()
  .regex(/^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$/, 'must be 1 to 64 characters of A-Z a-z 0-9 _ -')
  .meta({ description: 'The id of an inbound webhook; it stands in its address.', example: 'lab' });

/** As Standard Webhooks writes one: `whsec_` and the key in base64. */
export const hookSecretSchema = z
  .string()
  .regex(/^whsec_[A-Za-z0-9+/_-]{16,}={0,2}$/, 'must be whsec_ and base64, at least 22 characters long')
  .max(256);

/** A JSONata expression from the payload to a broadcast request. */
export const mappingSchema = z.string().trim().min(1).max(65_536);

/** `PUT /hooks/{id}`. `secret` only when it is made, for senders that bring their own; later: rotate. */
export const putHookBodySchema = z.strictObject({
  mapping: mappingSchema,
  /** True for a new one, as it was for an old one, unless said. */
  enabled: z.boolean().optional(),
  secret: hookSecretSchema.optional(),
});

const hookSchema = z
  .object({
    id: hookIdSchema,
    /** Where senders post to, below the server's address. */
    path: z.string(),
    mapping: mappingSchema,
    enabled: z.boolean(),
    /** Owned by the provision file: changed there. */
    managed: z.boolean(),
    /** The secrets that verify now, the newest first; one that was replaced says until when. */
    secrets: z.array(z.object({ createdAt: timestampSchema, expiresAt: timestampSchema.optional() })),
    createdAt: timestampSchema,
    updatedAt: timestampSchema,
  })
  .meta({ id: 'Webhook' });
export type Hook = z.infer<typeof hookSchema>;

export const hooksAnswerSchema = z.object({ hooks: z.array(hookSchema), nextCursor: z.string().optional() });

/** `secret` is there when this request made it; it is shown once. */
export const hookAnswerSchema = z.object({ hook: hookSchema, secret: hookSecretSchema.optional() });
export type HookAnswer = z.infer<typeof hookAnswerSchema>;

/** A week: whoever needs longer to put a secret in place has forgotten it. */
const maxOverlapSeconds = 7 * 86_400;

/**
 * `POST /hooks/{id}/rotate`. Secrets in use before stay good for `overlapSeconds`; 0 where one has leaked.
 */
export const rotateHookBodySchema = z
  .strictObject({
    overlapSeconds: z.int().min(0).max(maxOverlapSeconds).default(86_400),
    secret: hookSecretSchema.optional(),
  })
  .default({ overlapSeconds: 86_400 });

export const hookOutcomes = ['accepted', 'duplicate', 'refused', 'failed'] as const;
export const hookOutcomeSchema = z.enum(hookOutcomes);
export type HookOutcome = z.infer<typeof hookOutcomeSchema>;

const deliverySchema = z
  .object({
    id: uuidSchema,
    hookId: hookIdSchema,
    /** As the sender said; the same in every attempt of theirs. */
    webhookId: z.string(),
    receivedAt: timestampSchema,
    outcome: hookOutcomeSchema,
    /** Of one that was refused or failed; `path` leads into the request that the mapping made. */
    reason: z
      .object({ code: z.string(), detail: z.string(), path: z.array(z.union([z.string(), z.number()])).optional() })
      .optional(),
    broadcast: z.object({ id: uuidSchema, recipients: z.int().min(0) }).optional(),
    replayedAt: timestampSchema.optional(),
    payloadBytes: z.int().min(0),
  })
  .meta({ id: 'WebhookDelivery' });

/** `GET /hooks/{id}/deliveries`: the newest first, without payloads. */
export const hookDeliveriesQuerySchema = listQuerySchema
  .omit({ userId: true })
  .extend({ outcome: hookOutcomeSchema.optional() });
export const hookDeliveriesAnswerSchema = z.object({
  deliveries: z.array(deliverySchema),
  nextCursor: z.string().optional(),
});
export type HookDeliveryView = z.infer<typeof deliverySchema>;

/** `payload` as it came; absent where it was not kept. */
export const hookDeliveryAnswerSchema = z.object({
  delivery: deliverySchema.extend({ payload: z.string().optional() }),
});
export type HookDeliveryAnswer = z.infer<typeof hookDeliveryAnswerSchema>;

/** The answer to a sender, and to a replay: `id` is the broadcast's, as its journey is asked for. */
export const hookAcceptedSchema = z.object({ id: uuidSchema, duplicate: z.boolean(), recipients: z.int().min(0) });
export type HookAccepted = z.infer<typeof hookAcceptedSchema>;

/** The broadcast that a mapping makes: the webhook's own id is the idempotency key. */
export const hookRequestSchema = broadcastRequestSchema.refine((request) => request.idempotencyKey === undefined, {
  message: "the webhook's id is the idempotency key",
  path: ['idempotencyKey'],
});

/**
 * `POST /hooks/{id}/try`: a sample through the hook's mapping, or through one that is not saved yet. Nothing
 * is kept or sent.
 */
export const tryHookBodySchema = z.strictObject({
  payload: z.unknown().refine((payload) => payload !== undefined, 'is needed'),
  mapping: mappingSchema.optional(),
});
export const tryHookAnswerSchema = z.object({
  request: z.record(z.string(), z.unknown()),
  explain: explainResultSchema,
});
export type TryHookAnswer = z.infer<typeof tryHookAnswerSchema>;
