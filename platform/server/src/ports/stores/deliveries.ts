// Pushes that a provider took, kept for what is heard of them later: receipts, openings, and how far the steps of
// a fall-back chain have gone. Not the journey, which tells people what became of a message.

import type { DeviceType } from '@belfry/protocol';
import type { AppId } from '../app-id.ts';
import type { Erased, EraseRequest } from './erasing.ts';
import type { Page, PageRequest } from './page.ts';

export interface DeliveryRecord {
  /** The host's own; unique in the app. */
  id: string;
  /** The configuration that it was handed to. */
  provider: string;
  /** What the service called it. */
  providerMessageId?: string;
  userId: string;
  /** The newest of the messages that it told of. */
  about: { messageId: string; stream: string; seq: number };
  device: { id: string; deviceType: DeviceType };
  /** When the provider took it, ms since the epoch. */
  acceptedAt: number;
}

export type DeliveryEvent = 'delivered' | 'opened' | 'failed';

export interface KnownDelivery extends DeliveryRecord {
  /** What was heard of it, in no order. */
  events: readonly DeliveryEvent[];
}

export interface DeliveryNames {
  ids: readonly string[];
  /** Looked for among those of this provider. */
  of?: { provider: string; providerMessageIds: readonly string[] };
}

/** How far one channel of a user has been told of a stream, by a step of a fall-back chain. */
export interface Reservation {
  /** Names stream, user and channel. */
  key: string;
  userId: string;
  /** Who reserves: asked again by the same, it is given again. */
  owner: string;
  through: number;
  /** ms since the epoch. */
  at: number;
}

/** Guarantees: durable as messages. No method has to change two records together. */
export interface DeliveryStore {
  /** An id that is there keeps its events, and takes the provider's newer name of it. */
  put(app: AppId, records: readonly DeliveryRecord[]): Promise<void>;
  /** Those that are there, in no order; of a name that several have, the newest. */
  find(app: AppId, names: DeliveryNames): Promise<KnownDelivery[]>;
  /** True for the first that says so, of however many at once; false where it is known, or there is none. */
  addEvent(app: AppId, id: string, event: DeliveryEvent): Promise<boolean>;
  /** Those of a provider that it took from `from` on and before `before`, the oldest first. */
  accepted(
    app: AppId,
    provider: string,
    request: PageRequest & { from: number; before: number },
  ): Promise<Page<KnownDelivery>>;
  /**
   * Reserves up to `through` where less was reserved before. Says what stands then, and whether it is the
   * caller's. Of several at once that reserve the same, one gets it.
   */
  reserve(app: AppId, reservation: Reservation): Promise<{ isMine: boolean; through: number }>;
  /** Deletes what is older than `beforeMs`; the number deleted, at most `limit` of each sort. */
  prune(app: AppId, beforeMs: number, limit: number): Promise<number>;
  /** Deletes the oldest deliveries above `keep`; the number deleted, at most `limit`. */
  trim(app: AppId, keep: number, limit: number): Promise<number>;
  /** All of the user. */
  erase(app: AppId, request: EraseRequest): Promise<Erased>;
}
