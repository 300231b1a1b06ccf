// The facts about messages and pushes, as part of the vocabulary in facts.ts. Decides nothing, keeps nothing.

import type { BeforeVerdict, DeviceType, FallbackCause, PushReason, RealtimeReason } from '@belfry/protocol';
import type { StoredPolicy } from './stores/messages.ts';
import type { DeliveredMeans } from './stores/tenancy.ts';

export type MessageFact =
  | MessageAccepted
  | MessageStored
  | MessageSent
  | MessageAcked
  | MessageCaughtUp
  | MessageRead
  | MessageChanged
  | MessageRejected;

/**
 * A broadcast was valid, has an audience and was given an id. One that is stored already under the same key
 * is accepted again, and stored no more.
 */
export interface MessageAccepted {
  type: 'message.accepted';
  atMs: number;
  messageId: string;
  kind: string;
  action: string;
  conversationId?: string;
  senderId?: string;
}

/**
 * It is in a log and cannot be lost any more: in one (`stream`, `seq`), or a copy in the inbox of each
 * recipient (`copies`, by user).
 */
export interface MessageStored extends Omit<MessageAccepted, 'type'> {
  type: 'message.stored';
  data: Readonly<Record<string, unknown>>;
  stream?: string;
  seq?: number;
  copies?: ReadonlyMap<string, { readonly stream: string; readonly seq: number }>;
}

/**
 * The decision of a broadcast for each recipient, and its immediate effect: one fact a broadcast, never one a
 * recipient. Ephemeral events have one as well.
 */
export interface MessageSent {
  type: 'message.sent';
  /** When all of it was decided. */
  atMs: number;
  messageId: string;
  kind: string;
  action: string;
  conversationId?: string;
  /** The one log it was appended to; of a broadcast into many inboxes each recipient has its own. */
  stream?: string;
  seq?: number;
  senderId?: string;
  /** The webhook that was asked before it was accepted. */
  before?: { readonly webhookId: string; readonly verdict: BeforeVerdict; readonly ms: number };
  acceptedAtMs: number;
  storedAtMs?: number;
  /** Undefined above the limit of recipients (`journeyRecipients`): then `counts` alone is known. */
  recipients: readonly PlannedRecipient[] | undefined;
  recipientCount: number;
  /** Connections, devices and recipients without any, by reason. */
  counts: Readonly<Record<string, number>>;
  /** As it was decided by; of what is no broadcast there is none. */
  policy?: StoredPolicy;
  /** The app's setting; only where a push was decided. */
  deliveredMeans?: DeliveredMeans;
  /** The broadcast whose content this one sent again. */
  resendOf?: string;
  /** Left out where nobody may be pushed to. */
  mayPush?: MayPush;
}

/** Whom a message may be pushed to: its recipients but for the sender, where its policy allows a push at all. */
export interface MayPush {
  people: number;
  /** Of these, who gets no push for a reason that was known at once. Of the others a `push.ended` comes later. */
  ended: ReadonlyMap<PushReason, number>;
  /** Of those others, whose push waits for the end of quiet hours. */
  deferred: number;
}

export interface PlannedRecipient {
  userId: string;
  sender?: true;
  /** The recipient's inbox and the place in it. */
  stream?: string;
  seq?: number;
  realtime: readonly PlannedConnection[];
  /** Of a recipient without any connection. */
  reason?: RealtimeReason;
  push: readonly PlannedPush[];
  /** Of a recipient without any device, or one whose devices share one reason. */
  pushReason?: PushReason;
  wish?: PlannedWish;
}

/** The preference that decided about the push. */
export interface PlannedWish {
  by: 'mute' | 'level' | 'quiet_hours';
  ofConversation: boolean;
  untilMs?: number;
}

export interface PlannedConnection {
  connectionId: string;
  deviceType: DeviceType;
  page: string;
  reason: RealtimeReason;
  sentAtMs?: number;
  /** What it was decided by: the policy of the page, and what the client had said. */
  pagePattern?: string | undefined;
  pageVersion?: number | undefined;
  visible?: boolean | undefined;
  attended?: boolean | undefined;
}

export interface PlannedPush {
  deviceId: string;
  provider: string;
  deviceType: DeviceType;
  reason: PushReason;
  /** How long it waits, ms. */
  afterMs?: number;
  /** With `fallback_waiting`: after what the step is taken. */
  from?: FallbackCause | undefined;
}

/** Acknowledgements that were stored together; one fact an app and flush. */
export interface MessageAcked {
  type: 'message.acked';
  atMs: number;
  acked: readonly AckedRange[];
}

/**
 * One connection has now acknowledged the seqs `from` to `to` of a stream: a range that may be wide, so look
 * it up, do not walk it.
 */
export interface AckedRange {
  stream: string;
  userId: string;
  connectionId: string;
  /** One above what this connection had acknowledged before; 1 on its first acknowledgement of the stream. */
  from: number;
  to: number;
  /**
   * The connection was attended (or visible: `deliveredMeans`), or a mobile device: this can hold a push
   * back.
   */
  visible: boolean;
  atMs: number;
  /** Only of a connection that resumed the stream: the broadcasts of what it missed do not know it. */
  deviceType?: DeviceType;
  page?: string;
}

/**
 * One connection was sent the seqs `from` to `to` of a stream from the log: it had been behind, or away. One
 * fact a run without a gap and page read.
 */
export interface MessageCaughtUp {
  type: 'message.caught_up';
  atMs: number;
  stream: string;
  from: number;
  to: number;
  userId: string;
  connectionId: string;
  deviceType: DeviceType;
  page: string;
}

/** A user has read a conversation up to `seq`. */
export interface MessageRead {
  type: 'message.read';
  atMs: number;
  conversationId: string;
  stream: string;
  seq: number;
  userId: string;
  /** Messages of others that became read by this, oldest first; the newest 100 at most. */
  messageIds: readonly string[];
}

/** The app's webhook that is asked before messages did not let it in: it is nowhere. */
export interface MessageRejected extends Omit<MessageAccepted, 'type'> {
  type: 'message.rejected';
  webhookId: string;
  /** In the words of the webhook. */
  reason: string;
}

/** A message was changed, or its content taken away; its place in the stream stays. */
export interface MessageChanged {
  type: 'message.edited' | 'message.deleted';
  atMs: number;
  messageId: string;
  conversationId: string;
  stream: string;
  seq: number;
  senderId?: string | undefined;
  /** Undefined when the app's back end did it. */
  byUserId?: string | undefined;
}

// Pushes

export const pushFactTypes = [
  'push.queued',
  'push.deferred',
  'push.retrying',
  'push.accepted',
  'push.delivered',
  'push.failed',
  'push.withheld',
  'push.opened',
] as const;

/**
 * The outcome of the push of one message to one user, or to one of the user's devices. Without `deviceId` it
 * is about all devices of the user that have not been handed to a provider. With `through` it is also about
 * the messages `seq + 1 .. through` of the stream, which the same notification stands for. A call of a
 * provider is in `attempt`, whatever came of it.
 */
export interface PushFact {
  /**
   * - `push.queued`: decided, a job is queued.
   * - `push.deferred`: it waits, e.g. for the end of quiet hours; decided again `afterMs` later.
   * - `push.retrying`: a provider was called, and will be again `afterMs` later.
   * - `push.accepted`: the provider took it.
   * - `push.delivered`: the provider says that it reached the device.
   * - `push.failed`: it ended otherwise; `reason` says why.
   * - `push.withheld`: it is not needed or not wanted any more.
   * - `push.opened`: the user opened the notification.
   */
  type: (typeof pushFactTypes)[number];
  atMs: number;
  messageId: string;
  stream: string;
  seq: number;
  through?: number;
  userId: string;
  deviceId?: string;
  provider?: string;
  deviceType?: DeviceType;
  reason: PushReason;
  afterMs?: number;
  /** With `collapsed_into`: the seq of the message whose notification stands for this one. */
  collapsedInto?: number;
  /** With `fallback_waiting` and `fallback_from`. */
  from?: FallbackCause | undefined;
  attempt?: PushAttempt;
  /** What the service said later, cut. */
  detail?: string;
}

/**
 * What became of a message for people whom it may be pushed to, as soon as that is known. Each person is counted once
 * for each message, whatever is tried for them and however many devices they have; a kill may lose or repeat some.
 */
export interface PushEnded {
  type: 'push.ended';
  atMs: number;
  /** With `collapsed_into` the notification of another message stands for this one, whatever becomes of that. */
  reason: PushReason;
  /** Above 0. */
  count: number;
}

/** One call of a provider. */
export interface PushAttempt {
  number: number;
  /** How long the call took. */
  ms: number;
  outcome: 'accepted' | 'retry' | 'rejected';
  /** The answer of the provider, cut and with secrets masked. */
  detail?: string;
  providerMessageId?: string;
}
