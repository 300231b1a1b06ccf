// Accounts, console sessions, teams and links as JSON under their keys. Not who may do what.

import type { DatabaseSync } from 'node:sqlite';
import type {
  AccountLinkRecord,
  AccountLinkStore,
  AccountRecord,
  AccountStore,
  ConsoleSessionRecord,
  ConsoleSessionStore,
  TeamRecord,
  TeamStore,
  Versioned,
} from '../../../ports/stores/index.ts';
import type { Synchronous } from '../synchronous.ts';
import { json, type Row } from './row.ts';
import { versionedPut } from './versioned-put.ts';

export function sqliteAccounts(db: DatabaseSync): Synchronous<AccountStore> {
  const one = db.prepare('SELECT body FROM accounts WHERE id = ?');
  const ofEmail = db.prepare('SELECT body FROM accounts WHERE email = ?');
  const put = versionedPut(db, { table: 'accounts', key: ['id'], columns: ['email'] });
  const all = db.prepare('SELECT body FROM accounts WHERE id > ? ORDER BY id LIMIT ?');
  const byEmail = (email: string) => bodyOf<Versioned<AccountRecord>>(ofEmail.get(email));
  return {
    get: (id) => bodyOf<Versioned<AccountRecord>>(one.get(id)),
    byEmail,
    put(account, ifVersion) {
      const { id, email } = account;
      if ((byEmail(email)?.id ?? id) !== id) return false;
      return put({ id, email }, account, ifVersion);
    },
    list({ after = '', limit }) {
      const found = all.all(after, limit + 1).map((row) => json<Versioned<AccountRecord>>(row, 'body'));
      const items = found.slice(0, limit);
      const last = items.at(-1);
      return { items, ...(found.length > limit && last !== undefined ? { next: last.id } : {}) };
    },
  };
}

export function sqliteConsoleSessions(db: DatabaseSync): Synchronous<ConsoleSessionStore> {
  const insert = db.prepare(
    'INSERT INTO console_sessions (hash, account, id, expires_at, body) VALUES (?, ?, ?, ?, ?)',
  );
  const one = db.prepare('SELECT body FROM console_sessions WHERE hash = ?');
  const update = db.prepare('UPDATE console_sessions SET body = json_patch(body, ?) WHERE hash = ?');
  const ofAccount = db.prepare(
    `SELECT body FROM console_sessions WHERE account = ? ORDER BY json_extract(body, '$.createdAt') DESC, id DESC`,
  );
  const remove = db.prepare('DELETE FROM console_sessions WHERE account = ? AND id = ?');
  const removeOthers = db.prepare('DELETE FROM console_sessions WHERE account = ? AND id <> ?');
  const prune = db.prepare(
    `DELETE FROM console_sessions WHERE hash IN (
       SELECT hash FROM console_sessions WHERE expires_at <= ? ORDER BY expires_at LIMIT ?)`,
  );
  return {
    put(session) {
      const { hash, account, id, expiresAt } = session;
      insert.run(hash, account, id, expiresAt, JSON.stringify(session));
    },
    get: (hash) => bodyOf<ConsoleSessionRecord>(one.get(hash)),
    touch: (hash, fields) => update.run(JSON.stringify(fields), hash).changes > 0,
    ofAccount: (account) => ofAccount.all(account).map((row) => json<ConsoleSessionRecord>(row, 'body')),
    remove: (account, id) => remove.run(account, id).changes > 0,
    removeOthers: (account, exceptId) => Number(removeOthers.run(account, exceptId).changes),
    prune: (nowMs, limit) => Number(prune.run(nowMs, limit).changes),
  };
}

export function sqliteTeams(db: DatabaseSync): Synchronous<TeamStore> {
  const one = db.prepare('SELECT body FROM teams WHERE tenant_id = ?');
  const put = versionedPut(db, { table: 'teams', key: ['tenant_id'] });
  const ofAccount = db.prepare(
    `SELECT body FROM team_accounts JOIN teams USING (tenant_id) WHERE account = ? ORDER BY tenant_id`,
  );
  const remove = db.prepare('DELETE FROM teams WHERE tenant_id = ?');
  const forget = db.prepare('DELETE FROM team_accounts WHERE tenant_id = ?');
  const learn = db.prepare('INSERT INTO team_accounts (account, tenant_id) VALUES (?, ?) ON CONFLICT DO NOTHING');
  return {
    get: (tenantId) => bodyOf<Versioned<TeamRecord>>(one.get(tenantId)),
    put(team, ifVersion) {
      const { tenantId, members } = team;
      if (!put({ tenant_id: tenantId }, team, ifVersion)) return false;
      forget.run(tenantId);
      for (const { account } of members) learn.run(account, tenantId);
      return true;
    },
    ofAccount: (account) => ofAccount.all(account).map((row) => json<Versioned<TeamRecord>>(row, 'body')),
    remove(tenantId) {
      forget.run(tenantId);
      return remove.run(tenantId).changes > 0;
    },
  };
}

export function sqliteAccountLinks(db: DatabaseSync): Synchronous<AccountLinkStore> {
  const insert = db.prepare(
    'INSERT INTO account_links (hash, kind, tenant_id, id, account, expires_at, body) VALUES (?, ?, ?, ?, ?, ?, ?)',
  );
  const one = db.prepare('SELECT body FROM account_links WHERE hash = ?');
  const ofTenant = db.prepare(`SELECT body FROM account_links WHERE kind = 'invitation' AND tenant_id = ? ORDER BY id`);
  const take = db.prepare('DELETE FROM account_links WHERE hash = ?');
  const remove = db.prepare(`DELETE FROM account_links WHERE kind = 'invitation' AND tenant_id = ? AND id = ?`);
  const removeResets = db.prepare(`DELETE FROM account_links WHERE kind = 'reset' AND account = ?`);
  const prune = db.prepare(
    `DELETE FROM account_links WHERE hash IN (
       SELECT hash FROM account_links WHERE expires_at <= ? ORDER BY expires_at LIMIT ?)`,
  );
  return {
    put(link) {
      const { hash, kind, tenantId, id, account = null, expiresAt } = link;
      insert.run(hash, kind, tenantId, id, account, expiresAt, JSON.stringify(link));
    },
    get: (hash) => bodyOf<AccountLinkRecord>(one.get(hash)),
    ofTenant: (tenantId) => ofTenant.all(tenantId).map((row) => json<AccountLinkRecord>(row, 'body')),
    take: (hash) => take.run(hash).changes > 0,
    remove: (tenantId, id) => remove.run(tenantId, id).changes > 0,
    removeResets: (account) => Number(removeResets.run(account).changes),
    prune: (nowMs, limit) => Number(prune.run(nowMs, limit).changes),
  };
}

// eslint-disable-next-line @typescript-eslint/no-unnecessary-type-parameters -- the caller names what it wrote
function bodyOf<T>(row: Row | undefined): T | undefined {
  return row === undefined ? undefined : json<T>(row, 'body');
}
