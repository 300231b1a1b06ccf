// /session and /setup: let in, confirmed, out again.

import * as z from 'zod';
import type { LiveSession } from '../../../accounts/console-sessions.ts';
import { consoleApp, consoleUserId } from '../../../ports/app-id.ts';
import type { AccountRecord } from '../../../ports/stores/index.ts';
import type { Versioned } from '../../../ports/stores/versioned.ts';
import type { Answer } from '../../route.ts';
import { codeWantedSchema, liveTokenSchema, sessionSchema, signedOutSchema } from './answers.ts';
import { codeSchema, emailSchema, localeSchema, nameSchema, newPasswordSchema, passwordSchema } from './bodies.ts';
import { sourceOf, type AdminCaller } from './caller.ts';
import { noSessionCookie, sessionCookie } from './cookie.ts';
import { publicRoute, selfRoute } from './route.ts';
import type { AdminServices } from './services.ts';
import { isoOf, shownSession } from './shown.ts';

const tag = 'Session';

/** The answer to whoever was let in, with the cookie of a new session. */
export async function letIn(
  account: Versioned<AccountRecord>,
  caller: AdminCaller,
  services: AdminServices,
): Promise<Answer> {
  const { token, session } = await services.sessions.begin(account, caller.origin);
  const maxAgeMs = session.record.expiresAt - session.record.createdAt;
  const cookie = sessionCookie(token, { isSecure: caller.isSecure, maxAgeMs });
  return { status: 201, body: await shownSession(session, services), headers: { 'Set-Cookie': cookie } };
}

/** An entry in each tenant that the account is in. */
async function recordSignIn(
  account: AccountRecord,
  caller: AdminCaller,
  { audit, members }: Pick<AdminServices, 'audit' | 'members'>,
): Promise<void> {
  const tenants = (await members.teamsOf(account.id)).map(({ tenantId }) => tenantId);
  const actor = { type: 'account', id: account.id, name: account.name } as const;
  const object = { type: 'account', id: account.id };
  await audit.record({ ...sourceOf(caller), actor }, { action: 'session.begin', tenants, object });
}

const letInAnswer = { description: 'Let in: as `GET /session`, with a cookie.', schema: sessionSchema };

export const sessionRoutes = [
  publicRoute({
    operationId: 'getSession',
    method: 'get',
    path: '/session',
    tag,
    summary: 'Who is signed in, or whether there is an administrator yet',
    answers: {
      200: {
        description: 'Also for somebody who is not signed in.',
        schema: z.union([sessionSchema, signedOutSchema]),
      },
    },
    async handle({ caller }, services) {
      const { session } = caller;
      if (session !== undefined) return { status: 200, body: await shownSession(session, services) };
      return { status: 200, body: { setupNeeded: await services.setup.isNeeded() } };
    },
  }),
  publicRoute({
    operationId: 'setUp',
    method: 'post',
    path: '/setup',
    tag,
    summary: 'Make the first administrator, with the code that the server printed',
    body: z.strictObject({
      code: z.string().max(64),
      ...{ email: emailSchema, name: nameSchema, password: newPasswordSchema, tenantName: nameSchema },
      locale: localeSchema.default('en'),
    }),
    marks: ['audit'],
    repeatable: true,
    answers: { 201: letInAnswer },
    errors: ['setup_done', 'unauthorized', 'csrf'],
    async handle({ caller, body }, services) {
      const { account, tenants } = await services.setup.run(body, caller.network);
      const actor = { type: 'account', id: account.id, name: account.name } as const;
      await services.audit.record(
        { ...sourceOf(caller), actor },
        {
          ...{ action: 'account.setup', tenants, object: { type: 'account', id: account.id } },
          after: { email: account.email, name: account.name, role: 'owner', tenantName: body.tenantName },
        },
      );
      return letIn(account, caller, services);
    },
  }),
  publicRoute({
    operationId: 'signIn',
    method: 'post',
    path: '/session',
    tag,
    summary: 'Sign in with e-mail address and password',
    body: z.strictObject({ email: emailSchema, password: passwordSchema }),
    marks: ['audit'],
    repeatable: true,
    answers: {
      200: { description: 'The password is right, and a code is wanted.', schema: codeWantedSchema },
      201: letInAnswer,
    },
    errors: ['unauthorized', 'csrf'],
    async handle({ caller, body }, services) {
      const step = await services.signIn.withPassword(body, caller);
      if (step.next === 'code') return { status: 200, body: { next: 'code', challenge: step.challenge } };
      await recordSignIn(step.account, caller, services);
      return letIn(step.account, caller, services);
    },
  }),
  publicRoute({
    operationId: 'signInWithCode',
    method: 'post',
    path: '/session/code',
    tag,
    summary: 'The second step of a sign-in: a code, or a recovery code',
    body: z.union([
      z.strictObject({ challenge: z.string().max(1024), code: codeSchema }),
      z.strictObject({ challenge: z.string().max(1024), recoveryCode: codeSchema }),
    ]),
    marks: ['audit'],
    repeatable: true,
    answers: { 201: letInAnswer },
    errors: ['unauthorized', 'csrf'],
    async handle({ caller, body }, services) {
      const { challenge, ...given } = body;
      const account = await services.signIn.withCode(challenge, given, caller);
      await recordSignIn(account, caller, services);
      return letIn(account, caller, services);
    },
  }),
  selfRoute({
    operationId: 'signOut',
    method: 'delete',
    path: '/session',
    tag,
    summary: 'Sign out',
    answers: { 204: { description: 'The session is over.' } },
    async handle({ caller }, { sessions }) {
      const { account, record }: LiveSession = caller.session;
      await sessions.end(account.id, record.id);
      return { status: 204, headers: { 'Set-Cookie': noSessionCookie(caller.isSecure) } };
    },
  }),
  selfRoute({
    operationId: 'confirmSession',
    method: 'post',
    path: '/session/confirm',
    tag,
    summary: 'Give the password or a code again, for what is not to be done by whoever finds the machine open',
    body: z.union([z.strictObject({ password: passwordSchema }), z.strictObject({ code: codeSchema })]),
    repeatable: true,
    answers: { 200: { description: 'Until when that counts.', schema: z.object({ confirmedUntil: z.string() }) } },
    async handle({ caller, body }, { signIn }) {
      const confirmedUntil = await signIn.confirm(caller.session, body, caller);
      return { status: 200, body: { confirmedUntil: isoOf(confirmedUntil) } };
    },
  }),
  selfRoute({
    operationId: 'createLiveToken',
    method: 'post',
    path: '/live/token',
    tag,
    summary: "A token for live data, at the console's own app",
    repeatable: true,
    answers: { 201: { description: 'Good until `expiresAt`.', schema: liveTokenSchema } },
    async handle({ caller }, { tokens }) {
      const { account } = caller.session;
      const claims = { userId: consoleUserId(account.id), name: account.name, expiresInSeconds: liveTokenSeconds };
      return { status: 201, body: { app: consoleApp, ...(await tokens.sign(consoleApp, claims)) } };
    },
  }),
];

const liveTokenSeconds = 600;
