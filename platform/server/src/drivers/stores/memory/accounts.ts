// Accounts, console sessions, teams and links in memory. Not who may do what.

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
import { pageOf } from './page-of.ts';
import { putVersioned } from './versioned.ts';

export function memoryAccounts(): Synchronous<AccountStore> {
  const accounts = new Map<string, Versioned<AccountRecord>>();
  return {
    get: (id) => accounts.get(id),
    byEmail: (email) => [...accounts.values()].find((account) => account.email === email),
    put(account, ifVersion) {
      const owner = [...accounts.values()].find(({ email }) => email === account.email);
      if (owner !== undefined && owner.id !== account.id) return false;
      return putVersioned(accounts, account.id, { record: account, ifVersion });
    },
    list: (page) => pageOf([...accounts.values()], page, ({ id }) => id),
  };
}

export function memoryConsoleSessions(): Synchronous<ConsoleSessionStore> {
  const sessions = new Map<string, ConsoleSessionRecord>();
  const removeWhere = (isGone: (session: ConsoleSessionRecord) => boolean, limit = Infinity): number => {
    const gone = [...sessions.values()].filter((session) => isGone(session)).slice(0, limit);
    for (const { hash } of gone) sessions.delete(hash);
    return gone.length;
  };
  return {
    put: (session) => void sessions.set(session.hash, session),
    get: (hash) => sessions.get(hash),
    touch(hash, fields) {
      const session = sessions.get(hash);
      if (session !== undefined) sessions.set(hash, { ...session, ...fields });
      return session !== undefined;
    },
    ofAccount: (account) =>
      [...sessions.values()]
        .filter((session) => session.account === account)
        .toSorted((a, b) => b.createdAt - a.createdAt || (a.id < b.id ? 1 : -1)),
    remove: (account, id) => removeWhere((session) => session.account === account && session.id === id) > 0,
    removeOthers: (account, exceptId) =>
      removeWhere((session) => session.account === account && session.id !== exceptId),
    prune: (nowMs, limit) => removeWhere(({ expiresAt }) => expiresAt <= nowMs, limit),
  };
}

export function memoryTeams(): Synchronous<TeamStore> {
  const teams = new Map<string, Versioned<TeamRecord>>();
  return {
    get: (tenantId) => teams.get(tenantId),
    put: (team, ifVersion) => putVersioned(teams, team.tenantId, { record: team, ifVersion }),
    ofAccount: (account) =>
      [...teams.values()]
        .filter(({ members }) => members.some((member) => member.account === account))
        .toSorted((a, b) => (a.tenantId < b.tenantId ? -1 : 1)),
    remove: (tenantId) => teams.delete(tenantId),
  };
}

export function memoryAccountLinks(): Synchronous<AccountLinkStore> {
  const links = new Map<string, AccountLinkRecord>();
  const removeWhere = (isGone: (link: AccountLinkRecord) => boolean, limit = Infinity): number => {
    const gone = [...links.values()].filter((link) => isGone(link)).slice(0, limit);
    for (const { hash } of gone) links.delete(hash);
    return gone.length;
  };
  return {
    put: (link) => void links.set(link.hash, link),
    get: (hash) => links.get(hash),
    ofTenant: (tenantId) =>
      [...links.values()]
        .filter((link) => link.kind === 'invitation' && link.tenantId === tenantId)
        .toSorted((a, b) => (a.id < b.id ? -1 : 1)),
    take: (hash) => links.delete(hash),
    remove: (tenantId, id) =>
      removeWhere((link) => link.kind === 'invitation' && link.tenantId === tenantId && link.id === id) > 0,
    removeResets: (account) => removeWhere((link) => link.kind === 'reset' && link.account === account),
    prune: (nowMs, limit) => removeWhere(({ expiresAt }) => expiresAt <= nowMs, limit),
  };
}
