// /tenants/{tenant}/members: who is in a tenant, and as what.

import { BelfryError, notFound } from '@belfry/protocol';
import * as z from 'zod';
import type { Member, MemberRole } from '../../../ports/stores/index.ts';
import { allOf, linkSchema, memberSchema } from './answers.ts';
import { roleSchema } from './bodies.ts';
import { sourceOf, type SignedIn } from './caller.ts';
import { needsMore, type InTenant } from './enter.ts';
import { tenantParams, tenantRoute } from './route.ts';
import type { AdminServices } from './services.ts';
import { isoOf, shownMember } from './shown.ts';
import { etagOf, needVersion } from './versions.ts';

const tag = 'Members';
const memberParams = tenantParams.extend({ account: z.string().min(1).max(64) });
const memberAnswer = { description: 'The member.', schema: memberSchema };

async function shown(member: Member, { accounts, sessions }: Pick<AdminServices, 'accounts' | 'sessions'>) {
  const [account, [newest]] = await Promise.all([
    accounts.find(member.account),
    sessions.ofAccount(member.account).then((all) => all.toSorted((a, b) => b.lastUsedAt - a.lastUsedAt)),
  ]);
  return shownMember(member, account, newest?.lastUsedAt);
}

/** Owners are made and changed by owners alone. */
function checkMayChange(role: MemberRole, member: Member, next?: MemberRole): void {
  if (role !== 'owner' && (member.role === 'owner' || next === 'owner')) throw needsMore('owner');
}

/** As the change finds the member: of the version that the caller has seen, and theirs to change. */
function checkFor(caller: SignedIn & InTenant, next?: MemberRole): (member: Member) => void {
  return (member) => {
    checkMayChange(caller.role, member, next);
    const { account, role, version } = member;
    needVersion(caller.ifVersion, { account, role, version }, member);
  };
}

export const memberRoutes = [
  tenantRoute({
    operationId: 'listMembers',
    method: 'get',
    path: '/tenants/{tenant}/members',
    tag,
    summary: 'Who is in the tenant',
    role: 'viewer',
    params: tenantParams,
    answers: { 200: { description: 'In the order in which they came.', schema: allOf(memberSchema) } },
    async handle({ caller }, services) {
      const { members } = await services.members.team(caller.tenant.id);
      const items = await Promise.all(members.map((member) => shown(member, services)));
      return { status: 200, body: { items, total: { value: items.length } } };
    },
  }),
  tenantRoute({
    operationId: 'changeMember',
    method: 'patch',
    path: '/tenants/{tenant}/members/{account}',
    tag,
    summary: 'Another role',
    role: 'admin',
    params: memberParams,
    body: z.strictObject({ role: roleSchema }),
    marks: ['version', 'audit'],
    answers: { 200: memberAnswer },
    errors: ['conflict', 'precondition_required', 'precondition_failed', 'csrf'],
    async handle({ caller, params, body }, services) {
      const { account, tenant: id } = params;
      const { before, after } = await services.members.setRole(id, {
        ...{ account, role: body.role, by: caller.session.account.name },
        check: checkFor(caller, body.role),
      });
      if (before.version !== after.version) {
        const sides = { before: { role: before.role }, after: { role: after.role } };
        const object = { type: 'member', id: account };
        await services.audit.record(sourceOf(caller), { action: 'member.update', tenants: [id], object, ...sides });
        // Whatever they hear live is decided anew.
        await services.signOut(account);
      }
      return { status: 200, body: await shown(after, services), headers: etagOf(after.version) };
    },
  }),
  tenantRoute({
    operationId: 'removeMember',
    method: 'delete',
    path: '/tenants/{tenant}/members/{account}',
    tag,
    summary: 'Take somebody out of the tenant; their account stays',
    role: 'admin',
    params: memberParams,
    marks: ['version', 'audit'],
    answers: { 204: { description: 'They are out.' } },
    errors: ['conflict', 'precondition_required', 'precondition_failed', 'csrf'],
    async handle({ caller, params }, services) {
      const { account, tenant: id } = params;
      const { role } = await services.members.remove(id, { account, check: checkFor(caller) });
      const object = { type: 'member', id: account };
      await services.audit.record(sourceOf(caller), {
        ...{ action: 'member.delete', tenants: [id], object, before: { role } },
      });
      await services.signOut(account);
      return { status: 204 };
    },
  }),
  tenantRoute({
    operationId: 'createResetLink',
    method: 'post',
    path: '/tenants/{tenant}/members/{account}/reset-link',
    tag,
    summary: 'A link by which a member chooses another password, once, within the hour',
    role: 'admin',
    params: memberParams,
    marks: ['audit'],
    repeatable: true,
    answers: { 201: { description: 'Shown once.', schema: linkSchema } },
    errors: ['csrf'],
    async handle({ caller, params, address }, services) {
      const { account, tenant: id } = params;
      const member = await services.members.find(id, account);
      if (member === undefined) throw notFound('member');
      checkMayChange(caller.role, member);
      const target = await services.accounts.get(account);
      // A link is as good as the password: an administrator of one tenant must not come by another's.
      const isMine = target.id === caller.session.account.id;
      const isOperator = caller.session.account.operator;
      if (!isMine && !isOperator && (target.operator || (await isElsewhere(account, id, services)))) {
        throw new BelfryError('forbidden', {
          message:
            'The account has rights elsewhere: an operator makes the link, with `npx belfry admin reset-password`.',
          details: { needs: 'operator' },
        });
      }
      const createdBy = caller.session.account.name;
      const { token, record } = await services.links.reset(account, { tenantId: id, createdBy });
      const object = { type: 'member', id: account };
      const after = { expiresAt: isoOf(record.expiresAt) };
      await services.audit.record(sourceOf(caller), { action: 'member.reset_link', tenants: [id], object, after });
      const link = `${address}/console/reset/${token}`;
      return { status: 201, body: { link, expiresAt: isoOf(record.expiresAt) } };
    },
  }),
];

async function isElsewhere(
  account: string,
  tenantId: string,
  { members }: Pick<AdminServices, 'members'>,
): Promise<boolean> {
  return (await members.teamsOf(account)).some((team) => team.tenantId !== tenantId);
}
