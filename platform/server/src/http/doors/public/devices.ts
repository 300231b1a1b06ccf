// /devices: push targets of users. Open connections are connections.ts.

import {
  deviceAnswerSchema,
  deviceBodySchema,
  deviceRegisteredSchema,
  deviceRenewalBodySchema,
  devicesAnswerSchema,
  userIdSchema,
  uuidSchema,
} from '@belfry/protocol';
import * as z from 'zod';
import { actingUser, viewerOf } from './caller.ts';
import { pagedQuerySchema, pageOf } from './paged.ts';
import { defineRoute } from './route.ts';

const params = z.object({ id: uuidSchema });

export const deviceRoutes = [
  defineRoute({
    operationId: 'registerDevice',
    example: {
      body: { userId: 'ann', provider: 'hook', deviceType: 'mobile', target: { id: 'device-4711' } },
    },
    method: 'post',
    path: '/devices',
    tag: 'Push targets',
    summary: 'Register a push target of a user; the same target again is the same device',
    auth: 'any',
    scope: 'devices:write',
    body: deviceBodySchema,
    answers: { 201: { description: 'It is registered.', schema: deviceRegisteredSchema } },
    errors: ['conflict', 'invalid_target', 'unknown_provider', 'too_large'],
    async handle({ caller, body }, { devices }) {
      const userId = actingUser(caller, body.userId, ['userId']);
      const by = caller.type === 'key' ? 'backEnd' : 'user';
      return { status: 201, body: await devices.register(caller.app, { ...body, userId }, by) };
    },
  }),
  defineRoute({
    operationId: 'listDevices',
    example: { query: { userId: 'ann' } },
    method: 'get',
    path: '/devices',
    tag: 'Push targets',
    summary: "List a user's push targets",
    auth: 'any',
    scope: 'devices:read',
    query: pagedQuerySchema.extend({ userId: userIdSchema.optional() }),
    answers: { 200: { description: 'In the order in which they were registered.', schema: devicesAnswerSchema } },
    errors: ['bad_cursor'],
    async handle({ caller, query }, { devices, ...page }) {
      const userId = actingUser(caller, query.userId, ['userId']);
      const scope = { app: caller.app, list: `push targets of ${userId}` };
      const keyOf = ({ createdAt, deviceId }: { createdAt: string; deviceId: string }) => `${createdAt} ${deviceId}`;
      const { items, more } = pageOf(await devices.list(caller.app, userId), { ...page, scope, query, keyOf });
      return { status: 200, body: { devices: items, ...more } };
    },
  }),
  defineRoute({
    operationId: 'getDevice',
    method: 'get',
    path: '/devices/{id}',
    tag: 'Push targets',
    summary: 'Read a push target, without the target itself',
    auth: 'any',
    scope: 'devices:read',
    params,
    answers: { 200: { description: 'The device.', schema: deviceAnswerSchema } },
    async handle(input, { devices }) {
      const { caller } = input;
      return { status: 200, body: await devices.get(caller.app, input.params.id, viewerOf(caller)) };
    },
  }),
  defineRoute({
    operationId: 'renewDevice',
    example: { body: { credential: 'cmVuZXdhbA', target: { id: 'device-4712' } } },
    method: 'post',
    path: '/devices/{id}/renew',
    tag: 'Push targets',
    summary: 'Give a push target its new form, with the `renewal` of its registration instead of a token',
    auth: 'public',
    repeatable: true,
    params,
    body: deviceRenewalBodySchema,
    answers: { 204: { description: 'Pushes go to the new target.' } },
    errors: ['invalid_target', 'unknown_provider'],
    async handle(input, { renewals }) {
      await renewals.renew(input.params.id, input.body);
      return { status: 204 };
    },
  }),
  defineRoute({
    operationId: 'removeDevice',
    method: 'delete',
    path: '/devices/{id}',
    tag: 'Push targets',
    summary: 'Remove a push target',
    auth: 'any',
    scope: 'devices:write',
    params,
    answers: { 204: { description: 'Nothing is pushed to it any more.' } },
    async handle(input, { devices }) {
      const { caller } = input;
      await devices.remove(caller.app, input.params.id, viewerOf(caller));
      return { status: 204 };
    },
  }),
];
