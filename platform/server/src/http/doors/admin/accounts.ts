// /account: what somebody changes about themselves: profile, password, second factor, sessions.

import { notFound } from '@belfry/protocol';
import * as z from 'zod';
import { profileOf } from '../../../accounts/accounts.ts';
import { replacedSecret } from '../../../accounts/audit.ts';
import type { AccountRecord } from '../../../ports/stores/index.ts';
import { accountSchema, ownSessionSchema } from './answers.ts';
import { codeSchema, newPasswordSchema, passwordSchema, profileSchema } from './bodies.ts';
import { sourceOf, type SignedIn } from './caller.ts';
import { selfRoute } from './route.ts';
import type { AdminServices } from './services.ts';
import { isoOf, shownAccount } from './shown.ts';
import { etagOf, needVersion } from './versions.ts';

const tag = 'Account';
const accountAnswer = { description: 'The account.', schema: accountSchema };

/** Of what somebody changes about their account, every tenant that they are in has an entry. */
async function record(
  caller: SignedIn,
  change: { action: string; before?: object; after?: object },
  { audit, members }: Pick<AdminServices, 'audit' | 'members'>,
): Promise<void> {
  const { id } = caller.session.account;
  const tenants = (await members.teamsOf(id)).map(({ tenantId }) => tenantId);
  const { action, before = {}, after = {} } = change;
  const sides = { before: { ...before }, after: { ...after } };
  await audit.record(sourceOf(caller), { action, tenants, object: { type: 'account', id }, ...sides });
}

const profileRoutes = [
  selfRoute({
    operationId: 'getAccount',
    method: 'get',
    path: '/account',
    tag,
    summary: 'The own account',
    answers: { 200: accountAnswer },
    async handle({ caller }) {
      const { account } = caller.session;
      return { status: 200, body: shownAccount(account), headers: etagOf(account.profileVersion) };
    },
  }),
  selfRoute({
    operationId: 'changeAccount',
    method: 'patch',
    path: '/account',
    tag,
    summary: 'Change the profile; what is left out stays',
    body: profileSchema,
    marks: ['version', 'audit'],
    answers: { 200: accountAnswer },
    errors: ['precondition_required', 'precondition_failed', 'csrf'],
    async handle({ caller, body }, services) {
      let before: AccountRecord = caller.session.account;
      const account = await services.accounts.change(before.id, (now) => {
        before = now;
        const { name: changedBy, profileVersion: version, updatedAt: changedAt } = now;
        needVersion(caller.ifVersion, shownAccount(now), { version, changedBy, changedAt });
        const given = Object.fromEntries(Object.entries(body).filter(([, value]) => value !== undefined));
        const after = { ...now, ...given };
        if (JSON.stringify(profileOf(after)) === JSON.stringify(profileOf(now))) return undefined;
        return { ...after, profileVersion: version + 1 };
      });
      if (account.version !== caller.session.account.version) {
        const sides = { before: profileOf(before), after: profileOf(account) };
        await record(caller, { action: 'account.update', ...sides }, services);
      }
      return { status: 200, body: shownAccount(account), headers: etagOf(account.profileVersion) };
    },
  }),
  selfRoute({
    operationId: 'changePassword',
    method: 'put',
    path: '/account/password',
    tag,
    summary: 'Another password; all other sessions end',
    body: z.strictObject({ current: passwordSchema, next: newPasswordSchema }),
    marks: ['confirm', 'audit'],
    repeatable: true,
    answers: { 204: { description: 'Changed.' } },
    errors: ['confirm_needed', 'csrf'],
    async handle({ caller, body }, services) {
      const { account, record: session } = caller.session;
      await services.signIn.confirm(caller.session, { password: body.current }, caller);
      const passwordHash = await services.passwords.hash(body.next, caller.network);
      await services.accounts.change(account.id, (now) => ({ ...now, passwordHash }));
      await services.sessions.endOthers(account.id, session.id);
      const sides = { before: { password: replacedSecret }, after: { password: replacedSecret } };
      await record(caller, { action: 'account.password', ...sides }, services);
      return { status: 204 };
    },
  }),
];

const totpRoutes = [
  selfRoute({
    operationId: 'beginTotp',
    method: 'post',
    path: '/account/totp',
    tag,
    summary: 'Begin a second factor: the address that an app on a phone reads',
    marks: ['confirm', 'audit'],
    repeatable: true,
    answers: { 200: { description: 'To be drawn as a QR code.', schema: z.object({ uri: z.string() }) } },
    errors: ['confirm_needed', 'conflict', 'csrf'],
    async handle({ caller }, services) {
      const uri = await services.factors.begin(caller.session.account.id);
      await record(caller, { action: 'account.totp.begin', after: { totp: replacedSecret } }, services);
      return { status: 200, body: { uri } };
    },
  }),
  selfRoute({
    operationId: 'confirmTotp',
    method: 'put',
    path: '/account/totp',
    tag,
    summary: 'Take the second factor into use, with a first code of it',
    body: z.strictObject({ code: codeSchema }),
    marks: ['audit'],
    repeatable: true,
    answers: {
      200: {
        description: 'Ten codes for when the phone is lost, once.',
        schema: z.object({ recoveryCodes: z.array(z.string()) }),
      },
    },
    errors: ['conflict', 'csrf'],
    async handle({ caller, body }, services) {
      const { account, record: session } = caller.session;
      const recoveryCodes = await services.factors.confirm(account.id, body.code);
      await services.sessions.endOthers(account.id, session.id);
      await record(caller, { action: 'account.totp.add', before: { totp: false }, after: { totp: true } }, services);
      return { status: 200, body: { recoveryCodes } };
    },
  }),
  selfRoute({
    operationId: 'removeTotp',
    method: 'delete',
    path: '/account/totp',
    tag,
    summary: 'Take the second factor away, with the password and a code or recovery code',
    body: z.strictObject({ password: passwordSchema, code: codeSchema }),
    marks: ['confirm', 'audit'],
    repeatable: true,
    answers: { 204: { description: 'A password is enough from now on.' } },
    errors: ['confirm_needed', 'csrf'],
    async handle({ caller, body }, services) {
      const { account } = caller.session;
      await services.signIn.confirm(caller.session, { password: body.password }, caller);
      await services.signIn.confirm(caller.session, { anyCode: body.code }, caller);
      if (!(await services.factors.remove(account.id))) return { status: 204 };
      await record(caller, { action: 'account.totp.remove', before: { totp: true }, after: { totp: false } }, services);
      return { status: 204 };
    },
  }),
];

const ownSessionRoutes = [
  selfRoute({
    operationId: 'listSessions',
    method: 'get',
    path: '/account/sessions',
    tag,
    summary: 'Where one is signed in',
    answers: { 200: { description: 'Those first that began last.', schema: z.array(ownSessionSchema) } },
    async handle({ caller }, { sessions, clock }) {
      const { account, record: current } = caller.session;
      const now = clock.now();
      const live = (await sessions.ofAccount(account.id)).filter(
        (session) => session.expiresAt > now && sessions.idleUntil(session) > now,
      );
      const body = live.map(({ id, createdAt, lastUsedAt, address, agent }) => ({
        ...{ id, current: id === current.id, createdAt: isoOf(createdAt), lastUsedAt: isoOf(lastUsedAt) },
        ...{ address, agent },
      }));
      return { status: 200, body };
    },
  }),
  selfRoute({
    operationId: 'endSession',
    method: 'delete',
    path: '/account/sessions/{id}',
    tag,
    summary: 'Sign out elsewhere',
    params: z.object({ id: z.string().max(64) }),
    marks: ['audit'],
    answers: { 204: { description: 'That session is over.' } },
    errors: ['csrf'],
    async handle({ caller, params }, services) {
      if (!(await services.sessions.end(caller.session.account.id, params.id))) throw notFound('session');
      await record(caller, { action: 'session.end', before: { session: params.id } }, services);
      return { status: 204 };
    },
  }),
  selfRoute({
    operationId: 'endOtherSessions',
    method: 'delete',
    path: '/account/sessions',
    tag,
    summary: 'Sign out everywhere else',
    marks: ['audit'],
    answers: { 200: { description: 'How many sessions there were.', schema: z.object({ ended: z.int() }) } },
    errors: ['csrf'],
    async handle({ caller }, services) {
      const { account, record: current } = caller.session;
      const ended = await services.sessions.endOthers(account.id, current.id);
      if (ended > 0) await record(caller, { action: 'session.end', before: { sessions: ended } }, services);
      return { status: 200, body: { ended } };
    },
  }),
];

export const accountRoutes = [...profileRoutes, ...totpRoutes, ...ownSessionRoutes];
