// /apps/{app}/providers: how the notification providers of an app are, and the end of a pause. Their configuration
// is the provision file's.

import { idSchema, notFound, timestampSchema } from '@belfry/protocol';
import * as z from 'zod';
import { viewProviders, type ProviderView } from '../../provider-views.ts';
import { allOf } from './answers.ts';
import { recordOfApp } from './record-of-app.ts';
import { appParams, appRoute } from './route.ts';
import { isoOf } from './shown.ts';

const tag = 'Providers';

const providerSchema = z
  .object({
    ...{ id: z.string(), plugin: z.string(), channel: z.string().optional() },
    state: z.enum(['on', 'off', 'paused', 'quarantined']),
    /** Why it is not on: what its service said last, without secrets. */
    reason: z.string().optional(),
    /** Of a pause and of a quarantine. */
    since: timestampSchema.optional(),
    /** Of a quarantine: when one call is let through, to see whether the service is back. */
    nextProbeAt: timestampSchema.optional(),
  })
  .meta({ id: 'AppProvider' });

export const providerRoutes = [
  appRoute({
    operationId: 'listProviders',
    method: 'get',
    path: '/apps/{app}/providers',
    tag,
    summary: 'The notification providers of the app, and whether pushes go through them',
    role: 'viewer',
    params: appParams,
    answers: { 200: { description: 'All of them, by id.', schema: allOf(providerSchema) } },
    async handle({ caller }, services) {
      const views = await viewProviders(caller.app.app, services);
      const items = views.map(shown).toSorted((a, b) => (a.id < b.id ? -1 : 1));
      return { status: 200, body: { items, total: { value: items.length } } };
    },
  }),
  appRoute({
    operationId: 'resumeProvider',
    method: 'post',
    path: '/apps/{app}/providers/{id}/resume',
    tag,
    summary: 'Send through a paused provider again',
    role: 'developer',
    params: appParams.extend({ id: idSchema }),
    marks: ['audit'],
    repeatable: true,
    answers: { 200: { description: 'As it is now.', schema: providerSchema } },
    errors: ['conflict', 'csrf'],
    async handle({ caller, params: { id } }, services) {
      const { app } = caller.app;
      const find = async () => (await viewProviders(app, services)).find(({ provider }) => provider.id === id);
      const before = await find();
      if (before === undefined) throw notFound('provider');
      await services.providers.resume(app, id);
      const after = await find();
      if (after === undefined) throw notFound('provider');
      const sides = { before: { state: before.state }, after: { state: after.state } };
      await recordOfApp(
        caller,
        { action: 'provider.resume', object: { type: 'provider', id }, ...sides },
        services.audit,
      );
      return { status: 200, body: shown(after) };
    },
  }),
];

/** Field by field: where a service reports to is told to nobody who only looks. */
function shown({ provider, state, quarantine }: ProviderView): z.infer<typeof providerSchema> {
  const { id, plugin, channel, reason = quarantine?.reason, pausedAt } = provider;
  const since = state === 'paused' ? pausedAt : quarantine?.since;
  return {
    ...{ id, plugin, state },
    ...(channel === undefined ? {} : { channel }),
    ...(reason === undefined ? {} : { reason }),
    ...(since === undefined ? {} : { since: isoOf(since) }),
    ...(quarantine === undefined ? {} : { nextProbeAt: isoOf(quarantine.nextProbeAt) }),
  };
}
