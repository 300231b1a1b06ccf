// /webhooks: managing outgoing webhooks, and the events that are kept for them. What is sent to them:
// outbound/.

import {
  putWebhookBodySchema,
  replayedAnswerSchema,
  replayWebhookBodySchema,
  rotateWebhookBodySchema,
  uuidSchema,
  webhookAnswerSchema,
  webhookEventAnswerSchema,
  webhookEventsAnswerSchema,
  webhookEventsQuerySchema,
  webhookIdSchema,
  webhooksAnswerSchema,
  webhookTestAnswerSchema,
} from '@belfry/protocol';
import * as z from 'zod';
import type { Answer } from '../../route.ts';
import { rangeOf } from '../../webhook-range.ts';
import type { KeyCaller } from './caller.ts';
import { pagedQuerySchema, pageOf } from './paged.ts';
import { defineRoute } from './route.ts';
import type { PublicServices } from './services.ts';

const params = z.object({ id: webhookIdSchema });
const eventParams = z.object({ id: webhookIdSchema, eventId: uuidSchema });
const tag = 'Outgoing webhooks';
const shown = { description: 'As it is now.', schema: webhookAnswerSchema };

export const webhookRoutes = [
  defineRoute({
    operationId: 'listWebhooks',
    method: 'get',
    path: '/webhooks',
    tag,
    summary: "The app's outgoing webhooks, without their secrets",
    auth: 'key',
    scope: 'webhooks:read',
    query: pagedQuerySchema,
    answers: { 200: { description: 'A page of them, by id.', schema: webhooksAnswerSchema } },
    errors: ['bad_cursor'],
    async handle({ caller, query }, { webhooks, ...page }) {
      const scope = { app: caller.app, list: 'webhooks' };
      const { items, more } = pageOf(await webhooks.list(caller.app), { ...page, scope, query, keyOf: ({ id }) => id });
      return { status: 200, body: { webhooks: items, ...more } };
    },
  }),
  defineRoute({
    operationId: 'getWebhook',
    method: 'get',
    path: '/webhooks/{id}',
    tag,
    summary: 'Read an outgoing webhook, and whether its calls come through',
    auth: 'key',
    scope: 'webhooks:read',
    params,
    answers: { 200: { description: 'Without its secrets.', schema: webhookAnswerSchema } },
    handle: (input, services) => answerWith(input.caller, services, input.params.id),
  }),
  defineRoute({
    operationId: 'putWebhook',
    example: { body: { url: 'https://crm.example.com/belfry', events: ['message.stored', 'conversation.*'] } },
    method: 'put',
    path: '/webhooks/{id}',
    tag,
    summary: 'Make an outgoing webhook, or replace its settings',
    auth: 'key',
    scope: 'webhooks:write',
    params,
    body: putWebhookBodySchema,
    // The answer may hold a secret: it is not kept for days in case somebody asks again.
    repeatable: true,
    answers: {
      200: { description: 'Changed.', schema: webhookAnswerSchema },
      201: { description: 'Made. `secret` is told this once.', schema: webhookAnswerSchema },
    },
    errors: ['managed_by_file', 'conflict', 'too_many', 'overloaded'],
    async handle({ caller, params: { id }, body }, { webhooks }) {
      const put = await webhooks.put(caller.app, id, { settings: body, by: byOf(caller) });
      const { webhook, secret, created } = put;
      return { status: created ? 201 : 200, body: { webhook, ...(secret === undefined ? {} : { secret }) } };
    },
  }),
  defineRoute({
    operationId: 'deleteWebhook',
    method: 'delete',
    path: '/webhooks/{id}',
    tag,
    summary: 'Take an outgoing webhook away, with its events',
    auth: 'key',
    scope: 'webhooks:write',
    params,
    answers: { 204: { description: 'Nothing is sent to it any more.' } },
    errors: ['managed_by_file'],
    async handle({ caller, params: { id } }, { webhooks }) {
      await webhooks.remove(caller.app, id, { by: byOf(caller) });
      return { status: 204 };
    },
  }),
  defineRoute({
    operationId: 'rotateWebhookSecret',
    example: { body: { overlapSeconds: 3600 } },
    method: 'post',
    path: '/webhooks/{id}/rotate',
    tag,
    summary: 'Give it a new secret; requests are signed with the old one too for a while',
    auth: 'key',
    scope: 'webhooks:write',
    params,
    body: rotateWebhookBodySchema,
    repeatable: true,
    answers: { 200: { description: '`secret` is told this once.', schema: webhookAnswerSchema } },
    errors: ['managed_by_file', 'conflict'],
    async handle({ caller, params: { id }, body }, { webhooks }) {
      const { overlapSeconds, secret: given } = body;
      const change = { overlapMs: overlapSeconds * 1000, secret: given, by: byOf(caller) };
      const { webhook, secret } = await webhooks.rotate(caller.app, id, change);
      return { status: 200, body: { webhook, secret } };
    },
  }),
  defineRoute({
    operationId: 'pauseWebhook',
    method: 'post',
    path: '/webhooks/{id}/pause',
    tag,
    summary: 'Send nothing for now; events wait',
    auth: 'key',
    scope: 'webhooks:write',
    params,
    answers: { 200: shown },
    errors: ['managed_by_file', 'conflict'],
    async handle({ caller, params: { id } }, services) {
      await services.webhooks.pause(caller.app, id, { by: byOf(caller) });
      return await answerWith(caller, services, id);
    },
  }),
  defineRoute({
    operationId: 'resumeWebhook',
    method: 'post',
    path: '/webhooks/{id}/resume',
    tag,
    summary: 'Send again, also to one that was switched off; what waited is sent now',
    auth: 'key',
    scope: 'webhooks:write',
    params,
    answers: { 200: shown },
    errors: ['managed_by_file', 'conflict'],
    async handle({ caller, params: { id } }, services) {
      await services.webhooks.resume(caller.app, id, { by: byOf(caller) });
      return await answerWith(caller, services, id);
    },
  }),
  defineRoute({
    operationId: 'tryWebhook',
    method: 'post',
    path: '/webhooks/{id}/test',
    tag,
    summary: 'Send it an event to try it, and say what came of it',
    auth: 'key',
    scope: 'webhooks:write',
    params,
    repeatable: true,
    answers: { 200: { description: 'The attempt, whatever came of it.', schema: webhookTestAnswerSchema } },
    errors: ['conflict'],
    async handle({ caller: { app }, params: { id } }, { webhooks, webhookEvents }) {
      return { status: 200, body: await webhookEvents.test(app, await webhooks.record(app, id)) };
    },
  }),
  defineRoute({
    operationId: 'listWebhookEvents',
    method: 'get',
    path: '/webhooks/{id}/events',
    tag,
    summary: 'The events that are kept for it, newest first, with every attempt',
    auth: 'key',
    scope: 'webhooks:read',
    params,
    query: webhookEventsQuerySchema,
    answers: { 200: { description: 'A page of them, without what they say.', schema: webhookEventsAnswerSchema } },
    errors: ['bad_cursor'],
    async handle({ caller: { app }, params: { id }, query }, { webhooks, webhookEvents, cursors }) {
      await webhooks.record(app, id);
      const scope = { app, list: `events of webhook ${id}` };
      const before = query.cursor === undefined ? undefined : cursors.open(scope, query.cursor, uuidSchema);
      const page = { ...rangeOf(query), before, limit: query.limit };
      const { next, ...body } = await webhookEvents.list(app, id, page);
      return {
        status: 200,
        body: { ...body, ...(next === undefined ? {} : { nextCursor: cursors.seal(scope, next) }) },
      };
    },
  }),
  defineRoute({
    operationId: 'getWebhookEvent',
    method: 'get',
    path: '/webhooks/{id}/events/{eventId}',
    tag,
    summary: 'Read one of them, with what it says',
    auth: 'key',
    scope: 'webhooks:read',
    params: eventParams,
    answers: { 200: { description: 'The event.', schema: webhookEventAnswerSchema } },
    async handle({ caller: { app }, params: { id, eventId } }, { webhookEvents }) {
      return { status: 200, body: { event: await webhookEvents.get(app, id, eventId) } };
    },
  }),
  defineRoute({
    operationId: 'replayWebhookEvent',
    method: 'post',
    path: '/webhooks/{id}/events/{eventId}/replay',
    tag,
    summary: 'Send one of them again, under its id',
    auth: 'key',
    scope: 'webhooks:write',
    params: eventParams,
    answers: { 202: { description: 'It will be sent.', schema: replayedAnswerSchema } },
    errors: ['conflict'],
    async handle({ caller: { app }, params: { id, eventId } }, { webhooks, webhookEvents }) {
      await webhookEvents.replay(app, await webhooks.record(app, id), eventId);
      return { status: 202, body: { replayed: 1, hasMore: false } };
    },
  }),
  defineRoute({
    operationId: 'replayWebhookEvents',
    example: { body: { state: 'failed', from: '2026-01-01T00:00:00.000Z' } },
    method: 'post',
    path: '/webhooks/{id}/replay',
    tag,
    summary: 'Send all that failed again, or all of a range',
    auth: 'key',
    scope: 'webhooks:write',
    params,
    body: replayWebhookBodySchema,
    answers: { 202: { description: 'How many will be sent.', schema: replayedAnswerSchema } },
    errors: ['conflict'],
    async handle({ caller: { app }, params: { id }, body }, { webhooks, webhookEvents }) {
      const range = { ...rangeOf(body), state: body.state };
      return { status: 202, body: await webhookEvents.replayAll(app, await webhooks.record(app, id), range) };
    },
  }),
];

function byOf({ keyId }: KeyCaller): string {
  return `API key ${keyId}`;
}

async function answerWith({ app }: KeyCaller, { webhooks }: PublicServices, id: string): Promise<Answer> {
  return { status: 200, body: { webhook: await webhooks.get(app, id) } };
}
