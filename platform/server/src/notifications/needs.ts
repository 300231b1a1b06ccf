// What notifications need of other capabilities, as narrow as they need it. Compose passes it in; nothing here does anything.
import type { Clearing, Delivery, MessageType, Outcome, ProviderLimits, ProviderSupports } from '@belfry/plugin-kit';
import type { PushQuota } from '@belfry/protocol';
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
