// Lets a session into a tenant, an app or the installation, by role. The role that each route wants: its row.

import { BelfryError, notFound } from '@belfry/protocol';
import type { Members } from '../../../accounts/members.ts';
import { isAtLeast } from '../../../accounts/roles.ts';
import { hasSecondFactor } from '../../../accounts/second-factor.ts';
import { consoleApp } from '../../../ports/app-id.ts';
import type { MemberRole, Tenant, TenancyStore } from '../../../ports/stores/index.ts';
import type { Versioned } from '../../../ports/stores/versioned.ts';
import type { AppRecord } from '../../../ports/stores/tenancy.ts';
import type { Apps } from '../../../tenancy/apps.ts';
import type { SignedIn } from './caller.ts';

export interface EnterDeps {
  members: Pick<Members, 'team'>;
  tenancy: Pick<TenancyStore, 'tenant'>;
  apps: Pick<Apps, 'find'>;
}

/** A tenant, as somebody with a role sees it. */
export interface InTenant {
  tenant: Tenant;
  role: MemberRole;
}

export interface InApp extends InTenant {
  app: Versioned<AppRecord>;
}

/** Throws `not_found` for a tenant that is not there or is another's, `forbidden` with the role that is needed. */
export async function enterTenant(
  { tenancy, members }: EnterDeps,
  { session }: SignedIn,
  { id, needs }: { id: string; needs: MemberRole },
): Promise<InTenant> {
  const [tenant, team] = await Promise.all([tenancy.tenant(id), members.team(id)]);
  const member = team.members.find(({ account }) => account === session.account.id);
  if (tenant === undefined || member === undefined) throw notFound('tenant');
  if (!isAtLeast(member.role, needs)) throw needsMore(needs);
  const { requireTotpFrom } = team;
  if (requireTotpFrom !== undefined && isAtLeast(member.role, requireTotpFrom) && !hasSecondFactor(session.account)) {
    throw new BelfryError('forbidden', {
      message: 'This tenant wants a second factor of members with this role. Add one to the account first.',
      details: { needs: 'totp' },
    });
  }
  return { tenant, role: member.role };
}

/** As `enterTenant`: first whose app it is, then who is in that tenant, then as what. */
export async function enterApp(
  deps: EnterDeps,
  caller: SignedIn,
  { key, needs }: { key: string; needs: MemberRole },
): Promise<InApp> {
  const app = await deps.apps.find(key);
  if (app === undefined || app.app === consoleApp || app.erasingSince !== undefined) throw notFound('app');
  try {
    return { app, ...(await enterTenant(deps, caller, { id: app.tenantId, needs })) };
  } catch (error) {
    throw error instanceof BelfryError && error.code === 'not_found' ? notFound('app') : error;
  }
}

export function needOperator({ session }: SignedIn): void {
  if (!session.account.operator) throw needsMore('operator');
}

export function needsMore(needs: MemberRole | 'operator'): BelfryError {
  return new BelfryError('forbidden', { message: `This needs the role ${needs}.`, details: { needs } });
}
