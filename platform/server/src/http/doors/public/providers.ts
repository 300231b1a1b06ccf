// /providers: how an app's notification providers are, and the end of a pause. Configuring them is the
// console's.

import { idSchema, notFound, pushQuotaSchema } from '@belfry/protocol';
import * as z from 'zod';
import { callClasses, type CallClass } from '../../../notifications/sending/breaker.ts';
import { viewProviders, type ProviderView } from '../../provider-views.ts';
import { pagedQuerySchema, pageOf } from './paged.ts';
import { defineRoute } from './route.ts';
import type { AppId } from '../../../ports/app-id.ts';
import type { PublicServices } from './services.ts';

const count = z.int().min(0).optional();
const recentCallsSchema = z
  .strictObject(Object.fromEntries(callClasses.map((said) => [said, count])) as Record<CallClass, typeof count>)
  .meta({ description: 'Of the last five minutes, by what came of them: the error budget is made of these.' });

const quarantineSchema = z.strictObject({
  since: z.iso.datetime(),
  nextProbeAt: z.iso.datetime().meta({ description: 'When one call is let through, to see whether it is back.' }),
  reason: z.string().meta({ description: 'What the last failure was.' }),
  nodes: z.int().positive().meta({ description: 'Nodes of the server that call it no more.' }),
});

const providerSchema = z.object({
  id: z.string(),
  plugin: z.string(),
  channel: z.string(),
  state: z.enum(['on', 'off', 'paused', 'quarantined']),
  reason: z.string().optional(),
  pausedAt: z.iso.datetime().optional().meta({ description: 'Of a paused one: since when.' }),
  recentCalls: recentCallsSchema,
  quarantine: quarantineSchema.optional(),
  quota: pushQuotaSchema.optional(),
  receiptUrl: z.string().optional().meta({
    description: 'Where the service reports what became of pushes. Tell it to nobody but the service.',
  }),
  usedToday: z.int().min(0).meta({ description: 'Pushes since midnight UTC.' }),
});

const providersAnswerSchema = z.object({ providers: z.array(providerSchema), nextCursor: z.string().optional() });

export const providerRoutes = [
  defineRoute({
    operationId: 'listProviders',
    method: 'get',
    path: '/providers',
    tag: 'Push targets',
    summary: "The app's notification providers and how they are, without their configuration",
    auth: 'key',
    scope: 'devices:read',
    query: pagedQuerySchema,
    answers: {
      200: { description: 'A page of them, by id.', schema: providersAnswerSchema },
    },
    errors: ['bad_cursor'],
    async handle({ caller, query }, services) {
      const scope = { app: caller.app, list: 'providers' };
      const all = await shownProviders(caller.app, services);
      const { items, more } = pageOf(all, { ...services, scope, query, keyOf: ({ id }) => id });
      return { status: 200, body: { providers: items, ...more } };
    },
  }),
  defineRoute({
    operationId: 'resumeProvider',
    example: { params: { id: 'hook' } },
    method: 'post',
    path: '/providers/{id}/resume',
    tag: 'Push targets',
    summary: 'Send through a paused provider again',
    auth: 'key',
    scope: 'devices:write',
    params: z.object({ id: idSchema }),
    answers: {
      200: {
        description: 'As it is now. What was given up meanwhile is replayed by `POST /push/dead/replay`.',
        schema: z.object({ provider: providerSchema }),
      },
    },
    async handle(input, services) {
      const { caller, params } = input;
      const find = async () => (await shownProviders(caller.app, services)).find(({ id }) => id === params.id);
      if ((await find()) === undefined) throw notFound('provider');
      await services.providers.resume(caller.app, params.id);
      const provider = await find();
      if (provider === undefined) throw notFound('provider');
      return { status: 200, body: { provider } };
    },
  }),
];

/** Field by field: a handle of a provider carries more than may be shown. */
async function shownProviders(
  app: AppId,
  services: Pick<PublicServices, 'providers' | 'quotas' | 'providerBudgets'>,
): Promise<z.infer<typeof providerSchema>[]> {
  const views = await viewProviders(app, services);
  return Promise.all(
    views.map(async ({ provider, state, recentCalls, quarantine }) => {
      const { id, plugin, channel, reason, pausedAt, quota, receiptUrl } = provider;
      return {
        ...{ id, plugin, channel: channel ?? 'unknown', state },
        ...(reason === undefined ? {} : { reason }),
        ...(pausedAt === undefined ? {} : { pausedAt: new Date(pausedAt).toISOString() }),
        recentCalls,
        ...(quarantine === undefined ? {} : { quarantine: shownQuarantine(quarantine) }),
        ...(quota === undefined ? {} : { quota }),
        ...(receiptUrl === undefined ? {} : { receiptUrl }),
        usedToday: await services.quotas.today(app, id),
      };
    }),
  );
}

function shownQuarantine({ since, nextProbeAt, ...more }: NonNullable<ProviderView['quarantine']>) {
  return { since: new Date(since).toISOString(), nextProbeAt: new Date(nextProbeAt).toISOString(), ...more };
}
