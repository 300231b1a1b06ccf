// /apps/{app}/keys: the API keys of an app. The key itself is in one answer alone: the one that made it.

import { BelfryError, notFound, timestampSchema } from '@belfry/protocol';
import * as z from 'zod';
import { replacedSecret } from '../../../accounts/audit.ts';
import type { ApiKeyRecord } from '../../../ports/stores/index.ts';
import { keyName } from '../../../tenancy/api-key-record.ts';
import { partIdSchema, scopeSchema } from '../../../tenancy/provisioning/schema.ts';
import { allOf } from './answers.ts';
import { recordOfApp } from './record-of-app.ts';
import { appParams, appRoute } from './route.ts';
import { isoOf } from './shown.ts';

const tag = 'Keys';
const maxKeys = 100;
const maxOverlapSeconds = 30 * 24 * 60 * 60;

const keySchema = z
  .object({
    /** Of this key; one that took over from another has its `name`. */
    ...{ id: z.string(), name: z.string(), hint: z.string(), scopes: z.array(z.string()).readonly() },
    ...{ createdAt: timestampSchema, expiresAt: timestampSchema.nullable(), managed: z.boolean() },
    /** To the minute. */
    ...{ lastUsedAt: timestampSchema.nullable(), lastAddress: z.string().nullable() },
  })
  .meta({ id: 'ApiKey' });
type KeyAnswer = z.infer<typeof keySchema>;

/** `secret` is the key as back ends send it. */
const madeKeySchema = z.object({ key: keySchema, secret: z.string() }).meta({ id: 'MadeApiKey' });

const keyParams = appParams.extend({ id: z.string().min(1).max(100) });

function shown(key: ApiKeyRecord): KeyAnswer {
  const { id, hint, scopes, createdAt, expiresAt, lastUsedAt, lastAddress = null, managed } = key;
  const iso = (at: number | undefined): string | null => (at === undefined ? null : isoOf(at));
  return {
    ...{ id, name: keyName(key), hint, scopes, managed, createdAt: isoOf(createdAt) },
    ...{ expiresAt: iso(expiresAt), lastUsedAt: iso(lastUsedAt), lastAddress },
  };
}

export const keyRoutes = [
  appRoute({
    operationId: 'listKeys',
    method: 'get',
    path: '/apps/{app}/keys',
    tag,
    summary: 'The API keys of the app, without the keys themselves',
    role: 'admin',
    params: appParams,
    answers: { 200: { description: 'By name, the newest of a name first.', schema: allOf(keySchema) } },
    async handle({ caller }, { apiKeys }) {
      const all = await apiKeys.list(caller.app.app);
      const items = all
        .toSorted((a, b) => keyName(a).localeCompare(keyName(b), 'en') || b.createdAt - a.createdAt)
        .map(shown);
      return { status: 200, body: { items, total: { value: items.length } } };
    },
  }),
  appRoute({
    operationId: 'createKey',
    method: 'post',
    path: '/apps/{app}/keys',
    tag,
    summary: 'Make an API key',
    role: 'admin',
    params: appParams,
    body: z.strictObject({ name: partIdSchema, scopes: z.array(scopeSchema).min(1).max(64) }),
    marks: ['confirm', 'audit'],
    // The key is a secret: it is not kept for days in case somebody asks again.
    repeatable: true,
    answers: { 201: { description: 'The key, shown once.', schema: madeKeySchema } },
    errors: ['conflict', 'too_many', 'confirm_needed', 'csrf'],
    async handle({ caller, body }, services) {
      const { apiKeys } = services;
      const { app } = caller.app;
      const all = await apiKeys.list(app);
      if (all.some((key) => keyName(key) === body.name)) {
        throw new BelfryError('conflict', {
          message: 'There is a key of this name. Rotate it instead.',
          path: ['name'],
        });
      }
      if (all.length >= maxKeys) throw tooMany();
      const { key, record: made } = await apiKeys.create(app, { id: body.name, scopes: body.scopes });
      const after = { name: body.name, scopes: body.scopes, secret: replacedSecret };
      await recordOfApp(
        caller,
        { action: 'key.create', object: { type: 'key', id: body.name }, after },
        services.audit,
      );
      return { status: 201, body: { key: shown(made), secret: key } };
    },
  }),
  appRoute({
    operationId: 'rotateKey',
    method: 'post',
    path: '/apps/{app}/keys/{id}/rotate',
    tag,
    summary: 'Make a key that takes over from this one, which ends after the overlap',
    role: 'admin',
    params: keyParams,
    body: z.strictObject({ overlapSeconds: z.int().min(0).max(maxOverlapSeconds) }),
    marks: ['confirm', 'audit'],
    repeatable: true,
    answers: { 201: { description: 'The new key, shown once.', schema: madeKeySchema } },
    errors: ['managed_by_file', 'conflict', 'too_many', 'confirm_needed', 'csrf'],
    async handle({ caller, params, body }, services) {
      const { apiKeys } = services;
      const { app } = caller.app;
      if ((await apiKeys.list(app)).length >= maxKeys) throw tooMany();
      const overlapMs = body.overlapSeconds * 1000;
      const { key, record: made } = await apiKeys.rotate(app, params.id, { overlapMs });
      const sides = { before: { secret: replacedSecret }, after: { ...body, secret: replacedSecret } };
      await recordOfApp(
        caller,
        { action: 'key.rotate', object: { type: 'key', id: keyName(made) }, ...sides },
        services.audit,
      );
      return { status: 201, body: { key: shown(made), secret: key } };
    },
  }),
  appRoute({
    operationId: 'removeKey',
    method: 'delete',
    path: '/apps/{app}/keys/{id}',
    tag,
    summary: 'Take an API key back: it is refused from then on',
    role: 'admin',
    params: keyParams,
    marks: ['confirm', 'audit'],
    answers: { 204: { description: 'Nobody gets in with it any more.' } },
    errors: ['managed_by_file', 'confirm_needed', 'csrf'],
    async handle({ caller, params }, services) {
      const { app } = caller.app;
      const found = (await services.apiKeys.list(app)).find(({ id }) => id === params.id);
      if (found === undefined) throw notFound('API key');
      if (found.managed) throw new BelfryError('managed_by_file');
      await services.apiKeys.remove(app, found.id);
      const { hint, scopes } = found;
      await recordOfApp(
        caller,
        { action: 'key.delete', object: { type: 'key', id: keyName(found) }, before: { hint, scopes } },
        services.audit,
      );
      return { status: 204 };
    },
  }),
];

function tooMany(): BelfryError {
  return new BelfryError('too_many', { message: `An app has at most ${maxKeys} API keys. Take one back first.` });
}
