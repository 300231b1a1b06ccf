// The shapes in which journey keeps its facts in the store, and both ways between the two. Not when rows are
// written: recorder.ts.

import {
  beforeVerdictSchema,
  deliveryPolicySchema,
  deviceTypeSchema,
  fallbackCauseSchema,
  partialPolicySchema,
  pushReasonSchema,
  realtimeReasonSchema,
} from '@belfry/protocol';
import * as z from 'zod';
import type { AckedRange, MessageCaughtUp, MessageSent, PlannedRecipient, PushFact } from '../ports/message-facts.ts';
import type { JourneyRow, StoredPolicy } from '../ports/stores/index.ts';

// Tuples rather than objects for what there are many of: a plan of 1,000 recipients is a third as long.
const connectionSchema = z.tuple([
  z.string(),
  deviceTypeSchema,
  z.string(),
  realtimeReasonSchema,
  z.number().nullable(),
]);
const pushSchema = z.tuple([z.string(), z.string(), deviceTypeSchema, pushReasonSchema], fallbackCauseSchema);

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

/**
 * What a plan was decided by, beside its tuples: an earlier version that reads them knows nothing of it. By the
 * places of connections and recipients, so that nobody is named here.
 */
const whySchema = z.object({
  /** Policies of pages: pattern and version. */
  pages: z.array(z.tuple([z.string(), z.number().nullable()])),
  /** Of each connection, in the order of the recipients: the place of its page, and its attention. */
  connections: z.array(z.tuple([z.number(), z.number()])),
  wishes: z.array(z.tuple([z.number(), z.enum(['mute', 'level', 'quiet_hours']), z.boolean(), z.number().nullable()])),
});
export type Why = z.infer<typeof whySchema>;

const policySchema = z.object({
  ...partialPolicySchema.shape,
  connectionTypes: z.array(z.string()).optional(),
  feature: z.string().optional(),
});

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
  before: z.object({ webhookId: z.string(), verdict: beforeVerdictSchema, ms: z.number() }).optional(),
  storedAtMs: z.number().optional(),
  resolvedAtMs: z.number().optional(),
  /** Of a plan of an earlier version it is not known. */
  recipientCount: z.number().optional(),
  recipients: z.array(recipientSchema).optional(),
  /** The message whose plan has the recipients, which are the same. */
  recipientsOf: z.string().optional(),
  why: whySchema.optional(),
  counts: z.record(z.string(), z.number()),
  action: z.string().optional(),
  /** Less what is the default. */
  policy: policySchema.optional(),
  deliveredMeans: z.enum(['attended', 'visible', 'any']).optional(),
  resendOf: z.string().optional(),
  /** Of this message alone, when they came before the plan was written. */
  acks: z.array(ackSchema),
});
/** A plan as it is read back; `acceptedAtMs` is the row's own time. */
export type PlanBody = z.infer<typeof planSchema>;

const acksSchema = z.object({ stream: z.string(), acks: z.array(ackSchema) });

const sentSchema = z
  .tuple([z.string(), z.string(), z.number(), z.number(), z.number(), deviceTypeSchema, z.string()])
  .transform(([userId, connectionId, from, to, atMs, deviceType, page]) => ({
    ...{ userId, connectionId, from, to, atMs, deviceType, page },
  }));
/** The messages that a connection was sent from the log. */
export type SentEntry = z.infer<typeof sentSchema>;

const caughtUpSchema = z.object({ stream: z.string(), sent: z.array(sentSchema) });

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
      from: fallbackCauseSchema.optional(),
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

/**
 * A row as it is read back. A row of a shape that this version does not know is `undefined`: a later version
 * may have written it.
 */
export type ReadRow =
  | { type: 'plan'; at: number; body: PlanBody }
  | { type: 'acks'; at: number; body: z.infer<typeof acksSchema> }
  | { type: 'caught_up'; at: number; body: z.infer<typeof caughtUpSchema> }
  | { type: 'push'; at: number; body: z.infer<typeof pushesSchema> };

export function readRow(row: JourneyRow): ReadRow | undefined {
  const { type, at } = row;
  if (type === 'plan') return withBody(planSchema, row.body, (body) => ({ type, at, body }));
  if (type === 'acks') return withBody(acksSchema, row.body, (body) => ({ type, at, body }));
  if (type === 'caught_up') return withBody(caughtUpSchema, row.body, (body) => ({ type, at, body }));
  if (type === 'push') return withBody(pushesSchema, row.body, (body) => ({ type, at, body }));
  return undefined;
}

/**
 * `acks` are of this message alone; with `recipientsOf` the recipients are left to the plan of that message.
 */
export function planRow(plan: MessageSent, acks: readonly AckedRange[], recipientsOf: string | undefined): JourneyRow {
  const { kind, conversationId, stream, seq, senderId, before, storedAtMs, recipientCount, counts } = plan;
  const { action, deliveredMeans, resendOf } = plan;
  const own = recipientsOf === undefined ? plan.recipients : undefined;
  const body = {
    kind,
    conversationId,
    stream,
    seq,
    senderId,
    before,
    storedAtMs,
    resolvedAtMs: plan.atMs,
    recipientCount,
    counts,
    recipients: own?.map(recipientTuple),
    recipientsOf,
    why: own === undefined ? undefined : whyOf(own),
    policy: plan.policy === undefined ? undefined : withoutDefaults(plan.policy),
    ...{ action, deliveredMeans, resendOf },
    acks: acks.map(ackTuple),
  } satisfies z.input<typeof planSchema>;
  return { messageId: plan.messageId, type: 'plan', at: plan.acceptedAtMs, body: JSON.stringify(body) };
}

const attentionBits = { visible: 2, attended: 1 };
const unknownAttention = -1;

function whyOf(recipients: NonNullable<MessageSent['recipients']>): Why {
  const places = new Map<string, number>();
  const why: Why = { pages: [], connections: [], wishes: [] };
  for (const [place, { realtime, wish }] of recipients.entries()) {
    if (wish !== undefined) why.wishes.push([place, wish.by, wish.ofConversation, wish.untilMs ?? null]);
    for (const { pagePattern, pageVersion, visible, attended } of realtime) {
      const attention = attentionOf(visible, attended);
      if (pagePattern === undefined) {
        why.connections.push([-1, attention]);
        continue;
      }
      const key = `${pageVersion ?? ''} ${pagePattern}`;
      const known = places.get(key) ?? why.pages.push([pagePattern, pageVersion ?? null]) - 1;
      places.set(key, known);
      why.connections.push([known, attention]);
    }
  }
  return why;
}

function attentionOf(visible: boolean | undefined, attended: boolean | undefined): number {
  if (visible === undefined) return unknownAttention;
  return (visible ? attentionBits.visible : 0) + (attended === true ? attentionBits.attended : 0);
}

/** What `whyOf` kept of the connection at a place. */
export function readConnectionWhy({ pages, connections }: Why, place: number) {
  const [pagePlace, attention] = connections[place] ?? [-1, unknownAttention];
  const [pagePattern, version] = pages[pagePlace] ?? [undefined, null];
  return {
    ...(pagePattern !== undefined && { pagePattern }),
    ...(version !== null && { pageVersion: version }),
    ...(attention >= 0 && {
      visible: (attention & attentionBits.visible) !== 0,
      attended: (attention & attentionBits.attended) !== 0,
    }),
  };
}

const defaultPolicy = new Map<string, unknown>(Object.entries(deliveryPolicySchema.parse({})));

function withoutDefaults(policy: StoredPolicy): z.input<typeof policySchema> {
  return Object.fromEntries(Object.entries(policy).filter(([name, value]) => defaultPolicy.get(name) !== value));
}

function recipientTuple(recipient: PlannedRecipient): z.input<typeof recipientSchema> {
  const { userId, realtime, reason, push, pushReason, stream, seq } = recipient;
  return [
    userId,
    realtime.map((each) => [each.connectionId, each.deviceType, each.page, each.reason, each.sentAtMs ?? null]),
    reason ?? null,
    push.map((each) => [
      ...([each.deviceId, each.provider, each.deviceType, each.reason] as const),
      ...(each.from === undefined ? [] : [each.from]),
    ]),
    pushReason ?? null,
    stream ?? null,
    seq ?? null,
  ];
}

function ackTuple(range: AckedRange): z.input<typeof ackSchema> {
  const { userId, connectionId, from, to, visible, atMs, deviceType, page } = range;
  return [userId, connectionId, from, to, visible, atMs, deviceType ?? null, page ?? null];
}

/** One row for all acknowledgements of one stream. */
export function ackRow(acks: readonly [AckedRange, ...AckedRange[]]): JourneyRow {
  const body = { stream: acks[0].stream, acks: acks.map(ackTuple) } satisfies z.input<typeof acksSchema>;
  return { range: hullOf(acks), type: 'acks', at: acks[0].atMs, body: JSON.stringify(body) };
}

/** One row for all that connections were sent from the log of one stream. */
export function caughtUpRow(facts: readonly [MessageCaughtUp, ...MessageCaughtUp[]]): JourneyRow {
  const { stream, atMs } = facts[0];
  const sent = facts.map((each): z.input<typeof sentSchema> => {
    const { userId, connectionId, from, to, deviceType, page } = each;
    return [userId, connectionId, from, to, each.atMs, deviceType, page];
  });
  const body = { stream, sent } satisfies z.input<typeof caughtUpSchema>;
  return { range: hullOf(facts), type: 'caught_up', at: atMs, body: JSON.stringify(body) };
}

interface Range {
  stream: string;
  from: number;
  to: number;
}

/** The narrowest range that has all of theirs. */
function hullOf(ranges: readonly [Range, ...Range[]]): Range {
  const { stream } = ranges[0];
  let { from, to } = ranges[0];
  for (const range of ranges) {
    from = Math.min(from, range.from);
    to = Math.max(to, range.to);
  }
  return { stream, from, to };
}

/**
 * One row for all facts of one message and range. One that covers further messages is found by range, the
 * others by message.
 */
export function pushRow(facts: readonly [PushFact, ...PushFact[]]): JourneyRow {
  const { messageId, stream, seq, through, atMs } = facts[0];
  const body = {
    messageId,
    stream,
    seq,
    through,
    facts: facts.map(({ type: _y, messageId: _m, stream: _s, seq: _q, through: _t, afterMs: _a, ...fact }) => fact),
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
