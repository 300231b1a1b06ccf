// /apps/{app}/users: everything about one person of the app, and finding them. Their connections as a list that
// lives: views.ts.

import {
  deviceAnswerSchema,
  journeySchema,
  limitSchema,
  notFound,
  preferencesBodySchema,
  preferencesSchema,
  userIdSchema,
  userSchema,
} from '@belfry/protocol';
import * as z from 'zod';
import type { Decision } from '../../../journey/decisions.ts';
import type { AppId } from '../../../ports/app-id.ts';
import type { ConnectionRecord } from '../../../ports/presence.ts';
import { exportAnswer, exportFormats, type ExportedList } from '../../list-export.ts';
import { totalSchema } from './answers.ts';
import { connectionRowSchema } from './connection-query.ts';
import { countsSchema, mostCounted, totalOf } from './counts.ts';
import { recordOfApp } from './record-of-app.ts';
import { appParams, appRoute } from './route.ts';
import type { AdminServices } from './services.ts';
import { isoOf } from './shown.ts';

const tag = 'Users';
const userParams = appParams.extend({ id: userIdSchema });

const querySchema = z.strictObject({
  q: z.string().max(128).optional(),
  limit: limitSchema(50),
  cursor: z.string().max(1024).optional(),
  counts: countsSchema,
  format: z.enum(exportFormats).optional(),
});

const rowSchema = z
  .object({
    ...{ userId: z.string(), name: z.string().optional(), lastSeenAt: z.string().optional() },
    /** Of open connections, one a connection. */
    devices: z.array(z.enum(['mobile', 'desktop', 'tablet'])),
    visible: z.boolean(),
    /** Push targets. */
    targets: z.int(),
  })
  .meta({ id: 'UserRow' });
type UserRow = z.output<typeof rowSchema>;

const columns: ExportedList<UserRow>['columns'] = [
  ['userId', ({ userId }) => userId],
  ['name', ({ name }) => name],
  ['online', ({ devices }) => devices.length > 0],
  ['connections', ({ devices }) => devices.length],
  ['visible', ({ visible }) => visible],
  ['pushTargets', ({ targets }) => targets],
  ['lastSeenAt', ({ lastSeenAt }) => lastSeenAt],
];

const recipientSchema = journeySchema.shape.recipients.element;
const decisionSchema = z
  .object({
    ...{ messageId: z.string(), kind: z.string(), action: z.string(), at: z.string() },
    ...{ stream: z.string(), seq: z.int(), conversationId: z.string().optional(), senderId: z.string().optional() },
    /** Left out where nothing is known of it any more. */
    decided: recipientSchema.omit({ userId: true }).optional(),
    /** When it came, and what all of it was decided by. */
    message: journeySchema.shape.message.optional(),
  })
  .meta({ id: 'Decision' });

const mostDecisions = 50;
const usersAtOnce = 100;
/** Each that is found is looked at. */
const mostFound = 1000;

export const userRoutes = [
  appRoute({
    operationId: 'listUsers',
    method: 'get',
    path: '/apps/{app}/users',
    tag,
    summary: 'Users of the app, by the beginning of a word of id or name; as a file with `format`',
    description: `\`counts=1\` adds how many there are, exact up to ${mostCounted}, or up to ${mostFound} of those that \`q\` finds.`,
    role: 'viewer',
    params: appParams,
    query: querySchema,
    answers: {
      200: {
        description: 'A page of them, by id.',
        schema: z.object({
          ...{ items: z.array(rowSchema), nextCursor: z.string().optional(), total: totalSchema.optional() },
          /** Users of the app with an open connection. */
          online: z.int().optional(),
        }),
      },
    },
    errors: ['bad_cursor'],
    async handle({ caller, query }, services) {
      const { app } = caller.app;
      const { q, limit, cursor, format, counts } = query;
      if (format !== undefined) {
        return exportAnswer({ format, name: `users-${app}`, columns, pages: allPages(app, q, services) });
      }
      const scope = { app, list: `console users ${q ?? ''}` };
      const after = cursor === undefined ? undefined : services.cursors.open(scope, cursor, z.string());
      const { items, next } = await rowsOf(app, { q, after, limit }, services);
      const more = next === undefined ? {} : { nextCursor: services.cursors.seal(scope, next) };
      const counted = counts === undefined ? {} : await countUsers(app, q, services);
      return { status: 200, body: { items, ...more, ...counted } };
    },
  }),
  appRoute({
    operationId: 'getUser',
    method: 'get',
    path: '/apps/{app}/users/{id}',
    tag,
    summary: 'What is known of a user; of one who was never seen, nothing',
    role: 'viewer',
    params: userParams,
    answers: {
      200: {
        description: 'The user.',
        schema: userSchema
          .extend({ connections: z.array(connectionRowSchema), targets: z.int() })
          .meta({ id: 'UserSeen' }),
      },
    },
    async handle({ caller, params }, services) {
      const { app } = caller.app;
      const [profile, connections, devices, conversations] = await Promise.all([
        services.people.find(app, params.id),
        services.connectionLists.ofUser(app, params.id),
        services.devices.list(app, params.id),
        services.conversationStore.ofUser(app, params.id, { limit: 1 }),
      ]);
      const isUnseen = profile === undefined && connections.length + devices.length === 0;
      if (isUnseen && conversations.length === 0) throw notFound('user');
      const body = { ...(profile ?? { userId: params.id }), connections, targets: devices.length };
      return { status: 200, body };
    },
  }),
  appRoute({
    operationId: 'listUserConnections',
    method: 'get',
    path: '/apps/{app}/users/{id}/connections',
    tag,
    summary: 'The open connections of a user, on all nodes',
    role: 'viewer',
    params: userParams,
    answers: { 200: { description: 'All of them.', schema: z.object({ items: z.array(connectionRowSchema) }) } },
    async handle({ caller, params }, { connectionLists }) {
      return { status: 200, body: { items: await connectionLists.ofUser(caller.app.app, params.id) } };
    },
  }),
  appRoute({
    operationId: 'listUserDevices',
    method: 'get',
    path: '/apps/{app}/users/{id}/devices',
    tag,
    summary: 'The push targets of a user, without the targets themselves',
    role: 'viewer',
    params: userParams,
    answers: { 200: { description: 'All of them.', schema: z.object({ items: z.array(deviceAnswerSchema) }) } },
    async handle({ caller, params }, { devices }) {
      return { status: 200, body: { items: await devices.list(caller.app.app, params.id) } };
    },
  }),
  appRoute({
    operationId: 'getUserPreferences',
    method: 'get',
    path: '/apps/{app}/users/{id}/preferences',
    tag,
    summary: 'What a user wants of pushes',
    role: 'viewer',
    params: userParams,
    answers: { 200: { description: 'Of one who never set any, the defaults.', schema: preferencesSchema } },
    async handle({ caller, params }, { preferences }) {
      return { status: 200, body: await preferences.get(caller.app.app, params.id) };
    },
  }),
  appRoute({
    operationId: 'changeUserPreferences',
    method: 'put',
    path: '/apps/{app}/users/{id}/preferences',
    tag,
    summary: 'Change them: what is given is changed, `null` takes it away, the rest stays',
    role: 'developer',
    params: userParams,
    body: preferencesBodySchema,
    marks: ['audit'],
    answers: { 200: { description: 'All of them.', schema: preferencesSchema } },
    errors: ['too_large', 'csrf'],
    async handle({ caller, params, body }, { preferences, audit }) {
      const { app } = caller.app;
      const before = await preferences.get(app, params.id);
      const after = await preferences.change(app, params.id, body);
      if (JSON.stringify(before) === JSON.stringify(after)) return { status: 200, body: after };
      const object = { type: 'user', id: params.id };
      await recordOfApp(caller, { action: 'user.preferences', object, before, after }, audit);
      return { status: 200, body: after };
    },
  }),
  appRoute({
    operationId: 'listUserDecisions',
    method: 'get',
    path: '/apps/{app}/users/{id}/decisions',
    tag,
    summary: 'What became of the newest messages for a user, and why',
    role: 'viewer',
    params: userParams,
    answers: { 200: { description: 'The newest first.', schema: z.object({ items: z.array(decisionSchema) }) } },
    async handle({ caller, params }, { decisions }) {
      const found = await decisions.ofUser(caller.app.app, params.id, mostDecisions);
      return { status: 200, body: { items: found.map(shown) } };
    },
  }),
  appRoute({
    operationId: 'listUserConversations',
    method: 'get',
    path: '/apps/{app}/users/{id}/conversations',
    tag,
    summary: 'The conversations that a user is in, the latest active first',
    role: 'viewer',
    params: userParams,
    answers: {
      200: {
        description: 'At most 100.',
        schema: z.object({
          items: z.array(z.object({ id: z.string(), title: z.string().optional(), activeAt: z.string() })),
        }),
      },
    },
    async handle({ caller, params }, { conversationStore }) {
      const found = await conversationStore.ofUser(caller.app.app, params.id, { limit: usersAtOnce });
      const items = found.map(({ conversation: { id, title }, activeAt }) => ({
        ...{ id, activeAt: isoOf(activeAt) },
        ...(title === undefined ? {} : { title }),
      }));
      return { status: 200, body: { items } };
    },
  }),
  appRoute({
    operationId: 'signOutUser',
    method: 'post',
    path: '/apps/{app}/users/{id}/sign-out',
    tag,
    summary: 'Close all connections of a user, and refuse tokens that were made before',
    role: 'developer',
    params: userParams,
    marks: ['audit'],
    answers: { 200: { description: 'How many there were.', schema: z.object({ closed: z.int() }) } },
    errors: ['csrf'],
    async handle({ caller, params }, { connectionLists, userSignOut, audit }) {
      const { app } = caller.app;
      const closed = (await connectionLists.ofUser(app, params.id)).length;
      await userSignOut.signOut(app, params.id);
      const object = { type: 'user', id: params.id };
      await recordOfApp(caller, { action: 'user.sign_out', object, after: { closed } }, audit);
      return { status: 200, body: { closed } };
    },
  }),
  appRoute({
    operationId: 'removeDevice',
    method: 'delete',
    path: '/apps/{app}/devices/{id}',
    tag,
    summary: 'Remove a push target',
    role: 'developer',
    params: appParams.extend({ id: z.string().max(64) }),
    marks: ['audit'],
    answers: { 204: { description: 'Nothing is pushed to it any more.' } },
    errors: ['csrf'],
    async handle({ caller, params }, { devices, audit }) {
      const { app } = caller.app;
      const { userId, provider, deviceType } = await devices.get(app, params.id);
      await devices.remove(app, params.id);
      const before = { userId, provider, deviceType };
      await recordOfApp(caller, { action: 'device.delete', object: { type: 'device', id: params.id }, before }, audit);
      return { status: 204 };
    },
  }),
];

async function countUsers(
  app: AppId,
  q: string | undefined,
  { people, presence }: Pick<AdminServices, 'people' | 'presence'>,
) {
  const most = q === undefined ? mostCounted : mostFound;
  const [count, { users: online }] = await Promise.all([people.count(app, { q, most: most + 1 }), presence.count(app)]);
  return { total: totalOf(count, false, most), online };
}

type Page = { q?: string | undefined; after?: string | undefined; limit: number };
type RowDeps = Pick<AdminServices, 'people' | 'presence' | 'deviceStore'>;

async function rowsOf(app: AppId, page: Page, deps: RowDeps): Promise<{ items: UserRow[]; next?: string }> {
  const { users, next } = await deps.people.list(app, page);
  const ids = users.map(({ userId }) => userId);
  const [connections, targets] = await Promise.all([
    deps.presence.ofUsers(app, ids),
    deps.deviceStore.ofUsers(app, ids),
  ]);
  const items = users.map(({ userId, name, lastSeenAt }) => {
    const open: readonly ConnectionRecord[] = connections.get(userId) ?? [];
    return {
      ...{ userId, devices: open.map(({ deviceType }) => deviceType), visible: open.some(({ visible }) => visible) },
      targets: targets.get(userId)?.length ?? 0,
      ...(name === undefined ? {} : { name }),
      ...(lastSeenAt === undefined ? {} : { lastSeenAt }),
    };
  });
  return { items, ...(next === undefined ? {} : { next }) };
}

async function* allPages(app: AppId, q: string | undefined, deps: RowDeps): AsyncGenerator<readonly UserRow[]> {
  for (let after: string | undefined; ;) {
    const { items, next } = await rowsOf(app, { q, after, limit: usersAtOnce }, deps);
    yield items;
    if (next === undefined) return;
    after = next;
  }
}

function shown({ message, recipient, decidedBy }: Decision) {
  const { id, kind, action, storedAt, stream, seq, conversationId, senderId } = message;
  const { userId: _userId, ...decided } = recipient ?? { userId: '' };
  return {
    ...{ messageId: id, kind, action, at: isoOf(storedAt), stream, seq },
    ...(conversationId === undefined ? {} : { conversationId }),
    ...(senderId === undefined ? {} : { senderId }),
    ...(recipient === undefined ? {} : { decided }),
    ...(decidedBy === undefined ? {} : { message: decidedBy }),
  };
}
