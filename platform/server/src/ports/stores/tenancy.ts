// Tenants, their apps and the keys to them. The only stores that are asked before an app id is known.

import type { Fallback, PushQuota } from '@belfry/protocol';
import type { AppId } from '../app-id.ts';
import type { Page, PageRequest } from './page.ts';
import type { Versioned } from './versioned.ts';

export interface Tenant {
  id: string;
  name: string;
  managed: boolean;
  createdAt: number;
}

/**
 * A secret at rest: AES-256-GCM under the installation's key, base64; the associated data binds it to where
 * it is kept.
 */
export type Sealed = string;

export interface AppRecord {
  app: AppId;
  tenantId: string;
  name: string;
  disabled: boolean;
  /** As `allowedOriginSchema` of the protocol has them. */
  allowedOrigins: readonly string[];
  /**
   * HS256 secrets that verify user tokens; the first also signs. `kid` stands in the header of tokens Belfry
   * makes.
   */
  signingSecrets: readonly { kid: string; secret: Sealed; createdAt: number }[];
  /** With it, asymmetric tokens are verified by the keys found there. */
  jwksUrl?: string;
  settings: AppSettings;
  limits: AppLimits;
  /** In the console changes by developers are proposals. */
  protected?: boolean | undefined;
  contentInConsole?: ContentInConsole | undefined;
  /** Of a protected app: until when the console's playground is on, ms since the epoch. */
  playgroundUntil?: number | undefined;
  managed: boolean;
  /** All of it is being taken away, ms since the epoch: it is off, and nobody sees it any more. */
  erasingSince?: number | undefined;
  createdAt: number;
  updatedAt: number;
  /** Name of the account that changed it in the console. */
  updatedBy?: string | undefined;
}

/**
 * Whether people in the console see what messages say: at once, after an entry in the audit (the default), or
 * never.
 */
export type ContentInConsole = 'shown' | 'audited' | 'hidden';

export type DeliveredMeans = 'attended' | 'visible' | 'any';

export interface AppSettings {
  /** How long a push waits for an acknowledgement, ms. */
  waitMs: number;
  /**
   * The acknowledgements that hold a push back: of mobile connections and those that somebody attends, of
   * mobile and visible ones, or of any.
   */
  deliveredMeans: DeliveredMeans;
  /** How long messages are kept, ms; 0: for ever. */
  retentionMs: number;
  /** How long journeys are kept, ms. */
  journeyRetentionMs: number;
  /** How much may be pushed, over all providers. */
  pushQuota?: PushQuota;
  /** The steps after the first push, in order. */
  fallbacks?: readonly Fallback[] | undefined;
  /** The rules of uploads; what is left out is as the installation's limits say. */
  uploads?: UploadSettings | undefined;
}

export interface UploadSettings {
  enabled?: boolean | undefined;
  /** Of one file; the installation's limit holds above it. */
  maxBytes?: number | undefined;
  /** `image/png`, `image/*` or `*`. */
  types?: readonly string[] | undefined;
  /** Of all that the app keeps. */
  quotaBytes?: number | undefined;
  /** How long an upload is kept that no message uses, ms. */
  unusedKeepMs?: number | undefined;
}

export interface AppLimits {
  /** Open connections of the app, installation-wide as far as presence knows. */
  connections: number;
  /** HTTP requests a minute and key or user. */
  requestsPerMinute: number;
}

export interface ApiKeyRecord {
  app: AppId;
  id: string;
  /** SHA-256 (hex) of the key; keys are random, so a slow hash would add nothing. */
  hash: string;
  /** The first characters of the key, to recognize it by. */
  hint: string;
  scopes: readonly string[];
  managed: boolean;
  createdAt: number;
  /** ms since the epoch; refused from then on. */
  expiresAt?: number;
  /** The key that it takes over from, where it was made by a rotation: callers are known by that name. */
  of?: string;
  /** ms since the epoch, to the minute; absent: never. */
  lastUsedAt?: number;
  /** From where that was. */
  lastAddress?: string;
}

/**
 * Guarantees: durable as messages; of several `putApp` or `putApiKey` with one version exactly one is stored.
 */
export interface TenancyStore {
  /** By id. */
  tenants(page: PageRequest): Promise<Page<Tenant>>;
  tenant(id: string): Promise<Tenant | undefined>;
  putTenant(tenant: Tenant): Promise<void>;
  /** Its apps stay: the caller has seen that there are none. */
  removeTenant(id: string): Promise<boolean>;
  /** All apps, or a tenant's, by public key. */
  apps(page: PageRequest & { tenantId?: string | undefined }): Promise<Page<Versioned<AppRecord>>>;
  /** By public key; undefined when there is none. */
  app(key: string): Promise<Versioned<AppRecord> | undefined>;
  /** Stores it when `ifVersion` is the version that is there, 0 for none. False when another was faster. */
  putApp(app: AppRecord, ifVersion: number): Promise<boolean>;
  /** What is kept of it was taken away before. False when there was none. */
  removeApp(app: AppId): Promise<boolean>;
  apiKeyByHash(hash: string): Promise<Versioned<ApiKeyRecord> | undefined>;
  /** By id. */
  apiKeys(app: AppId, page: PageRequest): Promise<Page<Versioned<ApiKeyRecord>>>;
  /** As `putApp`. */
  putApiKey(key: ApiKeyRecord, ifVersion: number): Promise<boolean>;
  removeApiKey(app: AppId, id: string): Promise<boolean>;
}

/**
 * Small facts of the installation itself, e.g. the proof that the encryption key is the one the data was
 * sealed with.
 */
export interface InstallationStore {
  get(name: string): Promise<string | undefined>;
  /** Stores it only when nothing is there; returns what is there then. */
  setOnce(name: string, value: string): Promise<string>;
  set(name: string, value: string): Promise<void>;
}
