// /tenants: a tenant itself: made, named, what it wants of its members, taken away.

import { BelfryError } from '@belfry/protocol';
import * as z from 'zod';
import type { TeamRecord, Tenant } from '../../../ports/stores/index.ts';
import { memberRoleSchema, tenantSchema } from './answers.ts';
import { nameSchema, roleSchema } from './bodies.ts';
import { sourceOf } from './caller.ts';
import { operatorRoute, selfRoute, tenantParams, tenantRoute } from './route.ts';
import { shownTenant } from './shown.ts';
import { etagOf, needVersion } from './versions.ts';

const tag = 'Tenants';
const tenantAnswer = { description: 'The tenant.', schema: tenantSchema };
const ownTenantSchema = tenantSchema.extend({ role: memberRoleSchema.optional() }).meta({ id: 'OwnTenant' });
/** As a provision file has them. */
const idSchema = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$/, 'must be 1 to 64 characters of A-Z a-z 0-9 _ -');

export const tenantRoutes = [
  selfRoute({
    operationId: 'listTenants',
    method: 'get',
    path: '/tenants',
    tag,
    summary: 'The tenants that one is a member of',
    answers: { 200: { description: 'By id.', schema: z.object({ items: z.array(ownTenantSchema) }) } },
    async handle({ caller }, { members, tenancy }) {
      const teams = await members.teamsOf(caller.session.account.id);
      const items = await Promise.all(
        teams.map(async (team) => {
          const tenant = await tenancy.tenant(team.tenantId);
          const role = team.members.find(({ account }) => account === caller.session.account.id)?.role;
          return tenant === undefined ? [] : [{ ...shownTenant(tenant, team), role }];
        }),
      );
      return { status: 200, body: { items: items.flat() } };
    },
  }),
  operatorRoute({
    operationId: 'createTenant',
    method: 'post',
    path: '/tenants',
    tag,
    summary: 'Make a tenant; whoever makes it is its owner',
    body: z.strictObject({ id: idSchema, name: nameSchema }),
    marks: ['audit'],
    answers: { 201: tenantAnswer },
    errors: ['conflict', 'csrf'],
    async handle({ caller, body }, { tenancy, members, audit, clock }) {
      const { id, name } = body;
      const { account } = caller.session;
      // The team first: it decides which of two who make the tenant at once does.
      const isFree = (await tenancy.tenant(id)) === undefined;
      if (!isFree || !(await members.found(id, { account: account.id, by: account.name }))) throw taken();
      const tenant = { id, name, managed: false, createdAt: clock.now() };
      await tenancy.putTenant(tenant);
      const object = { type: 'tenant', id };
      await audit.record(sourceOf(caller), { action: 'tenant.create', tenants: [id], object, after: { id, name } });
      const team = await members.team(id);
      return { status: 201, body: shownTenant(tenant, team), headers: etagOf(team.settingsVersion) };
    },
  }),
  tenantRoute({
    operationId: 'getTenant',
    method: 'get',
    path: '/tenants/{tenant}',
    tag,
    summary: 'One tenant',
    role: 'viewer',
    params: tenantParams,
    answers: { 200: tenantAnswer },
    async handle({ caller }, { members }) {
      const team = await members.team(caller.tenant.id);
      return { status: 200, body: shownTenant(caller.tenant, team), headers: etagOf(team.settingsVersion) };
    },
  }),
  tenantRoute({
    operationId: 'changeTenant',
    method: 'patch',
    path: '/tenants/{tenant}',
    tag,
    summary: 'Change the name, or from which role on a second factor is needed; what is left out stays',
    role: 'owner',
    params: tenantParams,
    body: z.strictObject({ name: nameSchema.optional(), requireTotpFrom: roleSchema.nullable().optional() }),
    marks: ['version', 'confirm', 'audit'],
    answers: { 200: tenantAnswer },
    errors: ['managed_by_file', 'precondition_required', 'precondition_failed', 'confirm_needed', 'csrf'],
    async handle({ caller, body }, { tenancy, members, audit }) {
      const { tenant, session } = caller;
      const { name = tenant.name, requireTotpFrom } = body;
      if (tenant.managed && name !== tenant.name) throw new BelfryError('managed_by_file', { path: ['name'] });
      const before = await members.team(tenant.id);
      needVersion(caller.ifVersion, shownTenant(tenant, before), versionOf(before));
      const from = requireTotpFrom === undefined ? before.requireTotpFrom : (requireTotpFrom ?? undefined);
      if (name === tenant.name && from === before.requireTotpFrom) {
        return { status: 200, body: shownTenant(tenant, before), headers: etagOf(before.settingsVersion) };
      }
      const team = await members.setSettings(tenant.id, {
        ...{ requireTotpFrom: from, by: session.account.name },
        check: (now) => needVersion(caller.ifVersion, shownTenant(tenant, now), versionOf(now)),
      });
      const changed: Tenant = { ...tenant, name };
      if (name !== tenant.name) await tenancy.putTenant(changed);
      const sides = { before: shownTenant(tenant, before), after: shownTenant(changed, team) };
      const object = { type: 'tenant', id: tenant.id };
      await audit.record(sourceOf(caller), { action: 'tenant.update', tenants: [tenant.id], object, ...sides });
      return { status: 200, body: shownTenant(changed, team), headers: etagOf(team.settingsVersion) };
    },
  }),
  tenantRoute({
    operationId: 'removeTenant',
    method: 'delete',
    path: '/tenants/{tenant}',
    tag,
    summary: 'Take a tenant away that has no app',
    role: 'owner',
    params: tenantParams,
    marks: ['version', 'confirm', 'audit'],
    answers: { 204: { description: 'It is gone. Its audit is kept.' } },
    errors: ['managed_by_file', 'conflict', 'precondition_required', 'precondition_failed', 'confirm_needed', 'csrf'],
    async handle({ caller }, { tenancy, members, links, apps, audit }) {
      const { tenant } = caller;
      const team = await members.team(tenant.id);
      needVersion(caller.ifVersion, shownTenant(tenant, team), versionOf(team));
      if (tenant.managed) throw new BelfryError('managed_by_file');
      if ((await apps.list(tenant.id)).length > 0) {
        throw new BelfryError('conflict', { message: 'The tenant has apps. Delete them first.' });
      }
      const object = { type: 'tenant', id: tenant.id };
      const before = { name: tenant.name };
      await tenancy.removeTenant(tenant.id);
      await members.forget(tenant.id);
      for (const { id } of await links.invitations(tenant.id)) await links.withdraw(tenant.id, id);
      await audit.record(sourceOf(caller), { action: 'tenant.delete', tenants: [tenant.id], object, before });
      return { status: 204 };
    },
  }),
];

function versionOf({ settingsVersion: version, changedBy, changedAt }: TeamRecord) {
  return { version, changedBy, changedAt };
}

function taken(): BelfryError {
  return new BelfryError('conflict', { message: 'There is a tenant with this id already.', path: ['id'] });
}
