// What others tell journey: the plan of a broadcast and what happened since. How it is kept: rows.ts; how it is read: fold.ts.

import type { DeviceType, PushReason, RealtimeReason } from '@belfry/protocol';

/** What a broadcast decided and did at once. Handed over: the caller does not change it any more. Times are ms since the epoch. */
export interface JourneyPlan {
  messageId: string;
  kind: string;
  action: string;
  conversationId?: string;
  /** The one log it was appended to; of a broadcast into many inboxes each recipient has its own. */
  stream?: string;
  seq?: number;
  senderId?: string;
  acceptedAtMs: number;
  storedAtMs?: number;
  resolvedAtMs?: number;
  /** Undefined above the limit of recipients (`journeyRecipients`): then `counts` alone is kept. */
  recipients: readonly PlannedRecipient[] | undefined;
  recipientCount: number;
  counts: Readonly<Record<string, number>>;
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
}

export interface PlannedConnection {
  connectionId: string;
  deviceType: DeviceType;
  page: string;
  reason: RealtimeReason;
  sentAtMs?: number;
}

export interface PlannedPush {
  deviceId: string;
  provider: string;
  deviceType: DeviceType;
  reason: PushReason;
  /** How long it waits, ms. */
  afterMs?: number;
}

/** A connection's reason changed after the plan, e.g. it was behind and has caught up. */
export interface RealtimeFact {
  messageId: string;
  connectionId: string;
  userId: string;
  reason: RealtimeReason;
  atMs: number;
  /** Needed to show a connection that the plan did not know. */
  deviceType?: DeviceType;
  page?: string;
}

/** A connection acknowledged seqs `from..to` of a stream. */
export interface AckFact {
  stream: string;
  userId: string;
  connectionId: string;
  from: number;
  to: number;
  /** Somebody was looking, or it is a mobile device. */
  visible: boolean;
  atMs: number;
  /** Needed to show a connection that the plan did not know: one that came later and resumed. */
  deviceType?: DeviceType;
  page?: string;
}

/**
 * What became of a push. Without `deviceId` it is about all devices of the user that have not been handed to a provider. With `through` it is also about
 * the messages `seq + 1 .. through` of the stream, which the same notification stands for.
 */
export interface PushFact {
  messageId: string;
  stream: string;
  seq: number;
  through?: number;
  userId: string;
  deviceId?: string;
  provider?: string;
  deviceType?: DeviceType;
  reason: PushReason;
  atMs: number;
  afterMs?: number;
  /** With `collapsed_into`: the seq whose notification stands for this message. */
  collapsedInto?: number;
  attempt?: PushAttempt;
}

export interface PushAttempt {
  number: number;
  /** How long the provider's call took. */
  ms: number;
  outcome: 'accepted' | 'retry' | 'rejected';
  /** What the provider said, cut and with secrets masked. */
  detail?: string;
  providerMessageId?: string;
}
