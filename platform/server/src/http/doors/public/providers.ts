// /providers: how an app's notification providers are, and the end of a pause. Configuring them is the
// console's.

import { idSchema, notFound, pushQuotaSchema } from '@belfry/protocol';
import * as z from 'zod';
import type { ProviderBudget } from '../../../notifications/sending/budgets-of-nodes.ts';
import { callClasses, type CallClass } from '../../../notifications/sending/breaker.ts';
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
      const all = await viewProviders(caller.app, services);
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
      const find = async () => (await viewProviders(caller.app, services)).find(({ id }) => id === params.id);
      if ((await find()) === undefined) throw notFound('provider');
      await services.providers.resume(caller.app, params.id);
      const provider = await find();
      if (provider === undefined) throw notFound('provider');
      return { status: 200, body: { provider } };
    },
  }),
];

/** Field by field: a handle of a provider carries more than may be shown. */
async function viewProviders(
  app: AppId,
  { providers, quotas, providerBudgets }: Pick<PublicServices, 'providers' | 'quotas' | 'providerBudgets'>,
) {
  const all = await providers.providers(app);
  const ids = all.map(({ id }) => id);
  const budgets = await providerBudgets.of(app, ids);
  return Promise.all(
    all.map(async ({ id, plugin, channel, state, reason, quota, receiptUrl }) => {
      const { errors = {}, quarantine } = budgets.get(id) ?? {};
      const isHeld = state === 'on' && quarantine !== undefined;
      return {
        ...{ id, plugin, channel: channel ?? 'unknown', state: isHeld ? ('quarantined' as const) : state },
        ...(reason === undefined ? {} : { reason }),
        recentCalls: errors,
        ...(isHeld ? { quarantine: viewQuarantine(quarantine) } : {}),
        ...(quota === undefined ? {} : { quota }),
        ...(receiptUrl === undefined ? {} : { receiptUrl }),
        usedToday: await quotas.today(app, id),
      };
    }),
  );
}

function viewQuarantine({ since, nextProbeAt, ...more }: NonNullable<ProviderBudget['quarantine']>) {
  return { since: new Date(since).toISOString(), nextProbeAt: new Date(nextProbeAt).toISOString(), ...more };
}
