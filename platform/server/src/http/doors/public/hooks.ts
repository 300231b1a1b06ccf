// /hooks: managing inbound webhooks, and what came in by them. The webhooks themselves are posted elsewhere:
// hook-intake.ts.

import {
  BelfryError,
  hookAcceptedSchema,
  hookAnswerSchema,
  hookDeliveriesAnswerSchema,
  hookDeliveriesQuerySchema,
  hookDeliveryAnswerSchema,
  hookIdSchema,
  hooksAnswerSchema,
  putHookBodySchema,
  rotateHookBodySchema,
  tryHookAnswerSchema,
  tryHookBodySchema,
  uuidSchema,
} from '@belfry/protocol';
import * as z from 'zod';
import { pagedQuerySchema, pageOf } from './paged.ts';
import { defineRoute } from './route.ts';

const params = z.object({ id: hookIdSchema });
const deliveryParams = z.object({ id: hookIdSchema, deliveryId: uuidSchema });
const tag = 'Webhooks';

export const hookRoutes = [
  defineRoute({
    operationId: 'listHooks',
    method: 'get',
    path: '/hooks',
    tag,
    summary: "The app's inbound webhooks, without their secrets",
    auth: 'key',
    scope: 'hooks:read',
    query: pagedQuerySchema,
    answers: { 200: { description: 'A page of them, by id.', schema: hooksAnswerSchema } },
    errors: ['bad_cursor'],
    async handle({ caller, query }, { hooks, ...page }) {
      const scope = { app: caller.app, list: 'hooks' };
      const { items, more } = pageOf(await hooks.list(caller.app), { ...page, scope, query, keyOf: ({ id }) => id });
      return { status: 200, body: { hooks: items, ...more } };
    },
  }),
  defineRoute({
    operationId: 'getHook',
    method: 'get',
    path: '/hooks/{id}',
    tag,
    summary: 'Read an inbound webhook',
    auth: 'key',
    scope: 'hooks:read',
    params,
    answers: { 200: { description: 'Without its secrets.', schema: hookAnswerSchema } },
    async handle(input, { hooks }) {
      return { status: 200, body: { hook: await hooks.get(input.caller.app, input.params.id) } };
    },
  }),
  defineRoute({
    operationId: 'putHook',
    example: {
      body: {
        mapping: '{ "kind": "direct", "audience": { "users": [patient] }, "data": { "title": "Results are in" } }',
      },
    },
    method: 'put',
    path: '/hooks/{id}',
    tag,
    summary: 'Make an inbound webhook, or change its mapping',
    auth: 'key',
    scope: 'hooks:write',
    params,
    body: putHookBodySchema,
    // The answer may hold a secret: it is not kept for days in case somebody asks again.
    repeatable: true,
    answers: {
      200: { description: 'Changed.', schema: hookAnswerSchema },
      201: { description: 'Made. `secret` is told this once.', schema: hookAnswerSchema },
    },
    errors: ['managed_by_file', 'conflict', 'too_many', 'overloaded'],
    async handle({ caller, params: { id }, body }, { hooks }) {
      const { created, ...answer } = await hooks.put(caller.app, id, body);
      return { status: created ? 201 : 200, body: answer };
    },
  }),
  defineRoute({
    operationId: 'deleteHook',
    method: 'delete',
    path: '/hooks/{id}',
    tag,
    summary: 'Take an inbound webhook away, with its deliveries',
    auth: 'key',
    scope: 'hooks:write',
    params,
    answers: { 204: { description: 'What is sent to it gets 401.' } },
    errors: ['managed_by_file'],
    async handle(input, { hooks }) {
      await hooks.remove(input.caller.app, input.params.id);
      return { status: 204 };
    },
  }),
  defineRoute({
    operationId: 'rotateHookSecret',
    example: { body: { overlapSeconds: 3600 } },
    method: 'post',
    path: '/hooks/{id}/rotate',
    tag,
    summary: 'Give it a new secret; the old one stays good for a while',
    auth: 'key',
    scope: 'hooks:write',
    params,
    body: rotateHookBodySchema,
    // As above; and done twice, the secret of the first stays good as long as any other.
    repeatable: true,
    answers: { 200: { description: '`secret` is told this once.', schema: hookAnswerSchema } },
    errors: ['managed_by_file', 'conflict'],
    async handle({ caller, params: { id }, body }, { hooks }) {
      const { overlapSeconds, secret } = body;
      const answer = await hooks.rotate(caller.app, id, { overlapMs: overlapSeconds * 1000, secret });
      return { status: 200, body: answer };
    },
  }),
  defineRoute({
    operationId: 'tryHook',
    example: { body: { payload: { patient: 'ann' } } },
    method: 'post',
    path: '/hooks/{id}/try',
    tag,
    summary: 'What a payload would become: the broadcast, and whom it would reach. Nothing is sent',
    auth: 'key',
    scope: 'hooks:write',
    params,
    body: tryHookBodySchema,
    answers: { 200: { description: 'By the saved mapping, or the one in the body.', schema: tryHookAnswerSchema } },
    errors: ['mapping_failed', 'overloaded'],
    async handle({ caller, params: { id }, body }, { hooks, inbound }) {
      const { mapping } = await hooks.record(caller.app, id);
      const tried = await inbound.attempt(caller.app, {
        mapping: body.mapping ?? mapping,
        payload: body.payload,
      });
      return { status: 200, body: tried };
    },
  }),
  defineRoute({
    operationId: 'listHookDeliveries',
    method: 'get',
    path: '/hooks/{id}/deliveries',
    tag,
    summary: 'What came in, newest first',
    auth: 'key',
    scope: 'hooks:read',
    params,
    query: hookDeliveriesQuerySchema,
    answers: { 200: { description: 'A page of it, without payloads.', schema: hookDeliveriesAnswerSchema } },
    errors: ['bad_cursor'],
    async handle({ caller, params: { id }, query }, { hooks, hookDeliveries, cursors }) {
      await hooks.record(caller.app, id);
      const { outcome, limit } = query;
      const scope = { app: caller.app, list: `deliveries of hook ${id}` };
      const before = query.cursor === undefined ? undefined : cursors.open(scope, query.cursor, uuidSchema);
      const { deliveries, next } = await hookDeliveries.list(caller.app, id, { before, outcome, limit });
      const nextCursor = next === undefined ? {} : { nextCursor: cursors.seal(scope, next) };
      return { status: 200, body: { deliveries, ...nextCursor } };
    },
  }),
  defineRoute({
    operationId: 'getHookDelivery',
    method: 'get',
    path: '/hooks/{id}/deliveries/{deliveryId}',
    tag,
    summary: 'Read one of them, with its payload where that was kept',
    auth: 'key',
    scope: 'hooks:read',
    params: deliveryParams,
    answers: { 200: { description: 'The delivery.', schema: hookDeliveryAnswerSchema } },
    async handle(input, { hookDeliveries }) {
      const { id, deliveryId } = input.params;
      return { status: 200, body: { delivery: await hookDeliveries.get(input.caller.app, id, deliveryId) } };
    },
  }),
  defineRoute({
    operationId: 'replayHookDelivery',
    method: 'post',
    path: '/hooks/{id}/deliveries/{deliveryId}/replay',
    tag,
    summary: 'Take it once more, by the mapping of today',
    auth: 'key',
    scope: 'hooks:write',
    params: deliveryParams,
    answers: {
      202: {
        description: 'As its sender would be answered: a duplicate where it had been taken.',
        schema: hookAcceptedSchema,
      },
    },
    errors: ['mapping_failed', 'conflict', 'overloaded'],
    async handle(input, { hooks, inbound }) {
      const { app } = input.caller;
      const { id, deliveryId } = input.params;
      const hook = await hooks.record(app, id);
      if (!hook.enabled) throw new BelfryError('conflict', { message: 'This hook is switched off.' });
      return { status: 202, body: await inbound.replay(app, hook, deliveryId) };
    },
  }),
];
