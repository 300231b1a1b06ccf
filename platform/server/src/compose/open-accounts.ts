// The accounts of an installation for the terminal, straight from its store: for whoever is locked out of the
// console. What is printed: cli/admin.ts.

import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { uuidv7 } from 'uuidv7';
import { Accounts } from '../accounts/accounts.ts';
import { Audit, type AuditSource } from '../accounts/audit.ts';
import { Links } from '../accounts/links.ts';
import { Members } from '../accounts/members.ts';
import { hasSecondFactor } from '../accounts/second-factor.ts';
import { hashOfSecret, newCode, normalCode } from '../accounts/secret-text.ts';
import { storedCodeKey, storedCodeMs } from '../accounts/setup.ts';
import type { Config } from '../config/config.ts';
import { createSystemClock } from '../drivers/clock.ts';
import { createMongoStores } from '../drivers/stores/mongo/create-mongo-stores.ts';
import { createSqliteStores } from '../drivers/stores/sqlite/create-sqlite-stores.ts';
import { silentLog } from '../ports/log.ts';
import { readAllPages } from '../ports/stores/page.ts';
import type { MemberRole, Stores } from '../ports/stores/index.ts';

export interface ListedAccount {
  email: string;
  name: string;
  operator: boolean;
  secondFactor: boolean;
  roles: readonly { tenant: string; role: MemberRole }[];
}

export interface AddedAccount {
  email: string;
  name: string;
  tenant: string;
  role: MemberRole;
  operator: boolean;
}

/** The secret part of a link by which a password is chosen, and when it is over. */
export interface PasswordLink {
  token: string;
  expiresAt: number;
}

/** Rejections with an Error have a message for the operator. */
export interface AccountDesk {
  list(): Promise<readonly ListedAccount[]>;
  /** Undefined when there is an account with the address, or no such tenant. */
  add(account: AddedAccount): Promise<PasswordLink | 'taken' | 'no tenant'>;
  /** Undefined when there is no such account. */
  resetPassword(email: string, options: { removesFactor: boolean }): Promise<PasswordLink | undefined>;
  /** Undefined when there is an administrator already. */
  setupCode(): Promise<string | undefined>;
  close(): Promise<void>;
}

/** The terminal is no account; whoever may use it may do everything. */
const source: AuditSource = {
  actor: { type: 'belfry', id: 'admin', name: 'belfry admin' },
  ...{ via: 'belfry', address: '', requestId: '' },
};
/** Nobody knows a password that fits: the account is of use once one was chosen by the link. */
const noPassword = '';

/** Undefined when there is no data yet. */
export async function openAccounts({ dataDir, cluster }: Config): Promise<AccountDesk | undefined> {
  const clock = createSystemClock();
  if (cluster !== undefined) {
    return deskOf(await createMongoStores({ address: { url: cluster.mongodbUrl }, clock, log: silentLog }));
  }
  if (!existsSync(join(dataDir, 'belfry.db'))) return undefined;
  return deskOf(await createSqliteStores({ dataDir, clock }));
}

function deskOf(stores: Stores): AccountDesk {
  const clock = createSystemClock();
  const accounts = new Accounts({ store: stores.accounts, clock });
  const members = new Members({ store: stores.teams, clock });
  const links = new Links({ store: stores.accountLinks, clock });
  const audit = new Audit({ store: stores.audit, clock });
  const tenantsOf = async (id: string) => (await members.teamsOf(id)).map(({ tenantId }) => tenantId);
  const linkFor = async (account: string, tenantId: string): Promise<PasswordLink> => {
    const { token, record } = await links.reset(account, { tenantId, createdBy: source.actor.name });
    return { token, expiresAt: record.expiresAt };
  };
  return {
    async list() {
      const all = await readAllPages((page) => stores.accounts.list(page));
      return Promise.all(
        all.map(async (account) => {
          const teams = await members.teamsOf(account.id);
          const roles = teams.flatMap(({ tenantId: tenant, members: people }) =>
            people.filter((member) => member.account === account.id).map(({ role }) => ({ tenant, role })),
          );
          const { email, name, operator } = account;
          return { email, name, operator, secondFactor: hasSecondFactor(account), roles };
        }),
      );
    },
    async add({ email, name, tenant, role, operator }) {
      if ((await stores.tenancy.tenant(tenant)) === undefined) return 'no tenant';
      const id = uuidv7();
      const account = await accounts.make({ id, email, name, locale: 'en', passwordHash: noPassword, operator });
      if (account === undefined) return 'taken';
      await members.join(tenant, { account: id, role, by: source.actor.name });
      const after = { role, email: account.email, operator };
      const object = { type: 'member', id };
      await audit.record(source, { action: 'member.create', tenants: [tenant], object, after });
      return linkFor(id, tenant);
    },
    async resetPassword(email, { removesFactor }) {
      const account = await accounts.byEmail(email);
      if (account === undefined) return undefined;
      const { id } = account;
      if (removesFactor) await accounts.change(id, ({ totp, ...record }) => ({ ...record, recoveryHashes: [] }));
      const tenants = await tenantsOf(id);
      const after = { secondFactorRemoved: removesFactor };
      await audit.record(source, { action: 'member.reset_link', tenants, object: { type: 'member', id }, after });
      return linkFor(id, tenants[0] ?? '');
    },
    async setupCode() {
      if (await accounts.isAnyThere()) return undefined;
      const code = newCode(16);
      const stored = { hash: hashOfSecret(normalCode(code)), expiresAt: clock.now() + storedCodeMs };
      await stores.installation.set(storedCodeKey, JSON.stringify(stored));
      return code;
    },
    close: () => stores.close(),
  };
}
