// Accounts of the console, their sessions, teams of tenants, and links that let somebody in. Not who may do
// what: accounts/. Nothing here is a user of an app.

import type { Page, PageRequest } from './page.ts';
import type { Sealed } from './tenancy.ts';
import type { Versioned } from './versioned.ts';

/** From the least to the most. */
export const memberRoles = ['viewer', 'developer', 'admin', 'owner'] as const;
export type MemberRole = (typeof memberRoles)[number];

/** What somebody chose for themselves; nothing in the server depends on it. */
export interface AccountProfile {
  name: string;
  locale: string;
  theme: string;
  /** IANA name; empty: as the browser says. */
  timeZone: string;
  density: string;
  singleKeys: boolean;
  /** Names of the alerts that the bell does not show. */
  bell: readonly string[];
}

export interface AccountRecord extends AccountProfile {
  id: string;
  /** Folded: two that differ in case alone are one. Unique, and never changed. */
  email: string;
  /** Counts the changes of the profile. */
  profileVersion: number;
  /** May see and change the installation. */
  operator: boolean;
  /** In PHC notation, which names the parameters it was made with. */
  passwordHash: string;
  totp?: SecondFactor | undefined;
  /** SHA-256 (hex) of the recovery codes that were not used. */
  recoveryHashes: readonly string[];
  createdAt: number;
  updatedAt: number;
}

export interface SecondFactor {
  secret: Sealed;
  /** Asked for at a sign-in once a first code has proven that the secret arrived. */
  confirmed: boolean;
  /** The newest step of 30 s whose code was taken; none up to it is good again. */
  lastStep: number;
}

/**
 * Guarantees: durable as messages; an e-mail address is in one account at most; of several `put` with one
 * version exactly one is stored.
 */
export interface AccountStore {
  get(id: string): Promise<Versioned<AccountRecord> | undefined>;
  byEmail(email: string): Promise<Versioned<AccountRecord> | undefined>;
  /**
   * Stores it when `ifVersion` is the version that is there, 0 for none. False when another was faster, or
   * has the e-mail address.
   */
  put(account: AccountRecord, ifVersion: number): Promise<boolean>;
  /** By id. */
  list(page: PageRequest): Promise<Page<Versioned<AccountRecord>>>;
}

export interface ConsoleSessionRecord {
  /** SHA-256 (hex) of the 256 random bits that the browser has. */
  hash: string;
  /** The name of the session where its owner sees it. */
  id: string;
  account: string;
  createdAt: number;
  lastUsedAt: number;
  /** When a password or code was last given. */
  confirmedAt: number;
  expiresAt: number;
  address: string;
  agent: string;
}

/** Guarantees: durable as messages. What was removed does not come back by a `touch`. */
export interface ConsoleSessionStore {
  put(session: ConsoleSessionRecord): Promise<void>;
  get(hash: string): Promise<ConsoleSessionRecord | undefined>;
  /** False when it is not there any more. */
  touch(hash: string, fields: Partial<Pick<ConsoleSessionRecord, 'lastUsedAt' | 'confirmedAt'>>): Promise<boolean>;
  /** All of an account's, those first that began last. */
  ofAccount(account: string): Promise<readonly ConsoleSessionRecord[]>;
  remove(account: string, id: string): Promise<boolean>;
  /** All of the account's but the one with this id. How many. */
  removeOthers(account: string, exceptId: string): Promise<number>;
  /** Takes away those that have expired, at most `limit`. How many. */
  prune(nowMs: number, limit: number): Promise<number>;
}

export interface Member {
  account: string;
  role: MemberRole;
  since: number;
  /** Counts the changes of this membership. */
  version: number;
  changedBy: string;
  changedAt: number;
}

/** The members of a tenant are one record, so that one conditional write keeps what must hold for all of them. */
export interface TeamRecord {
  tenantId: string;
  members: readonly Member[];
  /** From this role on a second factor is needed; absent: of nobody. */
  requireTotpFrom?: MemberRole | undefined;
  /** Counts the changes of the tenant's own settings. */
  settingsVersion: number;
  changedBy: string;
  changedAt: number;
}

/** Guarantees: durable as messages; of several `put` with one version exactly one is stored. */
export interface TeamStore {
  get(tenantId: string): Promise<Versioned<TeamRecord> | undefined>;
  /** Stores it when `ifVersion` is the version that is there, 0 for none. False when another was faster. */
  put(team: TeamRecord, ifVersion: number): Promise<boolean>;
  /** The teams that the account is in, by tenant. */
  ofAccount(account: string): Promise<readonly Versioned<TeamRecord>[]>;
  remove(tenantId: string): Promise<boolean>;
}

/** Of its address only a hash is kept: whoever has the address may use it once. */
export interface AccountLinkRecord {
  /** SHA-256 (hex) of the random part of the address. */
  hash: string;
  id: string;
  kind: 'invitation' | 'reset';
  tenantId: string;
  /** Of an invitation: what the one who made it calls the person. */
  label: string;
  /** Of an invitation. */
  role?: MemberRole | undefined;
  /** Of a reset. */
  account?: string | undefined;
  createdBy: string;
  createdAt: number;
  expiresAt: number;
}

/** Guarantees: durable as messages. */
export interface AccountLinkStore {
  put(link: AccountLinkRecord): Promise<void>;
  get(hash: string): Promise<AccountLinkRecord | undefined>;
  /** Invitations of the tenant, by id. */
  ofTenant(tenantId: string): Promise<readonly AccountLinkRecord[]>;
  /** Takes it away. True for one caller alone. */
  take(hash: string): Promise<boolean>;
  /** Takes an invitation of the tenant away. */
  remove(tenantId: string, id: string): Promise<boolean>;
  /** Takes away the resets of the account. How many. */
  removeResets(account: string): Promise<number>;
  /** Takes away those that have expired, at most `limit`. How many. */
  prune(nowMs: number, limit: number): Promise<number>;
}
