// What was changed, by whom and from where, as entries that are only ever added. Not what is worth an entry:
// accounts/audit.ts.

import type { Counted } from './counted.ts';
import type { Page, PageRequest } from './page.ts';

export interface AuditActor {
  type: 'account' | 'api_key' | 'file' | 'belfry' | 'nobody';
  id: string;
  /** As it was then. */
  name: string;
}

export interface AuditEntry {
  /** A UUIDv7: entries are sorted by it. */
  id: string;
  /** ms since the epoch. */
  at: number;
  actor: AuditActor;
  via: 'console' | 'api_key' | 'file' | 'belfry';
  /** Object and verb: `member.update`. */
  action: string;
  tenant: string;
  app?: string | undefined;
  object: { type: string; id: string };
  /** What differs, without secrets. */
  before?: Readonly<Record<string, unknown>> | undefined;
  after?: Readonly<Record<string, unknown>> | undefined;
  address: string;
  requestId: string;
}

export interface AuditFilter {
  /** The id of the actor. */
  actor?: string | undefined;
  /** An action, or `page.*`. */
  action?: string | undefined;
  /** `type` or `type:id`. */
  object?: string | undefined;
  app?: string | undefined;
  /** Entries of apps alone. */
  ofApps?: boolean | undefined;
  /** ms since the epoch, both included. */
  from?: number | undefined;
  to?: number | undefined;
  /** Is found in names, action, object and app, whatever its case. */
  q?: string | undefined;
}

/** Guarantees: durable as messages; an entry is never changed, and goes by `prune` alone. */
export interface AuditStore {
  append(entry: AuditEntry): Promise<void>;
  /** Newest first. */
  list(tenant: string, query: PageRequest & AuditFilter): Promise<Page<AuditEntry>>;
  /** Of the newest `scan` entries of the tenant those that fit. An actor is counted by their id. */
  count(tenant: string, query: AuditFilter & { scan: number }): Promise<Counted<'actor' | 'action' | 'app'>>;
  get(tenant: string, id: string): Promise<AuditEntry | undefined>;
  /** Takes away the oldest entries of all tenants from before then, at most `limit`. How many. */
  prune(beforeMs: number, limit: number): Promise<number>;
}
