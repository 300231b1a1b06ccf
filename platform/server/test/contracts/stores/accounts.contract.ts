// The contract of accounts, console sessions, teams and links: each driver must keep it.

import { randomUUID } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import type {
  AccountLinkRecord,
  AccountRecord,
  ConsoleSessionRecord,
  Member,
  Stores,
  TeamRecord,
} from '../../../src/ports/stores/index.ts';

export function sampleAccount(over: Partial<AccountRecord> = {}): AccountRecord {
  const id = randomUUID();
  return {
    ...{ id, email: `${id}@clinic.example`, profileVersion: 1, operator: false, passwordHash: '$argon2id$' },
    ...{ name: 'Anna', locale: 'en', theme: 'system', timeZone: '', density: 'comfortable', singleKeys: true },
    ...{ bell: [], recoveryHashes: ['a'], createdAt: 1, updatedAt: 1 },
    ...over,
  };
}

export function sampleSession(account: string, over: Partial<ConsoleSessionRecord> = {}): ConsoleSessionRecord {
  return {
    ...{ hash: randomUUID(), id: randomUUID(), account, createdAt: 1, lastUsedAt: 1, confirmedAt: 1 },
    ...{ expiresAt: 9_000_000_000_000, address: '10.0.0.9', agent: 'Chrome' },
    ...over,
  };
}

function sampleMember(account: string): Member {
  return { account, role: 'owner', since: 1, version: 1, changedBy: 'Anna', changedAt: 1 };
}

function sampleTeam(...accounts: string[]): TeamRecord {
  const tenantId = `tenant-${randomUUID()}`;
  return { tenantId, members: accounts.map(sampleMember), settingsVersion: 1, changedBy: '', changedAt: 0 };
}

export function sampleLink(over: Partial<AccountLinkRecord> = {}): AccountLinkRecord {
  return {
    ...{ hash: randomUUID(), id: randomUUID(), kind: 'invitation', tenantId: `tenant-${randomUUID()}`, label: 'Bo' },
    ...{ role: 'developer', createdBy: 'Anna', createdAt: 1, expiresAt: 9_000_000_000_000 },
    ...over,
  } as const;
}

export function accountsContract(stores: () => Stores): void {
  describe('accounts', () => {
    test('an account is put, found by id and e-mail address, and put anew', async () => {
      const { accounts } = stores();
      const account = sampleAccount();
      expect(await accounts.put(account, 0)).toBe(true);
      expect(await accounts.get(account.id)).toEqual({ ...account, version: 1 });
      expect(await accounts.byEmail(account.email)).toEqual({ ...account, version: 1 });
      const changed = { ...account, name: 'Bo', totp: { secret: 's', confirmed: true, lastStep: 7 } };
      expect(await accounts.put(changed, 1)).toBe(true);
      expect(await accounts.get(account.id)).toEqual({ ...changed, version: 2 });
      expect(await accounts.put(account, 1)).toBe(false);
      expect(await accounts.get(randomUUID())).toBeUndefined();
      expect(await accounts.byEmail('none')).toBeUndefined();
      const { items } = await accounts.list({ limit: 1 });
      expect(items).toHaveLength(1);
    });

    test('of many that take one e-mail address or one id at once exactly one gets it', async () => {
      const { accounts } = stores();
      const email = `${randomUUID()}@clinic.example`;
      const byEmail = Array.from({ length: 10 }, () => accounts.put(sampleAccount({ email }), 0));
      expect((await Promise.all(byEmail)).filter(Boolean)).toHaveLength(1);
      const id = randomUUID();
      const byId = Array.from({ length: 10 }, () => accounts.put(sampleAccount({ id }), 0));
      expect((await Promise.all(byId)).filter(Boolean)).toHaveLength(1);
    });
  });

  describe('console sessions', () => {
    test('a session is found, touched and listed until it is removed, and not touched back to life', async () => {
      const { consoleSessions } = stores();
      const account = randomUUID();
      const [old, young] = [sampleSession(account), sampleSession(account, { createdAt: 2 })];
      await consoleSessions.put(old);
      await consoleSessions.put(young);
      await consoleSessions.put(sampleSession(randomUUID()));
      expect(await consoleSessions.get(old.hash)).toEqual(old);
      expect(await consoleSessions.ofAccount(account)).toEqual([young, old]);
      expect(await consoleSessions.touch(old.hash, { lastUsedAt: 5 })).toBe(true);
      expect(await consoleSessions.touch(old.hash, { confirmedAt: 6 })).toBe(true);
      expect(await consoleSessions.get(old.hash)).toEqual({ ...old, lastUsedAt: 5, confirmedAt: 6 });
      expect(await consoleSessions.remove(randomUUID(), old.id)).toBe(false);
      expect(await consoleSessions.remove(account, old.id)).toBe(true);
      expect(await consoleSessions.touch(old.hash, { lastUsedAt: 7 })).toBe(false);
      expect(await consoleSessions.get(old.hash)).toBeUndefined();
    });

    test('all of an account but one are removed, and those that have expired, no more than asked', async () => {
      const { consoleSessions } = stores();
      const [account, other] = [randomUUID(), randomUUID()];
      const kept = sampleSession(account);
      for (const session of [kept, sampleSession(account), sampleSession(account), sampleSession(other)]) {
        await consoleSessions.put(session);
      }
      expect(await consoleSessions.removeOthers(account, kept.id)).toBe(2);
      expect(await consoleSessions.ofAccount(account)).toEqual([kept]);
      expect(await consoleSessions.ofAccount(other)).toHaveLength(1);
      // In times that no other test is in.
      for (const expiresAt of [-30, -20, -10]) await consoleSessions.put(sampleSession(account, { expiresAt }));
      expect(await consoleSessions.prune(-20, 1)).toBe(1);
      expect(await consoleSessions.prune(-20, 9)).toBe(1);
      expect((await consoleSessions.ofAccount(account)).map(({ expiresAt }) => expiresAt)).toContain(-10);
    });
  });

  describe('teams', () => {
    test('a team is put and read, and found by each account that is in it now', async () => {
      const { teams } = stores();
      const [anna, bo] = [randomUUID(), randomUUID()];
      const [one, two] = [sampleTeam(anna, bo), sampleTeam(anna)];
      expect(await teams.put(one, 0)).toBe(true);
      expect(await teams.put(two, 0)).toBe(true);
      expect(await teams.get(one.tenantId)).toEqual({ ...one, version: 1 });
      expect((await teams.ofAccount(anna)).map(({ tenantId }) => tenantId)).toEqual(
        [one.tenantId, two.tenantId].toSorted(),
      );
      const without = { ...one, members: [sampleMember(bo)], requireTotpFrom: 'admin' } as const;
      expect(await teams.put(without, 1)).toBe(true);
      expect((await teams.ofAccount(anna)).map(({ tenantId }) => tenantId)).toEqual([two.tenantId]);
      expect(await teams.ofAccount(bo)).toEqual([{ ...without, version: 2 }]);
      expect(await teams.remove(one.tenantId)).toBe(true);
      expect(await teams.remove(one.tenantId)).toBe(false);
      expect(await teams.ofAccount(bo)).toEqual([]);
      expect(await teams.get(one.tenantId)).toBeUndefined();
    });

    test('of many that put one version of a team at once exactly one does, and its members count', async () => {
      const { teams } = stores();
      const team = sampleTeam(randomUUID());
      for (const version of [0, 1]) {
        const accounts = Array.from({ length: 10 }, () => randomUUID());
        const puts = accounts.map((account) => teams.put({ ...team, members: [sampleMember(account)] }, version));
        const done = await Promise.all(puts);
        expect(done.filter(Boolean)).toHaveLength(1);
        const found = await Promise.all(accounts.map((account) => teams.ofAccount(account)));
        expect(found.map((all) => all.length > 0)).toEqual(done);
      }
    });
  });

  describe('links', () => {
    test('a link is found by its hash, and taken by one caller alone', async () => {
      const { accountLinks } = stores();
      const link = sampleLink();
      await accountLinks.put(link);
      expect(await accountLinks.get(link.hash)).toEqual(link);
      const taken = await Promise.all(Array.from({ length: 5 }, () => accountLinks.take(link.hash)));
      expect(taken.filter(Boolean)).toHaveLength(1);
      expect(await accountLinks.get(link.hash)).toBeUndefined();
    });

    test('invitations are listed by tenant and withdrawn; resets go with those of their account', async () => {
      const { accountLinks } = stores();
      const account = randomUUID();
      const link = sampleLink();
      const { tenantId } = link;
      const reset = sampleLink({ kind: 'reset', tenantId, account, role: undefined });
      const { role, ...stored } = reset;
      expect(role).toBeUndefined();
      await accountLinks.put(link);
      await accountLinks.put(stored);
      expect(await accountLinks.ofTenant(tenantId)).toEqual([link]);
      expect(await accountLinks.remove(tenantId, reset.id)).toBe(false);
      expect(await accountLinks.remove('another', link.id)).toBe(false);
      expect(await accountLinks.remove(tenantId, link.id)).toBe(true);
      expect(await accountLinks.removeResets(randomUUID())).toBe(0);
      expect(await accountLinks.removeResets(account)).toBe(1);
      expect(await accountLinks.get(reset.hash)).toBeUndefined();
      for (const expiresAt of [-30, -20, -10]) await accountLinks.put(sampleLink({ expiresAt }));
      expect(await accountLinks.prune(-20, 1)).toBe(1);
      expect(await accountLinks.prune(-20, 9)).toBe(1);
    });
  });
}
