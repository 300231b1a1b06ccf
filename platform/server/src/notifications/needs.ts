// What notifications need of other capabilities, as narrow as they need it. Compose passes it in; nothing here does anything.
import type { Clearing, Delivery, MessageType, Outcome, ProviderLimits, ProviderSupports } from '@belfry/plugin-kit';
import type { DeviceType, PushQuota, PushReason } from '@belfry/protocol';
import type { AppId } from '../ports/app-id.ts';
import type { StoredMessage } from '../ports/stores/index.ts';

/** One configuration of a provider, as things stand when it is asked for. */
export interface PushProvider {
  readonly id: string;
  /** The plugin's id. */
  readonly plugin: string;
  readonly state: 'on' | 'off' | 'paused';
  readonly reason?: string;
  readonly limits: ProviderLimits;
  readonly supports: ProviderSupports;
  readonly quota?: PushQuota;
  /** Never throws and never hangs. `said`: what the provider adds to the log line of the call. */
  send(delivery: Delivery, call: PushCall): Promise<PushOutcome>;
  clear?(clearing: Clearing, call: PushCall): Promise<PushOutcome>;
}

export interface PushCall {
  signal: AbortSignal;
  attempt: number;
}

export type PushOutcome = Outcome & { readonly said?: Readonly<Record<string, unknown>> };

export interface PushProviders {
  providers(app: AppId): Promise<readonly PushProvider[]>;
  /** After refused credentials: nothing more is sent through it until somebody mends it. */
  pause(app: AppId, providerId: string, reason: string): Promise<void>;
}

/** What became of the push of one message to one user, or to one of the user's devices. */
export interface PushFact {
  messageId: string;
  stream: string;
  seq: number;
  /** How far the claim covers, where a claim is what happened. */
  through?: number;
  userId: string;
  /** Absent: it holds for each of the user's devices. */
  deviceId?: string;
  provider?: string;
  deviceType?: DeviceType;
  reason: PushReason;
  atMs: number;
  /** With `retrying`: the next attempt is this much later. */
  afterMs?: number;
  /** With `collapsed_into`: the seq of the message whose notification stands for this one. */
  collapsedInto?: number;
  attempt?: PushAttempt;
}

/** One call of a provider; `detail` holds no secret. */
export interface PushAttempt {
  number: number;
  ms: number;
  outcome: Outcome['outcome'];
  detail?: string;
  providerMessageId?: string;
}

export interface PushJourney {
  push(app: AppId, facts: readonly PushFact[]): void;
}

export type MessagePreview = Pick<MessageType, 'displayName' | 'preview'> &
  Partial<Pick<MessageType, 'version' | 'schema' | 'upgrade'>>;

export interface PushSettings {
  /** Of messages whose policy names none, ms. */
  waitMs: number;
  deliveredMeans: 'visible' | 'any';
  /** Of the app, over all of its providers. */
  pushQuota?: PushQuota;
}

/** Those who may be pushed a message: its audience less its sender. Asked by the relay, when nobody remembers any more. */
export type RecipientsOf = (app: AppId, message: StoredMessage) => Promise<readonly string[]>;
