// /providers: how an app's notification providers are, and the end of a pause. Configuring them is the
// console's.

import { idSchema, notFound, pushQuotaSchema } from '@belfry/protocol';
import * as z from 'zod';
import { pagedQuerySchema, pageOf } from './paged.ts';
import { defineRoute } from './route.ts';
import type { AppId } from '../../../ports/app-id.ts';
import type { PublicServices } from './services.ts';

const providerSchema = z.object({
  id: z.string(),
  plugin: z.string(),
  channel: z.string(),
  state: z.enum(['on', 'off', 'paused']),
  reason: z.string().optional(),
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
async function viewProviders(app: AppId, { providers, quotas }: Pick<PublicServices, 'providers' | 'quotas'>) {
  return Promise.all(
    (await providers.providers(app)).map(async ({ id, plugin, channel, state, reason, quota, receiptUrl }) => ({
      ...{ id, plugin, channel: channel ?? 'unknown', state },
      ...(reason === undefined ? {} : { reason }),
      ...(quota === undefined ? {} : { quota }),
      ...(receiptUrl === undefined ? {} : { receiptUrl }),
      usedToday: await quotas.today(app, id),
    })),
  );
}
