// /push: pushes that wait, and pushes that were given up. Single pushes are in journeys.

import {
  BelfryError,
  deadLetterIdSchema,
  deadLettersAnswerSchema,
  idSchema,
  listQuerySchema,
  pushQueueAnswerSchema,
  replayAnswerSchema,
  replayBodySchema,
} from '@belfry/protocol';
import * as z from 'zod';
import type { ProviderHandle } from '../../../plugins/provider-handle.ts';
import { pagedQuerySchema, pageOf } from './paged.ts';
import { defineRoute } from './route.ts';

const params = z.object({ id: deadLetterIdSchema });
const positionSchema = z.object({ before: z.string() });
const tag = 'Push targets';
/** Ids in it are of at most 128 characters each. */
const longestTokenChars = 2048;

const publicProviderSchema = z.object({
  id: z.string(),
  plugin: z.string(),
  channel: z.string(),
  public: z.record(z.string(), z.unknown()).meta({
    description:
      'What a client has to know to subscribe, such as `vapidPublicKey` of Web Push. Empty where there is nothing.',
  }),
});

export const pushRoutes = [
  defineRoute({
    operationId: 'listPushProviders',
    method: 'get',
    path: '/push/providers',
    tag,
    summary: 'What a client needs to register a device: providers, and what is public of their configuration',
    auth: 'any',
    scope: 'devices:read',
    query: pagedQuerySchema,
    answers: {
      200: {
        description: 'Those that are not off.',
        schema: z.object({ providers: z.array(publicProviderSchema), nextCursor: z.string().optional() }),
      },
    },
    errors: ['bad_cursor'],
    async handle({ caller, query }, { providers, ...page }) {
      const served = (await providers.providers(caller.app)).filter(({ state }) => state !== 'off');
      const scope = { app: caller.app, list: 'providers of push' };
      const { items, more } = pageOf(served, { ...page, scope, query, keyOf: ({ id }) => id });
      return { status: 200, body: { providers: items.map(viewPublic), ...more } };
    },
  }),
  defineRoute({
    operationId: 'reportPushOpened',
    example: { body: { token: 'b3BlbmVkLXRva2Vu' } },
    method: 'post',
    path: '/push/opened',
    tag,
    summary: 'Say that a notification was opened, with the `openedToken` of its data; the journey then tells it',
    auth: 'public',
    repeatable: true,
    body: z.strictObject({ token: z.string().max(longestTokenChars) }),
    answers: { 204: { description: 'It is noted; said again, nothing changes.' } },
    errors: ['unauthorized'],
    async handle({ body }, { openings, apps }) {
      const opened = openings.read(body.token);
      const record = opened === undefined ? undefined : await apps.find(opened.app);
      if (opened === undefined || record === undefined) {
        throw new BelfryError('unauthorized', { message: 'The token is not one of a notification, or is too old.' });
      }
      openings.record(record.app, opened);
      return { status: 204 };
    },
  }),
  defineRoute({
    operationId: 'getPushQueue',
    method: 'get',
    path: '/push/queue',
    tag,
    summary: "The app's push jobs by state",
    auth: 'key',
    scope: 'devices:read',
    answers: {
      200: { description: 'A job covers up to 500 recipients of a message.', schema: pushQueueAnswerSchema },
    },
    async handle({ caller }, { deadLetters }) {
      return { status: 200, body: await deadLetters.counts(caller.app) };
    },
  }),
  defineRoute({
    operationId: 'listDeadPushes',
    method: 'get',
    path: '/push/dead',
    tag,
    summary: 'Pushes that were given up, the latest first',
    auth: 'key',
    scope: 'devices:read',
    query: listQuerySchema.omit({ userId: true }).extend({ provider: idSchema.optional() }),
    answers: { 200: { description: 'A page of them.', schema: deadLettersAnswerSchema } },
    errors: ['bad_cursor'],
    async handle({ caller, query: { cursor, limit, provider } }, { deadLetters, cursors }) {
      const scope = { app: caller.app, list: `dead letters of ${provider ?? 'all'}` };
      const before = cursor === undefined ? undefined : cursors.open(scope, cursor, positionSchema).before;
      const { deadLetters: found, next } = await deadLetters.list(caller.app, { provider, before, limit });
      const more = next === undefined ? {} : { nextCursor: cursors.seal(scope, { before: next }) };
      return { status: 200, body: { deadLetters: found, ...more } };
    },
  }),
  defineRoute({
    operationId: 'replayDeadPushes',
    example: { body: { provider: 'hook' } },
    method: 'post',
    path: '/push/dead/replay',
    tag,
    summary: 'Try all that was given up at a provider again',
    auth: 'key',
    scope: 'devices:write',
    body: replayBodySchema,
    answers: { 202: { description: 'How many; what becomes of each, its journey tells.', schema: replayAnswerSchema } },
    async handle({ caller, body }, { deadLetters }) {
      return { status: 202, body: { replayed: await deadLetters.replayAll(caller.app, body.provider) } };
    },
  }),
  defineRoute({
    operationId: 'replayDeadPush',
    method: 'post',
    path: '/push/dead/{id}/replay',
    tag,
    summary: 'Try a push that was given up again',
    auth: 'key',
    scope: 'devices:write',
    params,
    answers: { 202: { description: 'What becomes of it, its journey tells.', schema: replayAnswerSchema } },
    async handle(input, { deadLetters }) {
      await deadLetters.replay(input.caller.app, input.params.id);
      return { status: 202, body: { replayed: 1 } };
    },
  }),
  defineRoute({
    operationId: 'deleteDeadPush',
    method: 'delete',
    path: '/push/dead/{id}',
    tag,
    summary: 'Forget a push that was given up',
    auth: 'key',
    scope: 'devices:write',
    params,
    answers: { 204: { description: 'It is gone.' } },
    async handle(input, { deadLetters }) {
      await deadLetters.drop(input.caller.app, input.params.id);
      return { status: 204 };
    },
  }),
];

function viewPublic({ id, plugin, channel, publicConfig }: ProviderHandle) {
  return { id, plugin, channel: channel ?? 'unknown', public: publicConfig ?? {} };
}
