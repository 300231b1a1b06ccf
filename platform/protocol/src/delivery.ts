// A broadcast request, the policy it is delivered under, and the answer to it. Carrying it out is
// broadcasting's.
import * as z from 'zod';
import {
  cidSchema,
  conversationIdSchema,
  deviceTypeSchema,
  jsonObjectSchema,
  topicSchema,
  userIdSchema,
  uuidSchema,
} from './ids.ts';
import { errorTable, type ErrorCode } from './error-table.ts';
import { featureSchema } from './feature-name.ts';
import { actionNameSchema, kindNameSchema, roleSchema } from './messages.ts';
import { reasonCountsSchema } from './reasons.ts';
import { seqSchema, streamSchema } from './streams.ts';

const deviceTypeListSchema = z.array(deviceTypeSchema).min(1).max(8);

/** In the order of urgency. */
export const prioritySchema = z.enum(['low', 'normal', 'high', 'urgent']);
export type Priority = z.infer<typeof prioritySchema>;

/** The longest wait of a push for an acknowledgement, of a policy or an app. */
export const maxWaitMs = 600_000;

const policyFields = {
  /** Which connections get the event at once. */
  realtime: z.union([z.enum(['all', 'none']), deviceTypeListSchema]),
  push: z.enum(['never', 'undelivered', 'always']),
  /** Tried in order: the next type only when the user has no device of the one before. */
  pushTo: z.union([z.literal('all'), deviceTypeListSchema]),
  /** How long a push to a user who is online waits for an acknowledgement; the app's setting unless said. */
  waitMs: z.int().min(0).max(maxWaitMs),
  /** How long a push is worth having, at most four weeks (the longest that FCM and Web Push keep one). */
  ttlSeconds: z.int().min(0).max(2_419_200),
  priority: prioritySchema,
  /** Notifications of one key replace each other on the device; made from stream and user unless said. */
  collapseKey: z.string().min(1).max(64),
  /** Whether mutes, levels and quiet hours apply. Urgent priority passes quiet hours in any case. */
  respectPreferences: z.boolean(),
};

export const deliveryPolicySchema = z
  .strictObject({
    realtime: policyFields.realtime.default('all'),
    push: policyFields.push.default('undelivered'),
    pushTo: policyFields.pushTo.default('all'),
    waitMs: policyFields.waitMs.optional(),
    ttlSeconds: policyFields.ttlSeconds.default(86_400),
    priority: policyFields.priority.default('normal'),
    collapseKey: policyFields.collapseKey.optional(),
    respectPreferences: policyFields.respectPreferences.default(true),
  })
  .meta({ id: 'DeliveryPolicy' });
export type DeliveryPolicy = z.infer<typeof deliveryPolicySchema>;

/**
 * The part of the policy that a kind gives; the rest is the default. Built without defaults, which would fill
 * in what is left out.
 */
export const partialPolicySchema = z.strictObject(policyFields).partial();
export type PartialPolicy = z.infer<typeof partialPolicySchema>;

const audienceFilters = {
  deviceTypes: deviceTypeListSchema.optional(),
  connectionTypes: z.array(z.string().min(1).max(64)).min(1).max(32).optional(),
};

/**
 * The audience. The filters narrow which of their connections get the event; they do not take away
 * recipients.
 */
export const audienceSchema = z
  .union([
    z.strictObject({ conversation: conversationIdSchema, ...audienceFilters }),
    z.strictObject({ users: z.array(userIdSchema).min(1).max(10_000), ...audienceFilters }),
    z.strictObject({ topic: topicSchema, ...audienceFilters }),
    z.strictObject({ everyone: z.literal(true), ...audienceFilters }),
  ])
  .meta({ id: 'Audience' });
export type Audience = z.infer<typeof audienceSchema>;

export const builtInKinds = [
  'message',
  'consultation_reply',
  'mobile_notification',
  'typing',
  'read',
  'system_notification',
  'direct',
  'announcement',
] as const;
export type BuiltInKind = (typeof builtInKinds)[number];

/**
 * The senders of a kind. `users`: nobody with a user token, every participant of the conversation, or those
 * whose
 * role in the conversation is among these.
 */
export const sentBySchema = z
  .strictObject({
    backEnds: z.boolean().default(true),
    hooks: z.boolean().default(true),
    users: z.union([z.boolean(), z.array(roleSchema).min(1).max(32)]).default(false),
  })
  .meta({ id: 'SentBy' });
export type SentBy = z.infer<typeof sentBySchema>;

/** A kind that a tenant adds: data that presets action, audience and policy. */
export const kindSchema = z
  .strictObject({
    kind: kindNameSchema.refine(
      (kind) => !builtInKinds.some((builtIn) => builtIn === kind),
      'is the name of a built-in kind',
    ),
    action: actionNameSchema,
    /** `inbox` is one user's, `users` are those named. */
    audience: z.enum(['conversation', 'inbox', 'users', 'topic', 'everyone']),
    /** In which log it is kept; in none, it reaches only who is connected now. */
    durable: z.union([z.enum(['conversation', 'inbox']), z.literal(false)]).default(false),
    /** A connection's page must have it to get the event. */
    feature: featureSchema.optional(),
    /** Left out: back ends and hooks. */
    sentBy: sentBySchema.optional(),
    policy: partialPolicySchema.default({}),
  })
  .meta({ id: 'Kind' });
export type Kind = z.infer<typeof kindSchema>;

/** Either a kind, or an action with a policy of its own. */
export const broadcastRequestSchema = z
  .strictObject({
    kind: kindNameSchema.optional(),
    action: actionNameSchema.optional(),
    policy: deliveryPolicySchema.optional(),
    data: jsonObjectSchema,
    audience: audienceSchema,
    sender: userIdSchema.optional(),
    /** The same key again, with the same request, is answered as before and does nothing. */
    idempotencyKey: cidSchema.optional(),
    /** Only these of the audience; users who are not in it are reported as `not_a_member`. */
    targetUserIds: z.array(userIdSchema).min(1).max(10_000).optional(),
    /** None of these, although they are in the audience. */
    exclude: z.array(userIdSchema).max(10_000).optional(),
  })
  .superRefine((request, context) => {
    const { kind, action, policy } = request;
    const add = (path: string, message: string): void => context.addIssue({ code: 'custom', path: [path], message });
    if (kind === undefined && action === undefined) add('kind', 'either kind, or action and policy, is needed');
    if (kind !== undefined && action !== undefined) add('action', 'kind and action exclude each other');
    if (kind !== undefined && policy !== undefined) add('policy', 'a kind brings its own policy');
    if (action !== undefined && policy === undefined) add('policy', 'an action needs a policy');
  })
  .meta({ id: 'BroadcastRequest' });
export type BroadcastRequest = z.infer<typeof broadcastRequestSchema>;
export type BroadcastInput = z.input<typeof broadcastRequestSchema>;

/** `stream` and `seq` are there when it was appended to exactly one log. */
export const broadcastResultSchema = z
  .object({
    id: uuidSchema,
    stream: streamSchema.optional(),
    seq: seqSchema.optional(),
    duplicate: z.boolean(),
    /** Users, of whom some may not be connected. Of a topic and of everyone: those who are. */
    recipients: z.int().min(0),
    /** Connections it was handed to, on all nodes; of a topic on the node that was asked alone. */
    connections: z.int().min(0),
    decisions: reasonCountsSchema,
  })
  .meta({ id: 'BroadcastResult' });
export type BroadcastResult = z.infer<typeof broadcastResultSchema>;

// Object.keys of a constant literal: the cast says no more than the table does.
export const errorCodeSchema = z.enum(Object.keys(errorTable) as ErrorCode[]);

/** At most this many broadcasts in one batch. */
export const maxBatch = 500;

/** The items are validated one by one, so that a mistake in one costs none of the others. */
export const batchRequestSchema = z.strictObject({ broadcasts: z.array(z.unknown()).min(1).max(maxBatch) });

/** In the order of the request. */
export const batchResultSchema = z.object({
  results: z.array(
    z.union([
      broadcastResultSchema,
      z.object({
        code: errorCodeSchema,
        detail: z.string(),
        status: z.int(),
        path: z.array(z.union([z.string(), z.number()])).optional(),
      }),
    ]),
  ),
});
export type BatchResult = z.infer<typeof batchResultSchema>;

/** A user's open connection, as `GET /users/{id}/devices` and `getUserDeviceInfo` list it. */
export const connectionInfoSchema = z
  .object({
    connectionId: uuidSchema,
    deviceType: deviceTypeSchema,
    connectedAt: z.iso.datetime({ precision: 3 }),
    page: z.string(),
    node: z.string(),
    visible: z.boolean(),
    /** Somebody sits there, as the client says; as `visible` where it does not. */
    attended: z.boolean(),
    /** The version of the page policy that the client has put into effect; left out where it does not say. */
    policyVersion: z.int().min(0).optional(),
  })
  .meta({ id: 'Connection' });
export type ConnectionInfo = z.infer<typeof connectionInfoSchema>;
