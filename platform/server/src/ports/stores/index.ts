// All stores of one engine, together. Which engine it is, is compose's business.

import type { AccountLinkStore, AccountStore, ConsoleSessionStore, TeamStore } from './accounts.ts';
import type { AuditStore } from './audit.ts';
import type { ConversationStore } from './conversations.ts';
import type { CursorStore } from './cursors.ts';
import type { DeadLetterStore, DeadLetterTotal } from './dead-letters.ts';
import type { DeliveryStore } from './deliveries.ts';
import type { ErasureStore } from './erasures.ts';
import type { FigureStore } from './figures.ts';
import type { HookDeliveryStore, HookDirectory, HookStore } from './hooks.ts';
import type { IdempotencyStore } from './idempotency.ts';
import type { JourneyIndexStore } from './journey-index.ts';
import type { JourneyStore } from './journeys.ts';
import type { MessageStore, OutboxStore } from './messages.ts';
import type { WebhookEventStore, WebhookRelayStore, WebhookStore } from './outbound.ts';
import type { PreferenceStore } from './preferences.ts';
import type { KindStore, PageStore, ProviderStore } from './settings.ts';
import type { InstallationStore, TenancyStore } from './tenancy.ts';
import type { UploadStore } from './uploads.ts';
import type { UsageStore } from './usage.ts';
import type { DeviceStore, UserStore } from './users.ts';

/**
 * Guarantees common to all: methods reject with a BelfryError `unavailable` when the engine can't be reached,
 * and with nothing else that is expected.
 */
export interface Stores {
  installation: InstallationStore;
  tenancy: TenancyStore;
  pages: PageStore;
  kinds: KindStore;
  providers: ProviderStore;
  conversations: ConversationStore;
  messages: MessageStore;
  outbox: OutboxStore;
  deadLetters: DeadLetterStore;
  deadLetterTotal: DeadLetterTotal;
  deliveries: DeliveryStore;
  cursors: CursorStore;
  users: UserStore;
  devices: DeviceStore;
  preferences: PreferenceStore;
  usage: UsageStore;
  figures: FigureStore;
  journeys: JourneyStore;
  journeyIndex: JourneyIndexStore;
  idempotency: IdempotencyStore;
  hooks: HookStore;
  hookDirectory: HookDirectory;
  hookDeliveries: HookDeliveryStore;
  webhooks: WebhookStore;
  webhookEvents: WebhookEventStore;
  webhookRelay: WebhookRelayStore;
  uploads: UploadStore;
  erasures: ErasureStore;
  accounts: AccountStore;
  consoleSessions: ConsoleSessionStore;
  teams: TeamStore;
  accountLinks: AccountLinkStore;
  audit: AuditStore;
  state(): 'up' | 'down';
  /** Finishes what was asked for, then closes. Idempotent. */
  close(): Promise<void>;
}

export type * from './additions.ts';
export type * from './accounts.ts';
export type * from './audit.ts';
export type * from './conversations.ts';
export type * from './counted.ts';
export type * from './cursors.ts';
export type * from './dead-letters.ts';
export type * from './deliveries.ts';
export type * from './erasing.ts';
export type * from './erasures.ts';
export type * from './figures.ts';
export type * from './hooks.ts';
export type * from './idempotency.ts';
export type * from './journey-index.ts';
export type * from './journeys.ts';
export type * from './messages.ts';
export type * from './outbound.ts';
export type * from './page.ts';
export type * from './preferences.ts';
export type * from './settings.ts';
export type * from './tenancy.ts';
export type * from './uploads.ts';
export type * from './usage.ts';
export type * from './users.ts';
export type * from './versioned.ts';
