// Invitations and resets: made by those who may, used by whoever has the link.

import { BelfryError, notFound } from '@belfry/protocol';
import * as z from 'zod';
import { uuidv7 } from 'uuidv7';
import { replacedSecret } from '../../../accounts/audit.ts';
import type { AccountLinkRecord, AccountRecord } from '../../../ports/stores/index.ts';
import type { Versioned } from '../../../ports/stores/versioned.ts';
import { allOf, invitationSchema, invitedSchema, linkSchema, sessionSchema } from './answers.ts';
import { emailSchema, localeSchema, nameSchema, newPasswordSchema, roleSchema, textOf, tokenSchema } from './bodies.ts';
import { sourceOf, type AdminCaller } from './caller.ts';
import { needsMore } from './enter.ts';
import { publicRoute, tenantParams, tenantRoute } from './route.ts';
import type { AdminServices } from './services.ts';
import { letIn } from './sessions.ts';
import { isoOf, shownInvitation, shownSession } from './shown.ts';

const tag = 'Members';
const linkParams = z.object({ token: tokenSchema });
const madeLink = {
  description: 'Shown once.',
  schema: linkSchema.extend({ id: z.string() }).meta({ id: 'InvitationLink' }),
};

const invitationRoutes = [
  tenantRoute({
    operationId: 'listInvitations',
    method: 'get',
    path: '/tenants/{tenant}/invitations',
    tag,
    summary: 'Invitations that are good and were not used',
    role: 'admin',
    params: tenantParams,
    answers: { 200: { description: 'In the order in which they were made.', schema: allOf(invitationSchema) } },
    async handle({ caller }, { links }) {
      const items = (await links.invitations(caller.tenant.id)).map(shownInvitation);
      return { status: 200, body: { items, total: { value: items.length } } };
    },
  }),
  tenantRoute({
    operationId: 'createInvitation',
    method: 'post',
    path: '/tenants/{tenant}/invitations',
    tag,
    summary: 'A link by which somebody joins the tenant, once, within 72 hours',
    role: 'admin',
    params: tenantParams,
    body: z.strictObject({ label: textOf(120), role: roleSchema }),
    marks: ['audit'],
    // The link is a secret: it is not kept for days in case somebody asks again.
    repeatable: true,
    answers: { 201: madeLink },
    errors: ['too_many', 'csrf'],
    async handle({ caller, body, address }, services) {
      if (body.role === 'owner' && caller.role !== 'owner') throw needsMore('owner');
      const id = caller.tenant.id;
      if ((await services.links.invitations(id)).length >= maxInvitations) {
        throw new BelfryError('too_many', { message: `A tenant has at most ${maxInvitations} invitations.` });
      }
      const { token, record } = await services.links.invite(id, { ...body, createdBy: caller.session.account.name });
      const expiresAt = isoOf(record.expiresAt);
      const object = { type: 'invitation', id: record.id };
      const after = { ...body, expiresAt };
      await services.audit.record(sourceOf(caller), { action: 'invitation.create', tenants: [id], object, after });
      return { status: 201, body: { id: record.id, link: `${address}/console/invite/${token}`, expiresAt } };
    },
  }),
  tenantRoute({
    operationId: 'withdrawInvitation',
    method: 'delete',
    path: '/tenants/{tenant}/invitations/{id}',
    tag,
    summary: 'Take an invitation back',
    role: 'admin',
    params: tenantParams.extend({ id: z.string().max(64) }),
    marks: ['audit'],
    answers: { 204: { description: 'Its link is good no more.' } },
    errors: ['csrf'],
    async handle({ caller, params }, { links, audit }) {
      const { label, role } = await links.withdraw(params.tenant, params.id);
      const object = { type: 'invitation', id: params.id };
      await audit.record(sourceOf(caller), {
        ...{ action: 'invitation.delete', tenants: [params.tenant], object, before: { label, role } },
      });
      return { status: 204 };
    },
  }),
];

const maxInvitations = 200;

const useRoutes = [
  publicRoute({
    operationId: 'getInvitation',
    method: 'get',
    path: '/invitations/{token}',
    tag,
    summary: 'Where an invitation leads',
    params: linkParams,
    answers: { 200: { description: 'It is good.', schema: invitedSchema } },
    async handle({ params }, { links, tenancy }) {
      const link = await links.get(params.token, 'invitation');
      const { label, role = 'viewer', expiresAt, createdBy, tenantId } = link;
      const tenant = (await tenancy.tenant(tenantId))?.name ?? tenantId;
      return { status: 200, body: { label, role, tenant, createdBy, expiresAt: isoOf(expiresAt) } };
    },
  }),
  publicRoute({
    operationId: 'acceptInvitation',
    method: 'post',
    path: '/invitations/{token}/accept',
    tag,
    summary: 'Join: with a new account, or with the one that is signed in',
    params: linkParams,
    body: z.strictObject({
      email: emailSchema.optional(),
      name: nameSchema.optional(),
      password: newPasswordSchema.optional(),
      locale: localeSchema.default('en'),
    }),
    marks: ['audit'],
    repeatable: true,
    answers: {
      200: { description: 'Joined with the account that is signed in: as `GET /session`.', schema: sessionSchema },
      201: { description: 'Let in, with a cookie.', schema: sessionSchema },
    },
    errors: ['conflict', 'csrf'],
    async handle({ caller, params, body }, services) {
      const { session } = caller;
      if (session !== undefined) {
        await needTenant(params.token, services);
        const link = await services.links.take(params.token, 'invitation');
        await join(session.account, { link, caller }, services);
        return { status: 200, body: await shownSession(session, services) };
      }
      const { email, name, password, locale } = body;
      if (email === undefined || name === undefined || password === undefined) throw missing(body);
      // Before the link is used up: it is not lost to a name that is taken.
      await needTenant(params.token, services);
      if ((await services.accounts.byEmail(email)) !== undefined) throw taken();
      const passwordHash = await services.passwords.hash(password, caller.network);
      const link = await services.links.take(params.token, 'invitation');
      const account = await services.accounts.make({
        id: uuidv7(),
        email,
        name,
        locale,
        passwordHash,
        operator: false,
      });
      if (account === undefined) throw taken();
      await join(account, { link, caller }, services);
      return letIn(account, caller, services);
    },
  }),
  publicRoute({
    operationId: 'resetPassword',
    method: 'post',
    path: '/resets/{token}',
    tag,
    summary: 'Choose another password by a link; every session of the account ends',
    params: linkParams,
    // A name comes from the same form, and is that of the account already.
    body: z.strictObject({ password: newPasswordSchema, name: nameSchema.optional() }),
    marks: ['audit'],
    repeatable: true,
    answers: { 204: { description: 'Sign in with it.' } },
    errors: ['csrf'],
    async handle({ caller, params, body }, services) {
      await services.links.get(params.token, 'reset');
      const passwordHash = await services.passwords.hash(body.password, caller.network);
      const { account: id = '', tenantId } = await services.links.take(params.token, 'reset');
      const account = await services.accounts.change(id, (now) => ({ ...now, passwordHash }));
      await services.sessions.endOthers(id, '');
      const actor = { type: 'account', id, name: account.name } as const;
      await services.audit.record(
        { ...sourceOf(caller), actor },
        {
          ...{ action: 'account.password', tenants: [tenantId], object: { type: 'account', id } },
          ...{ before: { password: replacedSecret }, after: { password: replacedSecret } },
        },
      );
      return { status: 204 };
    },
  }),
];

/** An invitation to a tenant that is gone leads nowhere. */
async function needTenant(token: string, { links, tenancy }: AdminServices): Promise<void> {
  const { tenantId } = await links.get(token, 'invitation');
  if ((await tenancy.tenant(tenantId)) === undefined) throw notFound('link');
}

async function join(
  account: Versioned<AccountRecord>,
  { link, caller }: { link: AccountLinkRecord; caller: AdminCaller },
  { members, audit }: AdminServices,
): Promise<void> {
  const { tenantId, role = 'viewer', createdBy, label } = link;
  const joined = await members.join(tenantId, { account: account.id, role, by: createdBy });
  const actor = { type: 'account', id: account.id, name: account.name } as const;
  const after = { role: joined.role, email: account.email, invitation: label };
  await audit.record(
    { ...sourceOf(caller), actor },
    { action: 'member.create', tenants: [tenantId], object: { type: 'member', id: account.id }, after },
  );
}

function missing(body: { email?: unknown; name?: unknown }): BelfryError {
  const field = body.email === undefined ? 'email' : body.name === undefined ? 'name' : 'password';
  return new BelfryError('invalid_body', { message: `A new account needs ${field}.`, path: [field] });
}

function taken(): BelfryError {
  const message = 'There is an account with this e-mail address. Sign in with it, then open the link again.';
  return new BelfryError('conflict', { message, path: ['email'] });
}

export const linkRoutes = [...invitationRoutes, ...useRoutes];
