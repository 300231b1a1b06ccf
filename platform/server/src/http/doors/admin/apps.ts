// Apps of a tenant: listed, made from a template, read and changed. What is within an app has routes of its own.

import { allowedOriginSchema, BelfryError, pushQuotaSchema } from '@belfry/protocol';
import * as z from 'zod';
import { replacedSecret } from '../../../accounts/audit.ts';
import type { AppLimits, AppRecord } from '../../../ports/stores/index.ts';
import type { Versioned } from '../../../ports/stores/versioned.ts';
import { defaultSettings } from '../../../tenancy/app-defaults.ts';
import { appTemplates } from '../../../tenancy/app-templates.ts';
import { mergePatch } from '../../../tenancy/merge-patch.ts';
import { appSettingsSchemas, uploadsSchema } from '../../../tenancy/provisioning/schema.ts';
import { allOf } from './answers.ts';
import {
  appSchema,
  listedAppSchema,
  newAppSchema,
  ownAppSchema,
  templateSchema,
  usageSchema,
  type AppAnswer,
} from './app-answers.ts';
import { nameSchema } from './bodies.ts';
import { sourceOf, type SignedIn } from './caller.ts';
import type { InApp } from './enter.ts';
import { expectedSchema, impactOnAll, impactSchema, needImpact } from './impact.ts';
import { jobSchema } from './jobs.ts';
import { recordOfApp } from './record-of-app.ts';
import { appParams, appRoute, selfRoute, tenantParams, tenantRoute } from './route.ts';
import { isoOf, ownApps } from './shown.ts';
import type { AdminServices } from './services.ts';
import { etagOf, needVersion } from './versions.ts';

const tag = 'Apps';
const appAnswer = { description: 'The app.', schema: appSchema };

/** The fields that are changed here, and their values. */
function settingsOf(record: AppRecord) {
  const { name, disabled, allowedOrigins, settings, limits } = record;
  return {
    ...{ name, disabled, protected: record.protected ?? false },
    contentInConsole: record.contentInConsole ?? 'audited',
    ...{ allowedOrigins, settings, limits },
  };
}

function shown(record: Versioned<AppRecord>): AppAnswer {
  const { app, tenantId: tenant, managed, version, createdAt, updatedAt, updatedBy = '' } = record;
  const times = { createdAt: isoOf(createdAt), changedAt: isoOf(updatedAt), changedBy: updatedBy };
  return { app, tenant, ...settingsOf(record), managed, version, ...times };
}

const { settings, limits } = appSettingsSchemas;

/** `null`: as the server's default, or none. */
const changeSchema = z.strictObject({
  name: nameSchema.optional(),
  disabled: z.boolean().optional(),
  protected: z.boolean().optional(),
  contentInConsole: z.enum(['shown', 'audited', 'hidden']).optional(),
  allowedOrigins: z.array(allowedOriginSchema).max(1000).optional(),
  settings: orDefaults(settings)
    .extend({
      uploads: orDefaults(uploadsSchema).nullable().optional(),
      pushQuota: orDefaults(pushQuotaSchema).nullable().optional(),
    })
    .optional(),
  limits: orDefaults(limits).optional(),
  expected: expectedSchema,
});

/** Each member may be taken away, too. */
function orDefaults<S extends z.ZodRawShape>(schema: z.ZodObject<S>) {
  const members = Object.entries(schema.shape).map(([name, member]) => [name, z.nullable(member as z.ZodType)]);
  // The entries are of the shape's own members.
  return z.strictObject(Object.fromEntries(members) as { [K in keyof S]: z.ZodNullable<S[K]> });
}

/** The record with the change, whose `null`s are defaults. */
function changed(record: AppRecord, change: z.infer<typeof changeSchema>, defaults: AppLimits): AppRecord {
  const { expected: _expected, ...patch } = change;
  const merged = { ...record, ...mergePatch(settingsOf(record), patch) };
  // Each field was validated, and what was taken away has a default or may be absent.
  return {
    ...merged,
    settings: { ...defaultSettings, ...merged.settings },
    limits: { ...defaults, ...merged.limits },
  };
}

export const appRoutes = [
  selfRoute({
    operationId: 'listTemplates',
    method: 'get',
    path: '/templates',
    tag,
    summary: 'What a new app can begin with',
    answers: { 200: { description: 'All of them.', schema: z.object({ items: z.array(templateSchema) }) } },
    async handle() {
      return { status: 200, body: { items: appTemplates } };
    },
  }),
  tenantRoute({
    operationId: 'listApps',
    method: 'get',
    path: '/tenants/{tenant}/apps',
    tag,
    summary: 'The apps of the tenant',
    role: 'viewer',
    params: tenantParams,
    answers: { 200: { description: 'By key.', schema: allOf(listedAppSchema) } },
    async handle({ caller }, { apps, presence }) {
      const items = await Promise.all(
        (await ownApps(apps, caller.tenant.id)).map(async (record) => {
          const { connections } = await presence.count(record.app);
          return { ...shown(record), connections };
        }),
      );
      return { status: 200, body: { items, total: { value: items.length } } };
    },
  }),
  tenantRoute({
    operationId: 'createApp',
    method: 'post',
    path: '/tenants/{tenant}/apps',
    tag,
    summary: 'Make an app from a template, with a first API key',
    role: 'admin',
    params: tenantParams,
    body: z.strictObject({ template: z.string().max(40), key: z.string().max(64), name: nameSchema }),
    marks: ['audit'],
    // The key is a secret: it is not kept for days in case somebody asks again.
    repeatable: true,
    answers: { 201: { description: 'The app, and its key, shown once.', schema: newAppSchema } },
    errors: ['conflict', 'too_many', 'csrf'],
    async handle({ caller, body }, { appMaker, apps, audit }) {
      const by = caller.session.account.name;
      const { app, apiKey, kid } = await appMaker.make({ tenantId: caller.tenant.id, ...body, by });
      await audit.record(sourceOf(caller), {
        ...{ action: 'app.create', tenants: [caller.tenant.id], app, object: { type: 'app', id: app } },
        after: { ...body, apiKey: replacedSecret },
      });
      const made = shown(await apps.get(app));
      return { status: 201, body: { app: made, apiKey, signing: { kid } } };
    },
  }),
  appRoute({
    operationId: 'getApp',
    method: 'get',
    path: '/apps/{app}',
    tag,
    summary: 'One app',
    role: 'viewer',
    params: appParams,
    answers: { 200: { description: 'The app, and the role that one has in it.', schema: ownAppSchema } },
    async handle({ caller }, { server }) {
      const defaults = { settings: { ...defaultSettings, uploads: server.uploads }, limits: server.appLimits };
      const body = { ...shown(caller.app), role: caller.role, defaults };
      return { status: 200, body, headers: etagOf(caller.app.version) };
    },
  }),
  appRoute({
    operationId: 'getAppUsage',
    method: 'get',
    path: '/apps/{app}/usage',
    tag,
    summary: 'How much of its limits the app uses now',
    role: 'viewer',
    params: appParams,
    answers: { 200: { description: 'Connections of all nodes; bytes of uploads.', schema: usageSchema } },
    async handle({ caller }, { presence, uploadUsage }) {
      const { app } = caller.app;
      const [{ connections, users }, uploads] = await Promise.all([presence.count(app), uploadUsage(app)]);
      return { status: 200, body: { connections, users, uploads } };
    },
  }),
  appRoute({
    operationId: 'getAppImpact',
    method: 'post',
    path: '/apps/{app}/impact',
    tag,
    summary: 'How many connections and people a change of the app would reach; nothing is changed',
    role: 'admin',
    params: appParams,
    body: changeSchema,
    repeatable: true,
    answers: { 200: { description: 'Of a change that closes connections; else none.', schema: impactSchema } },
    errors: ['csrf'],
    async handle({ caller, body }, services) {
      const isClosed = body.disabled === true && !caller.app.disabled;
      const impact = isClosed ? await impactOnAll(caller.app.app, services) : { connections: 0, users: 0 };
      return { status: 200, body: impact };
    },
  }),
  appRoute({
    operationId: 'changeApp',
    method: 'patch',
    path: '/apps/{app}',
    tag,
    summary: 'Change an app; what is left out stays',
    role: 'admin',
    params: appParams,
    body: changeSchema,
    marks: ['version', 'audit'],
    answers: { 200: appAnswer },
    errors: ['managed_by_file', 'impact_changed', 'precondition_required', 'precondition_failed', 'csrf'],
    async handle({ caller, body }, services) {
      const { apps, audit, clock, server } = services;
      const { app: before, session } = caller;
      needOwn(caller);
      const { version, ...record } = before;
      const merged = changed(record, body, server.appLimits);
      if (JSON.stringify(settingsOf(merged)) === JSON.stringify(settingsOf(record))) {
        return { status: 200, body: shown(before), headers: etagOf(version) };
      }
      if (merged.disabled && !before.disabled) needImpact(body.expected, await impactOnAll(before.app, services));
      const after = { ...merged, updatedAt: clock.now(), updatedBy: session.account.name };
      await putOrSay(caller, after, apps);
      const sides = { before: settingsOf(record), after: settingsOf(after) };
      await recordOfApp(caller, { action: 'app.update', object: { type: 'app', id: before.app }, ...sides }, audit);
      const stored = { ...after, version: version + 1 };
      return { status: 200, body: shown(stored), headers: etagOf(stored.version) };
    },
  }),
  appRoute({
    operationId: 'removeApp',
    method: 'delete',
    path: '/apps/{app}',
    tag,
    summary: 'Erase an app with all that is kept of it',
    description:
      'It is off at once, and nobody sees it any more. Its key is free when the job is done. The audit keeps what was done in it.',
    role: 'owner',
    params: appParams,
    marks: ['version', 'confirm', 'audit'],
    answers: { 202: { description: 'It has begun.', schema: z.object({ job: jobSchema }) } },
    errors: ['managed_by_file', 'precondition_required', 'precondition_failed', 'csrf'],
    async handle({ caller }, { apps, appErasure, audit, clock, jobs }) {
      const { app: before, session } = caller;
      needOwn(caller);
      const { version: _version, ...record } = before;
      const now = clock.now();
      const after = { ...record, disabled: true, erasingSince: now, updatedAt: now, updatedBy: session.account.name };
      await putOrSay(caller, after, apps);
      const object = { type: 'app', id: before.app };
      await recordOfApp(caller, { action: 'app.delete', object, before: settingsOf(record) }, audit);
      let done = 0;
      const job = jobs.start(session.account.id, hundredths, async (progress) => {
        const reached = (share: number): void => {
          for (; done < Math.floor(share * hundredths); done += 1) progress.did();
        };
        await appErasure.erase(before.app, { mayGoOn: () => !progress.isStopped, reached });
      });
      return { status: 202, body: { job } };
    },
  }),
];

/** Parts of the job, whatever there is to erase. */
const hundredths = 100;

/** Throws as the version that the caller has seen, or a file that has the app, demands. */
function needOwn(caller: SignedIn & InApp): void {
  needSeen(caller, caller.app);
  if (caller.app.managed) throw new BelfryError('managed_by_file');
}

function needSeen(caller: SignedIn, record: Versioned<AppRecord>): void {
  const { version, updatedBy: changedBy = '', updatedAt: changedAt } = record;
  needVersion(caller.ifVersion, shown(record), { version, changedBy, changedAt });
}

/** Where another was faster, it throws with what is there now. */
async function putOrSay(
  caller: SignedIn & InApp,
  record: AppRecord,
  apps: Pick<AdminServices['apps'], 'put' | 'find'>,
): Promise<void> {
  await apps.put(record, caller.app.version).catch(async (error: unknown) => {
    const now = error instanceof BelfryError && error.code === 'conflict' ? await apps.find(record.app) : undefined;
    if (now !== undefined) needSeen(caller, now);
    throw error;
  });
}
