// The one vocabulary of what happened, and how it reaches those that listen: journey, metrics, webhooks and live
// views. Decides nothing, keeps nothing.

import type { DeviceType, HookOutcome } from '@belfry/protocol';
import type { AppId } from './app-id.ts';
import type { MessageFact, PushEnded, PushFact } from './message-facts.ts';

/**
 * All times are ms since the epoch; `atMs` is when it happened. A fact is handed over: nobody changes it
 * afterwards, and lists in it may be shared.
 */
export type Fact =
  | MessageFact
  | PushFact
  | PushEnded
  | ConnectionFact
  | ConversationFact
  | DeviceFact
  | SettingFact
  | HookReceived
  | WebhookDisabled;

export type FactType = Fact['type'];

/** The facts that can have one of the types `T`. */
export type FactOf<T extends FactType, F extends Fact = Fact> = F extends Fact
  ? Extract<F['type'], T> extends never
    ? never
    : F
  : never;

/**
 * Guarantees: `record` never throws, never waits and calls no listener: each listener gets facts in batches a
 * moment later, those of one app in the order in which they were recorded. A listener that throws is logged
 * and loses that batch; one that is slower than what happens loses the newest beyond a bound, counted by its
 * name. Neither hurts another listener. Facts are of this process alone and kept nowhere: a kill loses those
 * of the last moment.
 */
export interface Facts {
  /** A fact of a type that nobody listens to costs one look-up. */
  record(app: AppId, fact: Fact): void;
  /** Whether anybody listens to this type: asked on hot paths before a fact is built. */
  wants(type: FactType): boolean;
  /**
   * `name` is the listener's in log lines and metrics. The next batch comes when the promise of the one
   * before has ended.
   */
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

// Connections

export type ConnectionFact = ConnectionOpened | ConnectionClosed | ConnectionMoved | ConnectionLost;

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

/** Its node died: recorded by the node that cleaned up after it, for one connection of each user. */
export interface ConnectionLost extends Omit<ConnectionOpened, 'type'> {
  type: 'connection.lost';
}

/** The client went to another page; a new policy of the same page is no move. */
export interface ConnectionMoved extends Omit<ConnectionOpened, 'type'> {
  type: 'connection.moved';
  /** The page before. */
  from: string;
}

// Conversations

export type ConversationFact = ConversationCreated | ConversationChanged | ConversationRemoved | ParticipantChanged;

export interface ConversationCreated {
  type: 'conversation.created';
  atMs: number;
  conversationId: string;
  participants: readonly { readonly userId: string; readonly role: string }[];
}

/** Each given value is another than before; null: it was taken away. */
export interface ConversationChanged {
  type: 'conversation.changed';
  atMs: number;
  conversationId: string;
  title?: string | null | undefined;
  metadata?: Readonly<Record<string, unknown>> | null | undefined;
}

/** It went with all its messages. */
export interface ConversationRemoved {
  type: 'conversation.removed';
  atMs: number;
  conversationId: string;
  /** Its participants until then. */
  userIds: readonly string[];
}

/** `changed`: has another role, or other metadata, than before. */
export interface ParticipantChanged {
  type: 'participant.added' | 'participant.changed' | 'participant.removed';
  atMs: number;
  conversationId: string;
  userId: string;
  /** Unknown of one who was removed. */
  role?: string;
}

// Devices

export type DeviceFact = DeviceRegistered | DeviceGone | DeviceClaimed;

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
  /**
   * `removed`: by a call. `target_gone`: its provider does not know it any more. `moved`: another user has its
   * target now. `replaced`: another was one too many. `unsubscribed`: by the address that went with a push.
   */
  because: 'removed' | 'target_gone' | 'moved' | 'replaced' | 'unsubscribed';
}

/** Somebody who may not have it wanted to register the target of a user's device. */
export interface DeviceClaimed {
  type: 'device.claimed';
  atMs: number;
  deviceId: string;
  /** Whose it is, and stays. */
  userId: string;
  provider: string;
  /** Who wanted it. */
  by: string;
}

// Settings of an app

export type SettingFact = PolicyChanged | ProviderPaused | ProviderResumed | ProviderQuarantined | ProviderRecovered;

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

/** Its service failed too often: it is called now and then, until it answers. Pushes wait meanwhile. */
export interface ProviderQuarantined {
  type: 'provider.quarantined';
  atMs: number;
  provider: string;
  /** The last failure. */
  reason: string;
  /** Calls of the last minutes by what came of them. */
  errors: Readonly<Record<string, number>>;
}

export interface ProviderRecovered {
  type: 'provider.recovered';
  atMs: number;
  provider: string;
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

// Webhooks that leave

/** Nothing came through for so long that nothing is sent to it any more, until somebody resumes it. */
export interface WebhookDisabled {
  type: 'webhook.disabled';
  atMs: number;
  webhookId: string;
  because: 'gone' | 'failing';
  detail: string;
}
