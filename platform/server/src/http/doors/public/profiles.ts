// /users: what is known of users, and what each has not read. Tokens and sign-outs are users.ts, their
// connections connections.ts.

import {
  BelfryError,
  patchUserBodySchema,
  putUserBodySchema,
  unreadAnswerSchema,
  userAnswerSchema,
  userIdSchema,
  usersAnswerSchema,
  usersQuerySchema,
} from '@belfry/protocol';
import * as z from 'zod';
import { checkTimeZone } from '../../../notifications/preferences/time-zone.ts';
import { actingUser } from './caller.ts';
import { defineRoute } from './route.ts';

const params = z.object({ id: userIdSchema });
const tag = 'Users';
const positionSchema = z.object({ after: z.string() });

export const profileRoutes = [
  defineRoute({
    operationId: 'listUsers',
    method: 'get',
    path: '/users',
    tag,
    summary: 'List users by id, or find them by the beginning of a word of id or name',
    auth: 'key',
    scope: 'users:read',
    query: usersQuerySchema,
    example: { query: { q: 'smi', limit: 20 } },
    answers: { 200: { description: 'A page of them.', schema: usersAnswerSchema } },
    errors: ['bad_cursor'],
    async handle({ caller, query: { q = '', cursor, limit } }, { people, cursors }) {
      const scope = { app: caller.app, list: `users ${q}` };
      const after = cursor === undefined ? undefined : cursors.open(scope, cursor, positionSchema).after;
      const { users, next } = await people.list(caller.app, { q, after, limit });
      const nextCursor = next === undefined ? {} : { nextCursor: cursors.seal(scope, { after: next }) };
      return { status: 200, body: { users, ...nextCursor } };
    },
  }),
  defineRoute({
    operationId: 'getUser',
    method: 'get',
    path: '/users/{id}',
    tag,
    summary: 'Read what is known of a user',
    auth: 'any',
    scope: 'users:read',
    params,
    answers: { 200: { description: 'The user.', schema: userAnswerSchema } },
    async handle({ caller, params: { id } }, { people }) {
      return { status: 200, body: { user: await people.get(caller.app, actingUser(caller, id, ['id'])) } };
    },
  }),
  defineRoute({
    operationId: 'putUser',
    method: 'put',
    path: '/users/{id}',
    tag,
    summary: 'Set what is known of a user, in place of all that was set before',
    auth: 'key',
    scope: 'users:write',
    params,
    body: putUserBodySchema,
    example: {
      params: { id: 'ann' },
      body: { name: 'Ann Smith', locale: 'de-AT', timeZone: 'Europe/Vienna', metadata: { plan: 'pro' } },
    },
    answers: { 200: { description: 'The user.', schema: userAnswerSchema } },
    async handle({ caller, params: { id }, body }, { people }) {
      checkZone(body.timeZone);
      return { status: 200, body: { user: await people.put(caller.app, id, body) } };
    },
  }),
  defineRoute({
    operationId: 'changeUser',
    method: 'patch',
    path: '/users/{id}',
    tag,
    summary: 'Change what is given of a user; null takes it away, the rest stays',
    auth: 'any',
    scope: 'users:write',
    params,
    body: patchUserBodySchema,
    example: { params: { id: 'ann' }, body: { name: 'Ann Miller', avatar: null, metadata: { plan: 'free' } } },
    answers: { 200: { description: 'The user.', schema: userAnswerSchema } },
    errors: ['too_large'],
    async handle({ caller, params: { id }, body }, { people }) {
      const userId = actingUser(caller, id, ['id']);
      if (caller.type === 'user' && body.metadata !== undefined) {
        throw new BelfryError('forbidden', { message: 'Metadata is set by the app.', path: ['metadata'] });
      }
      checkZone(body.timeZone);
      return { status: 200, body: { user: await people.patch(caller.app, userId, body) } };
    },
  }),
  defineRoute({
    operationId: 'getUnread',
    method: 'get',
    path: '/users/{id}/unread',
    tag,
    summary: 'Count what a user has not read, in all conversations and in each',
    auth: 'any',
    scope: 'users:read',
    params,
    answers: { 200: { description: 'Nothing for somebody who is in no conversation.', schema: unreadAnswerSchema } },
    async handle({ caller, params: { id } }, { unread }) {
      return { status: 200, body: await unread.of(caller.app, actingUser(caller, id, ['id'])) };
    },
  }),
];

function checkZone(timeZone: string | null | undefined): void {
  if (typeof timeZone === 'string') checkTimeZone(timeZone, ['timeZone']);
}
