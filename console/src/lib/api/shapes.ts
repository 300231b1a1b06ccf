// What the admin door answers, under the names that the screens use.

export type Role = 'viewer' | 'developer' | 'admin' | 'owner';

export interface Account {
  id: string;
  email: string;
  name: string;
  locale: string;
  theme: string;
  timeZone: string;
  density: string;
  singleKeys: boolean;
  bell: string[];
  totp: boolean;
  recoveryCodesLeft?: number;
  version: number;
}

export interface AppOfTenant {
  /** Its key. */
  app: string;
  name: string;
  disabled: boolean;
}

export interface TenantOfSession {
  id: string;
  name: string;
  role: Role;
  apps: AppOfTenant[];
}

export interface Session {
  account: Account;
  tenants: TenantOfSession[];
  operator: boolean;
  csrf: string;
  expiresAt: string;
  idleUntil: string;
  confirmedUntil: string;
  server: { version: string; engine: string; time: string; publicUrl: string | null; playground: string | null };
}

export interface Member {
  account: string;
  name: string;
  email: string;
  role: Role;
  totp: boolean;
  since: string;
  lastUsedAt: string | null;
  version: number;
  changedBy: string;
  changedAt: string;
}

export interface Invitation {
  id: string;
  label: string;
  role: Role;
  createdAt: string;
  expiresAt: string;
}

/** What an invitation says to whoever has its link. */
export interface Invited {
  label: string;
  role: Role;
  /** Its name. */
  tenant: string;
  createdBy: string;
}

export interface OwnSession {
  id: string;
  current: boolean;
  createdAt: string;
  lastUsedAt: string;
  address: string;
  agent: string;
}

export interface AuditEntry {
  id: string;
  at: string;
  actor: { type: 'account' | 'api_key' | 'file' | 'belfry' | 'nobody'; id: string; name: string };
  via: 'console' | 'api_key' | 'file' | 'belfry';
  action: string;
  tenant: string;
  app?: string;
  object: { type: string; id: string };
  before?: Record<string, unknown>;
  after?: Record<string, unknown>;
  address: string;
  requestId: string;
}

export interface Template {
  id: string;
  name: string;
  description: string;
  pages: { pattern: string; features?: string[] }[];
}

export interface NewApp {
  app: AppOfTenant;
  apiKey: string;
  signing: { kid: string };
}
