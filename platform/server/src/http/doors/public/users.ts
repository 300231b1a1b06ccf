// /tokens and /users/{id}/sign-out: letting a user in, and out everywhere.

import { signOutAnswerSchema, tokenAnswerSchema, tokenBodySchema, userIdSchema } from '@belfry/protocol';
import * as z from 'zod';
import { actingUser } from './caller.ts';
import { defineRoute } from './route.ts';

export const userRoutes = [
  defineRoute({
    operationId: 'createToken',
    example: { body: { userId: 'ann', expiresInSeconds: 3600 } },
    method: 'post',
    path: '/tokens',
    tag: 'Users',
    summary: "Make a user token, signed with the app's own secret",
    auth: 'key',
    scope: 'tokens:write',
    body: tokenBodySchema,
    // A token is a credential: it is not kept for days in case somebody asks again.
    repeatable: true,
    answers: { 201: { description: 'Good until `expiresAt`.', schema: tokenAnswerSchema } },
    errors: ['conflict'],
    async handle({ caller, body }, { tokens }) {
      const { token, expiresAt } = await tokens.sign(caller.app, body);
      return { status: 201, body: { token, expiresAt } };
    },
  }),
  defineRoute({
    operationId: 'signOutUser',
    method: 'post',
    path: '/users/{id}/sign-out',
    tag: 'Users',
    summary: "Close all of a user's connections, and refuse tokens issued before now",
    auth: 'any',
    scope: 'users:write',
    params: z.object({ id: userIdSchema }),
    answers: { 200: { description: 'How many connections there were.', schema: signOutAnswerSchema } },
    async handle({ caller, params }, { sessions, signOut }) {
      const userId = actingUser(caller, params.id, ['id']);
      const open = await sessions.info(caller.app, userId);
      await signOut.signOut(caller.app, userId);
      return { status: 200, body: { closed: open.length } };
    },
  }),
];
