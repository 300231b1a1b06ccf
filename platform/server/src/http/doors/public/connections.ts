// /connections and who is connected: open WebSockets. Push targets are devices.ts.

import {
  BelfryError,
  connectionInfoSchema,
  connectionsAnswerSchema,
  listQuerySchema,
  notFound,
  presenceStateSchema,
  userConnectionsAnswerSchema,
  userIdSchema,
  uuidSchema,
} from '@belfry/protocol';
import * as z from 'zod';
import type { ConnectionRecord } from '../../../ports/presence.ts';
import { actingUser } from './caller.ts';
import { defineRoute } from './route.ts';

const positionSchema = z.object({ after: z.string() });

const presenceQuerySchema = z
  .object({
    userIds: z
      .string()
      .transform((text) => text.split(','))
      .pipe(z.array(userIdSchema).min(1))
      .optional()
      .meta({ description: 'Separated by commas, at most 100. For ids that hold none.' }),
    userId: z
      .union([userIdSchema.transform((id) => [id]), z.array(userIdSchema).min(1)])
      .optional()
      .meta({ description: 'One id, as it is; may be given again for each further one.' }),
  })
  .refine(({ userIds, userId }) => userIds !== undefined || userId !== undefined, {
    path: ['userIds'],
    message: 'userIds or userId is needed',
  });

const listAnswerSchema = z.object({
  connections: z.array(connectionInfoSchema.extend({ userId: z.string(), pattern: z.string() })),
  nextCursor: z.string().optional(),
});

export const connectionRoutes = [
  defineRoute({
    operationId: 'listUserConnections',
    method: 'get',
    path: '/users/{id}/connections',
    tag: 'Connections',
    summary: "A user's open connections",
    auth: 'any',
    scope: 'users:read',
    params: z.object({ id: userIdSchema }),
    answers: { 200: { description: 'On all nodes.', schema: userConnectionsAnswerSchema } },
    async handle({ caller, params }, { sessions }) {
      const userId = actingUser(caller, params.id, ['id']);
      return { status: 200, body: { connections: await sessions.info(caller.app, userId) } };
    },
  }),
  defineRoute({
    operationId: 'listUserDevices',
    method: 'get',
    path: '/users/{id}/devices',
    tag: 'Connections',
    summary: "A user's open connections, by the older name of the route",
    auth: 'any',
    scope: 'users:read',
    params: z.object({ id: userIdSchema }),
    answers: { 200: { description: 'On all nodes.', schema: connectionsAnswerSchema } },
    async handle({ caller, params }, { sessions }) {
      const userId = actingUser(caller, params.id, ['id']);
      return { status: 200, body: { devices: await sessions.info(caller.app, userId) } };
    },
  }),
  defineRoute({
    operationId: 'listConnections',
    method: 'get',
    path: '/connections',
    tag: 'Connections',
    summary: "The app's open connections, or a user's, oldest first",
    auth: 'key',
    scope: 'connections:read',
    query: listQuerySchema,
    answers: { 200: { description: 'A page of them.', schema: listAnswerSchema } },
    errors: ['bad_cursor'],
    async handle({ caller, query: { cursor, limit, userId } }, { presence, cursors }) {
      const scope = { app: caller.app, list: userId === undefined ? 'connections' : `connections of ${userId}` };
      const after = cursor === undefined ? '' : cursors.open(scope, cursor, positionSchema).after;
      // Ids are UUIDv7: in their order they are in the order of time, and a connection that closes moves no
      // other.
      const following =
        userId === undefined
          ? await presence.page(caller.app, { after, limit: limit + 1 })
          : ((await presence.ofUsers(caller.app, [userId])).get(userId) ?? [])
              .filter((record) => record.connectionId > after)
              .toSorted((a, b) => (a.connectionId < b.connectionId ? -1 : 1));
      const page = following.slice(0, limit);
      const last = page.at(-1);
      const next =
        following.length > limit && last !== undefined
          ? { nextCursor: cursors.seal(scope, { after: last.connectionId }) }
          : {};
      return { status: 200, body: { connections: page.map(view), ...next } };
    },
  }),
  defineRoute({
    operationId: 'closeConnection',
    method: 'delete',
    path: '/connections/{id}',
    tag: 'Connections',
    summary: 'Close a connection with 4507',
    auth: 'key',
    scope: 'connections:write',
    params: z.object({ id: uuidSchema }),
    answers: { 204: { description: 'It was told to close.' } },
    async handle({ caller, params }, { sessions }) {
      if (!(await sessions.disconnect(caller.app, params.id, 'signed_out'))) throw notFound('connection');
      return { status: 204 };
    },
  }),
  defineRoute({
    operationId: 'getPresence',
    example: { query: { userIds: 'ann,bob' } },
    method: 'get',
    path: '/presence',
    tag: 'Connections',
    summary: 'Who of these users is online',
    auth: 'key',
    scope: 'users:read',
    query: presenceQuerySchema,
    answers: {
      200: { description: 'In the order asked.', schema: z.object({ states: z.array(presenceStateSchema) }) },
    },
    errors: ['too_many'],
    async handle({ caller, query: { userIds: listed = [], userId: named = [] } }, { sessions, limits }) {
      const userIds = [...listed, ...named];
      if (userIds.length > limits.presenceIds) {
        throw new BelfryError('too_many', { message: `At most ${limits.presenceIds} users.`, path: ['userIds'] });
      }
      return { status: 200, body: { states: await sessions.presenceOf(caller.app, userIds) } };
    },
  }),
];

function view(record: ConnectionRecord) {
  const { connectionId, userId, deviceType, connectedAt, page, pattern, node, visible } = record;
  return { connectionId, userId, deviceType, connectedAt, page, pattern, node, visible };
}
