// The one vocabulary of what happened, and how it reaches those that listen: journey, metrics, later webhooks and live views. Decides nothing, keeps nothing.

import type { DeviceType, HookOutcome, PushReason, RealtimeReason } from '@belfry/protocol';
import type { AppId } from './app-id.ts';

/** All times are ms since the epoch; `atMs` is when it happened. A fact is handed over: nobody changes it afterwards, and lists in it may be shared. */
export type Fact = MessageFact | PushFact | ConnectionFact | ConversationFact | DeviceFact | SettingFact | HookReceived;

export type FactType = Fact['type'];

/** The facts that can have one of the types `T`. */
export type FactOf<T extends FactType, F extends Fact = Fact> = F extends Fact
  ? Extract<F['type'], T> extends never
    ? never
    : F
  : never;

/**
 * Guarantees: `record` never throws, never waits and calls no listener: each listener gets facts in batches a moment later, those of one app in the order
 * in which they were recorded. A listener that throws is logged and loses that batch; one that is slower than what happens loses the newest beyond a
 * bound, counted by its name. Neither hurts another listener. Facts are of this process alone and kept nowhere: a kill loses those of the last moment.
 */
export interface Facts {
  /** A fact of a type that nobody listens to costs one look-up. */
  record(app: AppId, fact: Fact): void;
  /** Whether anybody listens to this type: asked on hot paths before a fact is built. */
  wants(type: FactType): boolean;
  /** `name` is the listener's in log lines and metrics. The next batch comes when the promise of the one before has settled. */
  subscribe<T extends FactType>(name: string, types: readonly T[], listen: FactListener<T>): FactSubscription;
  /** Resolves when every listener is done with what was recorded before the call. Never rejects. */
  flush(): Promise<void>;
  /** Flushes once more, then takes nothing. */
  stop(): Promise<void>;
}

export type FactListener<T extends FactType> = (app: AppId, facts: readonly FactOf<T>[]) => void | Promise<void>;

export interface FactSubscription {
  /** As `Facts.flush`, of this listener alone. */
  flush(): Promise<void>;
  /** From here on nothing more is delivered; what waits is let go. */
  end(): void;
}

// Messages

export type MessageFact =
  MessageAccepted | MessageStored | MessageSent | MessageAcked | MessageCaughtUp | MessageRead | MessageChanged;

/** A broadcast was valid, has an audience and was given an id. One that is stored already under the same key is accepted again, and stored no more. */
export interface MessageAccepted {
  type: 'message.accepted';
  atMs: number;
  messageId: string;
  kind: string;
  action: string;
  conversationId?: string | undefined;
  senderId?: string | undefined;
}

/** It is in a log and cannot be lost any more: in one (`stream`, `seq`), or a copy in the inbox of each recipient (`copies`, by user). */
export interface MessageStored extends Omit<MessageAccepted, 'type'> {
  type: 'message.stored';
  data: Readonly<Record<string, unknown>>;
  stream?: string;
  seq?: number;
  copies?: ReadonlyMap<string, { readonly stream: string; readonly seq: number }>;
}

/** What a broadcast decided for each recipient, and did at once: one fact a broadcast, never one a recipient. Ephemeral events have one as well. */
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
  acceptedAtMs: number;
  storedAtMs?: number;
  /** Undefined above the limit of recipients (`journeyRecipients`): then `counts` alone is known. */
  recipients: readonly PlannedRecipient[] | undefined;
  recipientCount: number;
  /** Connections, devices and recipients without any, by reason. */
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

/** Acknowledgements that were stored together; one fact an app and flush. */
export interface MessageAcked {
  type: 'message.acked';
  atMs: number;
  acked: readonly AckedRange[];
}

/** One connection has now acknowledged the seqs `from` to `to` of a stream: a range that may be wide, so look it up, do not walk it. */
export interface AckedRange {
  stream: string;
  userId: string;
  connectionId: string;
  /** One above what this connection had acknowledged before; 1 on its first acknowledgement of the stream. */
  from: number;
  to: number;
  /** The connection was visible or a mobile device: its acknowledgement can hold a push back. */
  visible: boolean;
  atMs: number;
  /** Only of a connection that resumed the stream: the broadcasts of what it missed do not know it. */
  deviceType?: DeviceType;
  page?: string;
}

/** One connection was sent the seqs `from` to `to` of a stream from the log: it had been behind, or away. One fact a run without a gap and page read. */
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
  'push.failed',
  'push.withheld',
  'push.opened',
] as const;

/**
 * What became of the push of one message to one user, or to one of the user's devices. Without `deviceId` it is about all devices of the user that have not
 * been handed to a provider. With `through` it is also about the messages `seq + 1 .. through` of the stream, which the same notification stands for.
 * A call of a provider is in `attempt`, whatever came of it.
 */
export interface PushFact {
  /**
   * - `push.queued`: decided, a job is queued.
   * - `push.deferred`: it waits, e.g. for the end of quiet hours; decided again `afterMs` later.
   * - `push.retrying`: a provider was called, and will be again `afterMs` later.
   * - `push.accepted`: the provider took it.
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
  attempt?: PushAttempt;
}

/** One call of a provider. */
export interface PushAttempt {
  number: number;
  /** How long the call took. */
  ms: number;
  outcome: 'accepted' | 'retry' | 'rejected';
  /** What the provider said, cut and with secrets masked. */
  detail?: string;
  providerMessageId?: string;
}

// Connections

export type ConnectionFact = ConnectionOpened | ConnectionClosed | ConnectionMoved;

export interface ConnectionOpened {
  type: 'connection.opened';
  atMs: number;
  connectionId: string;
  userId: string;
  /** The client's own id of the device. */
  deviceId: string;
  deviceType: DeviceType;
  page: string;
  node: string;
}

export interface ConnectionClosed extends Omit<ConnectionOpened, 'type'> {
  type: 'connection.closed';
  /** The WebSocket's. */
  code: number;
}

/** The client went to another page; a new policy of the same page is no move. */
export interface ConnectionMoved extends Omit<ConnectionOpened, 'type'> {
  type: 'connection.moved';
  /** The page before. */
  from: string;
}

// Conversations

export type ConversationFact = ConversationCreated | ConversationChanged | ParticipantChanged;

export interface ConversationCreated {
  type: 'conversation.created';
  atMs: number;
  conversationId: string;
  participants: readonly { readonly userId: string; readonly role: string }[];
}

/** Its title or attributes were set; or it went with all its messages. */
export interface ConversationChanged {
  type: 'conversation.changed' | 'conversation.removed';
  atMs: number;
  conversationId: string;
}

export interface ParticipantChanged {
  type: 'participant.added' | 'participant.changed' | 'participant.removed';
  atMs: number;
  conversationId: string;
  userId: string;
  /** Unknown of one who was removed. */
  role?: string;
}

// Devices

export type DeviceFact = DeviceRegistered | DeviceGone;

export interface DeviceRegistered {
  type: 'device.registered';
  atMs: number;
  deviceId: string;
  userId: string;
  provider: string;
  deviceType: DeviceType;
  /** False when the target was registered before, by this user or another. */
  isNew: boolean;
}

export interface DeviceGone {
  type: 'device.gone';
  atMs: number;
  deviceId: string;
  userId: string;
  provider: string;
  /** `removed`: by a call. `target_gone`: its provider does not know it any more. */
  because: 'removed' | 'target_gone';
}

// Settings of an app

export type SettingFact = PolicyChanged | ProviderPaused | ProviderResumed;

/** A page policy has a new version. */
export interface PolicyChanged {
  type: 'policy.changed';
  atMs: number;
  pattern: string;
  version: number;
  by: string;
  /** The page has no policy of its own any more. */
  removed: boolean;
}

/** Nothing is sent through it until it is configured anew or resumed. */
export interface ProviderPaused {
  type: 'provider.paused';
  atMs: number;
  provider: string;
  reason: string;
}

export interface ProviderResumed {
  type: 'provider.resumed';
  atMs: number;
  provider: string;
}

// Hooks

/** A webhook with a right signature came in, or one of before was replayed; and what came of it. */
export interface HookReceived {
  type: 'hook.received';
  atMs: number;
  hookId: string;
  webhookId: string;
  deliveryId: string;
  outcome: HookOutcome;
  /** The broadcast it became, now or the first time. */
  messageId?: string;
  /** The error code, when it became none. */
  code?: string;
}
