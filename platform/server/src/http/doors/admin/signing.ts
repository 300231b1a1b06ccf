// /apps/{app}/signing: what the tokens of an app's users are verified by. Trying a token: tokens.ts.

import { BelfryError, timestampSchema } from '@belfry/protocol';
import * as z from 'zod';
import { replacedSecret } from '../../../accounts/audit.ts';
import type { AppRecord } from '../../../ports/stores/index.ts';
import { jwksUrlSchema, signingSecretSchema } from '../../../tenancy/provisioning/schema.ts';
import { withJwksUrl, withoutSecret, withSecret } from '../../../tenancy/tokens/app-keys.ts';
import { newSigningSecret, sealSigningSecret } from '../../../tenancy/tokens/app-signing.ts';
import { changeRecord } from './app-change.ts';
import { recordOfApp } from './record-of-app.ts';
import { appParams, appRoute } from './route.ts';
import type { AdminServices } from './services.ts';
import { isoOf } from './shown.ts';

const tag = 'Signing';

const signingSchema = z
  .object({
    /** The newest, which also signs, first. */
    secrets: z.array(z.object({ kid: z.string(), createdAt: timestampSchema })),
    ...{ jwksUrl: z.string().nullable(), managed: z.boolean() },
  })
  .meta({ id: 'Signing' });
const signingAnswer = { description: 'As it is now.', schema: signingSchema };

const madeSecretSchema = z.object({ kid: z.string(), secret: z.string() }).meta({ id: 'MadeSigningSecret' });

const checkedSchema = z
  .object({
    ok: z.boolean(),
    keys: z.array(z.object({ kid: z.string().nullable(), algorithms: z.array(z.string()) })),
    /** Why there are none. */
    error: z.string().nullable(),
  })
  .meta({ id: 'CheckedKeySet' });

function shown({ signingSecrets, jwksUrl, managed }: AppRecord): z.infer<typeof signingSchema> {
  const secrets = signingSecrets.map(({ kid, createdAt }) => ({ kid, createdAt: isoOf(createdAt) }));
  return { secrets, jwksUrl: jwksUrl ?? null, managed };
}

export const signingRoutes = [
  appRoute({
    operationId: 'getSigning',
    method: 'get',
    path: '/apps/{app}/signing',
    tag,
    summary: "What user tokens are verified by: the names of secrets, and the address of an issuer's keys",
    role: 'admin',
    params: appParams,
    answers: { 200: signingAnswer },
    async handle({ caller }) {
      return { status: 200, body: shown(caller.app) };
    },
  }),
  appRoute({
    operationId: 'createSigningSecret',
    method: 'post',
    path: '/apps/{app}/signing/secrets',
    tag,
    summary: 'Make a signing secret, or take one that is given; it signs from then on, and the others verify',
    role: 'admin',
    params: appParams,
    body: z.strictObject({ secret: signingSecretSchema.max(1024).optional() }),
    marks: ['confirm', 'audit'],
    // It is not kept for days in case somebody asks again.
    repeatable: true,
    answers: { 201: { description: 'The secret, shown once.', schema: madeSecretSchema } },
    errors: ['managed_by_file', 'conflict', 'too_many', 'confirm_needed', 'csrf'],
    async handle({ caller, body }, services) {
      const secret = body.secret ?? newSigningSecret();
      const { vault, clock } = services;
      const sealed = sealSigningSecret(caller.app.app, secret, { vault, createdAt: clock.now() });
      await changeRecord(caller, (app) => withSecret(app, sealed), services);
      await recordOfApp(
        caller,
        { action: 'signing.create', object: { type: 'signing', id: sealed.kid }, after: { secret: replacedSecret } },
        services.audit,
      );
      return { status: 201, body: { kid: sealed.kid, secret } };
    },
  }),
  appRoute({
    operationId: 'removeSigningSecret',
    method: 'delete',
    path: '/apps/{app}/signing/secrets/{kid}',
    tag,
    summary: 'Retire a signing secret: tokens that were made with it are refused from then on',
    role: 'admin',
    params: appParams.extend({ kid: z.string().min(1).max(64) }),
    marks: ['confirm', 'audit'],
    answers: { 200: signingAnswer },
    errors: ['managed_by_file', 'conflict', 'confirm_needed', 'csrf'],
    async handle({ caller, params }, services) {
      const { after } = await changeRecord(caller, (app) => withoutSecret(app, params.kid), services);
      await recordOfApp(
        caller,
        { action: 'signing.delete', object: { type: 'signing', id: params.kid }, before: { secret: replacedSecret } },
        services.audit,
      );
      return { status: 200, body: shown(after) };
    },
  }),
  appRoute({
    operationId: 'setJwksUrl',
    method: 'put',
    path: '/apps/{app}/signing/jwks',
    tag,
    summary: "Set or take away the address of an own issuer's keys",
    role: 'admin',
    params: appParams,
    body: z.strictObject({ url: jwksUrlSchema.max(2048).nullable() }),
    marks: ['confirm', 'audit'],
    answers: { 200: signingAnswer },
    errors: ['managed_by_file', 'conflict', 'confirm_needed', 'csrf'],
    async handle({ caller, body }, services) {
      if (body.url !== null) await needReachable(body.url, services);
      const url = body.url ?? undefined;
      const isSame = caller.app.jwksUrl === url;
      if (isSame) return { status: 200, body: shown(caller.app) };
      const { before, after } = await changeRecord(caller, (app) => withJwksUrl(app, url), services);
      const sides = { before: { jwksUrl: before.jwksUrl ?? null }, after: { jwksUrl: body.url } };
      await recordOfApp(
        caller,
        { action: 'signing.update', object: { type: 'signing', id: 'jwks' }, ...sides },
        services.audit,
      );
      return { status: 200, body: shown(after) };
    },
  }),
  appRoute({
    operationId: 'checkJwksUrl',
    method: 'post',
    path: '/apps/{app}/signing/jwks/check',
    tag,
    summary: 'Fetch the keys at an address, and say which of them can be used; nothing is saved',
    role: 'admin',
    params: appParams,
    body: z.strictObject({ url: jwksUrlSchema.max(2048) }),
    repeatable: true,
    answers: { 200: { description: 'The keys, or why there are none.', schema: checkedSchema } },
    errors: ['csrf'],
    async handle({ body }, { keySets, egress }) {
      const verdict = await egress.checkUrl(body.url);
      if (!verdict.ok) return { status: 200, body: { ok: false, keys: [], error: verdict.reason } };
      const { keys, error } = await keySets.check(body.url);
      const found = keys.map(({ kid = null, algorithms }) => ({ kid, algorithms: [...algorithms] }));
      return { status: 200, body: { ok: found.length > 0, keys: found, error: error ?? null } };
    },
  }),
];

async function needReachable(url: string, { egress }: Pick<AdminServices, 'egress'>): Promise<void> {
  const verdict = await egress.checkUrl(url);
  if (verdict.ok) return;
  throw new BelfryError('invalid_body', { message: verdict.reason, path: ['url'] });
}
