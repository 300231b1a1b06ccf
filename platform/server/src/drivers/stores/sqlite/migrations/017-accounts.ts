// Accounts of the console, their sessions, teams, links and the audit. Never edited once released: a change
// is the next file.

export const accounts = `
CREATE TABLE accounts (
  id TEXT NOT NULL PRIMARY KEY, email TEXT NOT NULL UNIQUE, version INTEGER NOT NULL, body TEXT NOT NULL
) WITHOUT ROWID, STRICT;
CREATE TABLE console_sessions (
  hash TEXT NOT NULL PRIMARY KEY, account TEXT NOT NULL, id TEXT NOT NULL, expires_at INTEGER NOT NULL,
  body TEXT NOT NULL
) WITHOUT ROWID, STRICT;
CREATE UNIQUE INDEX console_sessions_account ON console_sessions (account, id);
CREATE INDEX console_sessions_expiry ON console_sessions (expires_at);
CREATE TABLE teams (
  tenant_id TEXT NOT NULL PRIMARY KEY, version INTEGER NOT NULL, body TEXT NOT NULL
) WITHOUT ROWID, STRICT;
CREATE TABLE team_accounts (
  account TEXT NOT NULL, tenant_id TEXT NOT NULL, PRIMARY KEY (account, tenant_id)
) WITHOUT ROWID, STRICT;
CREATE INDEX team_accounts_tenant ON team_accounts (tenant_id);
CREATE TABLE account_links (
  hash TEXT NOT NULL PRIMARY KEY, kind TEXT NOT NULL, tenant_id TEXT NOT NULL, id TEXT NOT NULL, account TEXT,
  expires_at INTEGER NOT NULL, body TEXT NOT NULL
) WITHOUT ROWID, STRICT;
CREATE INDEX account_links_tenant ON account_links (tenant_id, id);
CREATE INDEX account_links_account ON account_links (account) WHERE account IS NOT NULL;
CREATE INDEX account_links_expiry ON account_links (expires_at);
CREATE TABLE audit (
  tenant TEXT NOT NULL, id TEXT NOT NULL, at INTEGER NOT NULL, actor TEXT NOT NULL, action TEXT NOT NULL,
  app TEXT, object_type TEXT NOT NULL, object_id TEXT NOT NULL, text TEXT NOT NULL, body TEXT NOT NULL,
  PRIMARY KEY (tenant, id)
) WITHOUT ROWID, STRICT;
CREATE INDEX audit_time ON audit (at);
`;
