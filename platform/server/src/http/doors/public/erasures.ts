// /users/{id}, deleted: a person is erased, and the report about it.

import { eraseUserQuerySchema, erasureAnswerSchema, userIdSchema } from '@belfry/protocol';
import * as z from 'zod';
import { defineRoute } from './route.ts';

const params = z.object({ id: userIdSchema });

export const erasureRoutes = [
  defineRoute({
    operationId: 'eraseUser',
    method: 'delete',
    path: '/users/{id}',
    tag: 'Users',
    summary: 'Sign a user out and erase all that is kept of them',
    auth: 'key',
    scope: 'users:write',
    params,
    query: eraseUserQuerySchema,
    example: { params: { id: 'somebody-who-left' }, query: { messages: 'anonymise' } },
    answers: {
      202: { description: 'It is being done; also of somebody who is not known.', schema: erasureAnswerSchema },
    },
    errors: ['conflict'],
    // Asked for twice it is one. Its answer names the user, and is not kept for days.
    repeatable: true,
    async handle({ caller, params: { id }, query }, { erasures }) {
      return { status: 202, body: { erasure: await erasures.begin(caller.app, id, query) } };
    },
  }),
  defineRoute({
    operationId: 'getErasure',
    method: 'get',
    path: '/users/{id}/erasure',
    tag: 'Users',
    summary: 'Read how far the erasing of a user is',
    auth: 'key',
    scope: 'users:read',
    params,
    example: { params: { id: 'somebody-who-left' } },
    answers: { 200: { description: 'For 30 days after it was finished.', schema: erasureAnswerSchema } },
    async handle({ caller, params: { id } }, { erasures }) {
      return { status: 200, body: { erasure: await erasures.report(caller.app, id) } };
    },
  }),
];
