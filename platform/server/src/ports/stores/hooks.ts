// Inbound webhooks: the hooks of an app, what came in by them, and which app a hook's id belongs to. Not who
// may post, nor what becomes of it: hooks/.

import type { HookOutcome } from '@belfry/protocol';
import type { AppId } from '../app-id.ts';
import type { Erased, EraseRequest } from './erasing.ts';
import type { Sealed } from './tenancy.ts';

export interface HookSecret {
  /** `whsec_...`, bound to app and hook. */
  secret: Sealed;
  createdAt: number;
  /** ms since the epoch; verifies nothing from then on. The newest has none. */
  expiresAt?: number;
}

export interface HookRecord {
  id: string;
  /** 1 when made, one more with every change. */
  version: number;
  /** JSONata. */
  mapping: string;
  enabled: boolean;
  /** Owned by the provision file: read-only elsewhere. */
  managed: boolean;
  /** The newest first. */
  secrets: readonly HookSecret[];
  createdAt: number;
  updatedAt: number;
}

/** Guarantees: durable as messages. Whether an id may be used at all, HookDirectory says. */
export interface HookStore {
  /** By id. */
  list(app: AppId): Promise<readonly HookRecord[]>;
  get(app: AppId, id: string): Promise<HookRecord | undefined>;
  /**
   * Stores it when its version is one above the present one (1 where there is none); false when another was
   * faster.
   */
  put(app: AppId, hook: HookRecord): Promise<boolean>;
  remove(app: AppId, id: string): Promise<boolean>;
}

/**
 * The ids of all hooks of the installation: they stand in URLs that name no app. Guarantees: durable as
 * messages; of several claims of one id the first wins.
 */
export interface HookDirectory {
  appOf(id: string): Promise<AppId | undefined>;
  /** The app that has it now: this one, or the one that was there before. */
  claim(id: string, app: AppId): Promise<AppId>;
  /** Does nothing for an id that is not the app's. */
  release(id: string, app: AppId): Promise<void>;
}

export interface HookDelivery {
  /** UUIDv7, so that ids are in the order in which they came. */
  id: string;
  hookId: string;
  webhookId: string;
  receivedAt: number;
  outcome: HookOutcome;
  reason?: { code: string; detail: string; path?: (string | number)[] };
  /**
   * The request that its mapping made, kept from before it is carried out, so that a redo asks for the same.
   */
  request?: Record<string, unknown>;
  broadcast?: { id: string; recipients: number };
  replayedAt?: number;
  payloadBytes: number;
  /** The body as it came; absent where it was not kept. */
  payload?: string;
}

/** Guarantees: durable as messages. */
export interface HookDeliveryStore {
  /** Replaces one of the same id. */
  put(app: AppId, delivery: HookDelivery): Promise<void>;
  get(app: AppId, hookId: string, id: string): Promise<HookDelivery | undefined>;
  /** The newest first, without their payloads. `before` is an id, exclusive. */
  list(
    app: AppId,
    hookId: string,
    page: { before?: string; outcome?: HookOutcome; limit: number },
  ): Promise<readonly HookDelivery[]>;
  /** Deletes all of a hook's; the number deleted, at most `limit`. */
  removeOf(app: AppId, hookId: string, limit: number): Promise<number>;
  /** Deletes those that came before `beforeMs`; the number deleted, at most `limit`. */
  prune(app: AppId, beforeMs: number, limit: number): Promise<number>;
  /** Deletes the oldest above `keep`; the number deleted, at most `limit`. */
  trim(app: AppId, keep: number, limit: number): Promise<number>;
  /** Drops payload, request and reason of those that name the user; that they came, and what for, stays. */
  erase(app: AppId, request: EraseRequest): Promise<Erased>;
}
