// /apps/{app}/refusals and /connecting: why clients do not get in, and whether the app is ready for the first
// one.

import { deviceTypeSchema, timestampSchema } from '@belfry/protocol';
import * as z from 'zod';
import type { ConnectionRecord } from '../../../ports/presence.ts';
import type { Refusal } from '../../../sessions/refusals.ts';
import { allOf } from './answers.ts';
import { silentSchema } from './connection-query.ts';
import { appParams, appRoute } from './route.ts';
import { isoOf } from './shown.ts';
import { tokenFindingSchema } from './tokens.ts';

const tag = 'Refusals';

/** As the two people of the playground say it: they are no page of the app's own. */
const playgroundVersion = 'belfry-playground';
const mostLookedAt = 10;

const refusalSchema = z
  .object({
    ...{ at: timestampSchema, firstAt: timestampSchema, count: z.int() },
    stage: z.enum(['upgrade', 'connect', 'http', 'command']),
    ...{ reason: z.string(), code: z.string(), detail: z.string().optional() },
    /** Of a token; `detail` is the same in English. */
    found: tokenFindingSchema.optional(),
    ...{ origin: z.string().optional(), page: z.string().optional() },
    ...{ userAgent: z.string().optional(), address: z.string().optional() },
  })
  .meta({ id: 'Refusal' });

function shown({ at, firstAt, ...refusal }: Refusal): z.infer<typeof refusalSchema> {
  const given = Object.entries(refusal).filter(([, value]) => value !== undefined && value !== '');
  // Whatever is absent may be.
  return { ...(Object.fromEntries(given) as typeof refusal), at: isoOf(at), firstAt: isoOf(firstAt) };
}

function connectionOf(record: ConnectionRecord | undefined) {
  if (record === undefined) return null;
  const { userId, page, deviceType, connectedAt } = record;
  return { userId, page, deviceType, connectedAt };
}

const connectingSchema = z
  .object({
    disabled: z.boolean(),
    /** Those that are switched on. */
    pages: z.array(z.object({ pattern: z.string(), requireAuth: z.boolean(), features: z.array(z.string()) })),
    allowedOrigins: z.array(z.string()).readonly(),
    /** Who makes tokens: Belfry, for the app's back end, or its own issuer. */
    tokens: z.enum(['belfry', 'issuer']),
    /** One of those that are open now, from outside of the playground. */
    connection: z
      .object({ userId: z.string(), page: z.string(), deviceType: deviceTypeSchema, connectedAt: timestampSchema })
      .nullable(),
  })
  .meta({ id: 'Connecting' });

export const refusalRoutes = [
  appRoute({
    operationId: 'listRefusals',
    method: 'get',
    path: '/apps/{app}/refusals',
    tag,
    summary: 'Which clients were refused lately at all nodes, and why; each sort once, with how many',
    role: 'developer',
    params: appParams,
    answers: {
      200: {
        description: 'At most 200 sorts, the newest first.',
        schema: allOf(refusalSchema).extend({ silentNodes: silentSchema }),
      },
    },
    async handle({ caller }, { refusals }) {
      const { refusals: list, silent } = await refusals.of(caller.app.app);
      const items = list.map(shown);
      return { status: 200, body: { items, total: { value: items.length }, silentNodes: silent } };
    },
  }),
  appRoute({
    operationId: 'getConnecting',
    method: 'get',
    path: '/apps/{app}/connecting',
    tag,
    summary: 'What a first client needs: pages, origins, tokens; and one that is connected',
    role: 'developer',
    params: appParams,
    answers: { 200: { description: 'As it is now.', schema: connectingSchema } },
    async handle({ caller }, { pageStore, presence, connectionLists }) {
      const { app, disabled, allowedOrigins, jwksUrl, signingSecrets } = caller.app;
      const [policies, some] = await Promise.all([pageStore.list(app), presence.page(app, { limit: mostLookedAt })]);
      const found = await Promise.all(some.map(({ connectionId }) => connectionLists.find(app, connectionId)));
      const own = some.find((_, at) => found[at]?.row.appVersion !== playgroundVersion);
      const pages = policies
        .filter(({ enabled }) => enabled)
        .map(({ pattern, requireAuth, features }) => ({ pattern, requireAuth, features: [...features] }));
      const tokens = jwksUrl !== undefined && signingSecrets.length === 0 ? 'issuer' : 'belfry';
      return { status: 200, body: { disabled, pages, allowedOrigins, tokens, connection: connectionOf(own) } };
    },
  }),
];
