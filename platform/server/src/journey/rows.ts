// The shapes in which journey keeps its facts in the store, and both ways between the two. Not when rows are written: recorder.ts.

import { deviceTypeSchema, pushReasonSchema, realtimeReasonSchema } from '@belfry/protocol';
import * as z from 'zod';
import type { JourneyRow } from '../ports/stores/index.ts';
import type { AckFact, JourneyPlan, PlannedRecipient, PushFact, RealtimeFact } from './facts.ts';

// Tuples rather than objects for what there are many of: a plan of 1,000 recipients is a third as long.
const connectionSchema = z.tuple([
  z.string(),
  deviceTypeSchema,
  z.string(),
  realtimeReasonSchema,
  z.number().nullable(),
]);
const pushSchema = z.tuple([z.string(), z.string(), deviceTypeSchema, pushReasonSchema]);

const recipientSchema = z
  .tuple([
    z.string(),
    z.array(connectionSchema),
    realtimeReasonSchema.nullable(),
    z.array(pushSchema),
    pushReasonSchema.nullable(),
    z.string().nullable(),
    z.number().nullable(),
  ])
  .transform(([userId, realtime, reason, push, pushReason, stream, seq]) => ({
    userId,
    realtime,
    reason: reason ?? undefined,
    push,
    pushReason: pushReason ?? undefined,
    stream: stream ?? undefined,
    seq: seq ?? undefined,
  }));

const ackSchema = z
  .tuple([
    z.string(),
    z.string(),
    z.number(),
    z.number(),
    z.boolean(),
    z.number(),
    deviceTypeSchema.nullable(),
    z.string().nullable(),
  ])
  .transform(([userId, connectionId, from, to, visible, atMs, deviceType, page]) => ({
    ...{ userId, connectionId, from, to, visible, atMs },
    deviceType: deviceType ?? undefined,
    page: page ?? undefined,
  }));
export type AckEntry = z.infer<typeof ackSchema>;

const planSchema = z.object({
  kind: z.string(),
  conversationId: z.string().optional(),
  stream: z.string().optional(),
  seq: z.number().optional(),
  senderId: z.string().optional(),
  storedAtMs: z.number().optional(),
  resolvedAtMs: z.number().optional(),
  recipients: z.array(recipientSchema).optional(),
  /** The message whose plan has the recipients, which are the same. */
  recipientsOf: z.string().optional(),
  counts: z.record(z.string(), z.number()),
  /** Of this message alone, when they came before the plan was written. */
  acks: z.array(ackSchema),
});
/** A plan as it is read back; `acceptedAtMs` is the row's own time. */
export type PlanBody = z.infer<typeof planSchema>;

const seenAs = { deviceType: deviceTypeSchema.optional(), page: z.string().optional() };

const realtimeSchema = z.object({
  facts: z.array(
    z.object({
      connectionId: z.string(),
      userId: z.string(),
      reason: realtimeReasonSchema,
      atMs: z.number(),
      ...seenAs,
    }),
  ),
});
export type RealtimeEntry = z.infer<typeof realtimeSchema>['facts'][number];

const acksSchema = z.object({ stream: z.string(), acks: z.array(ackSchema) });

const pushesSchema = z.object({
  messageId: z.string(),
  stream: z.string(),
  seq: z.number(),
  through: z.number().optional(),
  facts: z.array(
    z.object({
      userId: z.string(),
      deviceId: z.string().optional(),
      provider: z.string().optional(),
      deviceType: deviceTypeSchema.optional(),
      reason: pushReasonSchema,
      atMs: z.number(),
      collapsedInto: z.number().optional(),
      attempt: z
        .object({
          number: z.number(),
          ms: z.number(),
          outcome: z.enum(['accepted', 'retry', 'rejected']),
          detail: z.string().optional(),
          providerMessageId: z.string().optional(),
        })
        .optional(),
    }),
  ),
});
export type PushEntry = z.infer<typeof pushesSchema>['facts'][number];

/** A row as it is read back. A row of a shape that this version does not know is `undefined`: a later version may have written it. */
export type ReadRow =
  | { type: 'plan'; at: number; body: PlanBody }
  | { type: 'realtime'; at: number; body: z.infer<typeof realtimeSchema> }
  | { type: 'acks'; at: number; body: z.infer<typeof acksSchema> }
  | { type: 'push'; at: number; body: z.infer<typeof pushesSchema> };

export function readRow(row: JourneyRow): ReadRow | undefined {
  const { type, at } = row;
  if (type === 'plan') return withBody(planSchema, row.body, (body) => ({ type, at, body }));
  if (type === 'realtime') return withBody(realtimeSchema, row.body, (body) => ({ type, at, body }));
  if (type === 'acks') return withBody(acksSchema, row.body, (body) => ({ type, at, body }));
  if (type === 'push') return withBody(pushesSchema, row.body, (body) => ({ type, at, body }));
  return undefined;
}

/** `acks` are of this message alone; with `recipientsOf` the recipients are left to the plan of that message. */
export function planRow(plan: JourneyPlan, acks: readonly AckFact[], recipientsOf: string | undefined): JourneyRow {
  const { kind, conversationId, stream, seq, senderId, storedAtMs, resolvedAtMs, counts } = plan;
  const body = {
    kind,
    conversationId,
    stream,
    seq,
    senderId,
    storedAtMs,
    resolvedAtMs,
    counts,
    recipients: recipientsOf === undefined ? plan.recipients?.map(recipientTuple) : undefined,
    recipientsOf,
    acks: acks.map(ackTuple),
  } satisfies z.input<typeof planSchema>;
  return { messageId: plan.messageId, type: 'plan', at: plan.acceptedAtMs, body: JSON.stringify(body) };
}

function recipientTuple(recipient: PlannedRecipient): z.input<typeof recipientSchema> {
  const { userId, realtime, reason, push, pushReason, stream, seq } = recipient;
  return [
    userId,
    realtime.map((each) => [each.connectionId, each.deviceType, each.page, each.reason, each.sentAtMs ?? null]),
    reason ?? null,
    push.map((each) => [each.deviceId, each.provider, each.deviceType, each.reason]),
    pushReason ?? null,
    stream ?? null,
    seq ?? null,
  ];
}

function ackTuple(fact: AckFact): z.input<typeof ackSchema> {
  const { userId, connectionId, from, to, visible, atMs, deviceType, page } = fact;
  return [userId, connectionId, from, to, visible, atMs, deviceType ?? null, page ?? null];
}

/** One row for all facts about one message. */
export function realtimeRow(facts: readonly [RealtimeFact, ...RealtimeFact[]]): JourneyRow {
  const body = { facts: facts.map(({ messageId: _, ...fact }) => fact) };
  return { messageId: facts[0].messageId, type: 'realtime', at: facts[0].atMs, body: JSON.stringify(body) };
}

/** One row for all acknowledgements of one stream; its range is the hull of theirs. */
export function ackRow(acks: readonly [AckFact, ...AckFact[]]): JourneyRow {
  const { stream, atMs } = acks[0];
  let { from, to } = acks[0];
  for (const ack of acks) {
    from = Math.min(from, ack.from);
    to = Math.max(to, ack.to);
  }
  const body = { stream, acks: acks.map(ackTuple) } satisfies z.input<typeof acksSchema>;
  return { range: { stream, from, to }, type: 'acks', at: atMs, body: JSON.stringify(body) };
}

/** One row for all facts of one message and range. One that covers further messages is found by range, the others by message. */
export function pushRow(facts: readonly [PushFact, ...PushFact[]]): JourneyRow {
  const { messageId, stream, seq, through, atMs } = facts[0];
  const body = {
    messageId,
    stream,
    seq,
    through,
    facts: facts.map(({ messageId: _m, stream: _s, seq: _q, through: _t, afterMs: _a, ...fact }) => fact),
  };
  const about = through !== undefined && through > seq ? { range: { stream, from: seq, to: through } } : { messageId };
  return { ...about, type: 'push', at: atMs, body: JSON.stringify(body) };
}

function withBody<S extends z.ZodType>(
  schema: S,
  body: string,
  make: (body: z.output<S>) => ReadRow,
): ReadRow | undefined {
  const parsed = schema.safeParse(JSON.parse(body));
  return parsed.success ? make(parsed.data) : undefined;
}
