// /preferences and /users/{id}/preferences: a user's wishes for pushes. Their effect on a push is in
// docs/preferences.md.

import { BelfryError, preferencesBodySchema, preferencesSchema, userIdSchema } from '@belfry/protocol';
import * as z from 'zod';
import type { Caller } from './caller.ts';
import { defineRoute } from './route.ts';

const params = z.object({ id: userIdSchema });
const whole = { 200: { description: 'All of them, with what was left out as it was.', schema: preferencesSchema } };
const tag = 'Users';

export const preferenceRoutes = [
  defineRoute({
    operationId: 'getUserPreferences',
    method: 'get',
    path: '/users/{id}/preferences',
    tag,
    summary: 'What a user wants of pushes',
    auth: 'key',
    scope: 'users:read',
    params,
    answers: { 200: { description: 'Of one who never set any, the defaults.', schema: preferencesSchema } },
    async handle(input, { preferences }) {
      return { status: 200, body: await preferences.get(input.caller.app, input.params.id) };
    },
  }),
  defineRoute({
    operationId: 'changeUserPreferences',
    example: { body: { level: 'mentions', quietHours: { from: '22:00', to: '07:00', timeZone: 'Asia/Shanghai' } } },
    method: 'put',
    path: '/users/{id}/preferences',
    tag,
    summary: "Change a user's preferences: what is given is changed, `null` takes it away, the rest stays",
    auth: 'key',
    scope: 'users:write',
    params,
    body: preferencesBodySchema,
    answers: whole,
    errors: ['too_large'],
    async handle(input, { preferences }) {
      return { status: 200, body: await preferences.change(input.caller.app, input.params.id, input.body) };
    },
  }),
  defineRoute({
    operationId: 'getPreferences',
    method: 'get',
    path: '/preferences',
    tag,
    summary: "The user's own preferences",
    auth: 'any',
    scope: 'users:read',
    answers: { 200: { description: 'Of one who never set any, the defaults.', schema: preferencesSchema } },
    async handle({ caller }, { preferences }) {
      return { status: 200, body: await preferences.get(caller.app, ownerOf(caller)) };
    },
  }),
  defineRoute({
    operationId: 'changePreferences',
    example: { body: { level: 'mentions', quietHours: { from: '22:00', to: '07:00', timeZone: 'Asia/Shanghai' } } },
    method: 'put',
    path: '/preferences',
    tag,
    summary: "Change the user's own preferences",
    auth: 'any',
    scope: 'users:write',
    body: preferencesBodySchema,
    answers: whole,
    errors: ['too_large'],
    async handle({ caller, body }, { preferences }) {
      return { status: 200, body: await preferences.change(caller.app, ownerOf(caller), body) };
    },
  }),
];

function ownerOf(caller: Caller): string {
  if (caller.type === 'user') return caller.userId;
  throw new BelfryError('forbidden', { message: 'An API key names the user: /users/{id}/preferences.' });
}
