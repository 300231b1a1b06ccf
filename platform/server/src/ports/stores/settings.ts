// Settings that an app's administrators decide: page policies, kinds, provider configurations. Not tenants,
// apps and keys themselves: tenancy.ts.

import type { Kind, PagePolicy, PushQuota } from '@belfry/protocol';
import type { AppId } from '../app-id.ts';
import type { Versioned } from './versioned.ts';

/** By which way a page policy was changed. */
export type PageVia = 'console' | 'api_key' | 'file' | 'belfry';

/** One version of a page policy; `removed` when that version took the page away. */
export interface PageVersion {
  policy: PagePolicy;
  removed: boolean;
  /** Unknown of versions that are older than this field. */
  via?: PageVia;
  /** Why, in the words of whoever changed it. */
  note?: string;
}

/** The place of a version among all of an app's, by time and then by pattern and number. */
export interface PagePlace {
  at: string;
  pattern: string;
  version: number;
}

/** What a put leaves of what was there before. */
export interface PageKeep {
  /** The newest of the pattern that is put. */
  versions: number;
  /** Patterns that were taken away, those that went last; their versions go with them, and begin at 1 again. */
  removed: number;
}

/**
 * Guarantees: durable as messages; versions of one pattern are 1, 2, 3 ...; a put with a version that is
 * taken changes nothing.
 */
export interface PageStore {
  /** The current policies, by pattern; removed ones are not among them. */
  list(app: AppId): Promise<readonly PagePolicy[]>;
  /**
   * Stores `version` (its policy's `version` must be one above the newest of that pattern, removed or not) as
   * current, and forgets what is older than `keep` says. False when another was faster.
   */
  put(app: AppId, version: PageVersion, keep?: PageKeep): Promise<boolean>;
  /** As `put`, of several patterns: all of them, or none and false. Nobody ever reads a part of them. */
  putAll(app: AppId, versions: readonly PageVersion[], keep?: PageKeep): Promise<boolean>;
  /** Newest first. */
  history(
    app: AppId,
    pattern: string,
    page: { beforeVersion?: number; limit: number },
  ): Promise<readonly PageVersion[]>;
  /** Of all patterns, also those taken away; the newest first. */
  historyOfAll(app: AppId, page: { before?: PagePlace; limit: number }): Promise<readonly PageVersion[]>;
}

/**
 * Guarantees: durable as messages; of several `put` with one version exactly one is stored. Built-in kinds
 * are code's, not in here.
 */
export interface KindStore {
  /** By name, all of them: an app has few, and they are needed together. */
  list(app: AppId): Promise<readonly Versioned<Kind>[]>;
  /** Stores it when `ifVersion` is the version that is there, 0 for none. False when another was faster. */
  put(app: AppId, kind: Kind, ifVersion: number): Promise<boolean>;
  /** False when there is none of `ifVersion`, or none at all where that is left out. */
  remove(app: AppId, kind: string, ifVersion?: number): Promise<boolean>;
}

/** One configuration of a provider plugin. */
export interface ProviderRecord {
  /** The name by which devices ask for it, e.g. `hook`; unique in the app. */
  id: string;
  /** The plugin's id. */
  plugin: string;
  /** The configuration as JSON; the values of secret fields are sealed (tenancy/secrets). */
  config: Record<string, unknown>;
  enabled: boolean;
  /** Owned by the provisioning file: read-only elsewhere. */
  managed: boolean;
  /** Set when Belfry paused it, e.g. refused credentials; shown to the tenant. */
  pausedReason?: string;
  /** When it paused, ms since the epoch. Not there for a pause of before this was kept. */
  pausedAt?: number;
  /** How much may be pushed through it. */
  quota?: PushQuota;
  updatedAt: number;
}

/** Guarantees: durable as messages; of several `put` with one version exactly one is stored. */
export interface ProviderStore {
  /** By id, all of them: an app has few, and they are needed together. */
  list(app: AppId): Promise<readonly Versioned<ProviderRecord>[]>;
  get(app: AppId, id: string): Promise<Versioned<ProviderRecord> | undefined>;
  /** As KindStore.put. */
  put(app: AppId, record: ProviderRecord, ifVersion: number): Promise<boolean>;
  remove(app: AppId, id: string): Promise<boolean>;
}
