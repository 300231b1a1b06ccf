// How accounts, sessions, members and links stand in answers: times as ISO texts, and no hash of anything.

import { profileOf } from '../../../accounts/accounts.ts';
import type { LiveSession } from '../../../accounts/console-sessions.ts';
import { hasSecondFactor } from '../../../accounts/second-factor.ts';
import { consoleApp } from '../../../ports/app-id.ts';
import type {
  AccountLinkRecord,
  AccountRecord,
  AppRecord,
  Member,
  TeamRecord,
  Tenant,
  Versioned,
} from '../../../ports/stores/index.ts';
import type { Apps } from '../../../tenancy/apps.ts';
import type { AccountAnswer, InvitationAnswer, MemberAnswer, SessionAnswer, TenantAnswer } from './answers.ts';
import type { AdminServices } from './services.ts';

export function isoOf(atMs: number): string {
  return new Date(atMs).toISOString();
}

export function shownAccount(account: AccountRecord): AccountAnswer {
  const { id, email, operator, profileVersion, createdAt, recoveryHashes } = account;
  return {
    ...{ id, email, ...profileOf(account), operator },
    ...{ totp: hasSecondFactor(account), recoveryCodesLeft: recoveryHashes.length },
    ...{ version: profileVersion, createdAt: isoOf(createdAt) },
  };
}

export function shownTenant({ id, name, managed }: Tenant, team: TeamRecord): TenantAnswer {
  const { requireTotpFrom = null, settingsVersion: version } = team;
  return { id, name, managed, requireTotpFrom, version };
}

export function shownMember(
  member: Member,
  account: AccountRecord | undefined,
  lastUsedAt: number | undefined,
): MemberAnswer {
  const { account: id, role, since, version, changedBy, changedAt } = member;
  return {
    ...{ account: id, name: account?.name ?? id, email: account?.email ?? '', role, version },
    ...{ totp: account !== undefined && hasSecondFactor(account), since: isoOf(since) },
    lastUsedAt: lastUsedAt === undefined ? null : isoOf(lastUsedAt),
    ...{ changedBy, changedAt: isoOf(changedAt) },
  };
}

export function shownInvitation({
  id,
  label,
  role = 'viewer',
  createdBy,
  createdAt,
  expiresAt,
}: AccountLinkRecord): InvitationAnswer {
  return { id, label, role, createdBy, createdAt: isoOf(createdAt), expiresAt: isoOf(expiresAt) };
}

/** Without those that are being erased. */
export async function ownApps(apps: Pick<Apps, 'list'>, tenantId: string): Promise<readonly Versioned<AppRecord>[]> {
  return (await apps.list(tenantId)).filter(({ erasingSince }) => erasingSince === undefined);
}

/** Everything that the console needs to begin with. */
export async function shownSession(session: LiveSession, services: AdminServices): Promise<SessionAnswer> {
  const { sessions, members, tenancy, apps, clock, server } = services;
  const { account, record } = session;
  const teams = await members.teamsOf(account.id);
  const tenants = await Promise.all(
    teams.map(async ({ tenantId, members: all }) => {
      const tenant = await tenancy.tenant(tenantId);
      const role = all.find((member) => member.account === account.id)?.role;
      if (tenant === undefined || role === undefined) return [];
      const own = (await ownApps(apps, tenantId)).map(({ app, name, disabled, protected: isProtected = false }) => {
        return { app, name, disabled, protected: isProtected };
      });
      return [{ id: tenantId, name: tenant.name, role, apps: own }];
    }),
  );
  const { version, engine, publicUrl = null, playground } = server;
  return {
    account: shownAccount(account),
    tenants: tenants.flat(),
    operator: account.operator,
    csrf: sessions.csrfOf(session),
    expiresAt: isoOf(record.expiresAt),
    idleUntil: isoOf(sessions.idleUntil(record)),
    confirmedUntil: isoOf(sessions.confirmedUntil(record)),
    server: {
      ...{ version, engine, time: isoOf(clock.now()), publicUrl },
      // Whoever has its address can be anybody.
      playground: (account.operator ? playground : undefined) ?? null,
    },
    live: { app: consoleApp, url: '/ws' },
  };
}
