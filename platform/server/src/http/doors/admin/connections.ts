// /apps/{app}/connections: who is connected, and what one does about a connection, or about all that fit a
// filter. Lists that live: views.ts.

import { BelfryError, jsonObjectSchema, limitSchema, notFound, uuidSchema } from '@belfry/protocol';
import { uuidv7 } from 'uuidv7';
import * as z from 'zod';
import type { JobProgress } from '../../../accounts/jobs.ts';
import { pause } from '../../../concurrency/pause.ts';
import type { AppId } from '../../../ports/app-id.ts';
import { connectionKey } from '../../../sessions/views/connection-filter.ts';
import type { ConnectionRow } from '../../../sessions/views/connection-row.ts';
import { exportAnswer, exportFormats, type ExportedList } from '../../list-export.ts';
import {
  connectionListSchema,
  connectionRowSchema,
  filterFields,
  filterOf,
  filterSchema,
  orderOf,
  sortSchema,
} from './connection-query.ts';
import { isSameNumber } from './impact.ts';
import { jobSchema } from './jobs.ts';
import { recordOfApp } from './record-of-app.ts';
import { appParams, appRoute } from './route.ts';
import type { AdminServices } from './services.ts';
import { isoOf } from './shown.ts';

const tag = 'Connections';
const connectionParams = appParams.extend({ id: z.string().max(64) });

const querySchema = z.strictObject({
  ...filterFields,
  sort: sortSchema,
  limit: limitSchema(100),
  cursor: z.string().max(2048).optional(),
  format: z.enum(exportFormats).optional(),
});

/** Where a page ended. */
const positionSchema = z.object({ id: z.string(), key: z.union([z.string(), z.number()]).optional() });

const columns: ExportedList<ConnectionRow>['columns'] = [
  ['connectionId', (row) => row.id],
  ['userId', (row) => row.user],
  ['name', (row) => row.name],
  ['deviceType', (row) => row.device],
  ['deviceId', (row) => row.deviceId],
  ['page', (row) => row.path],
  ['pattern', (row) => row.page],
  ['connectionType', (row) => row.type],
  ['visible', (row) => row.visible],
  ['attended', (row) => row.attended],
  ['policyVersion', (row) => row.policy],
  ['confirmedVersion', (row) => row.confirmed],
  ['connectedAt', (row) => row.connectedAt],
  ['roundTripMs', (row) => row.rttMs],
  ['bytesWaiting', (row) => row.behindBytes],
  ['node', (row) => row.node],
  ['platform', (row) => row.platform],
  ['appVersion', (row) => row.appVersion],
  ['locale', (row) => row.locale],
];

const detailsSchema = z.object({
  address: z.string().optional(),
  topics: z.array(z.string()),
  features: z.array(z.string()),
  roles: z.array(z.string()),
  tokenExpiresAt: z.string().optional(),
});

export const connectionRoutes = [
  appRoute({
    operationId: 'listConnections',
    method: 'get',
    path: '/apps/{app}/connections',
    tag,
    summary: 'Open connections on all nodes, with counts; as a file with `format`',
    role: 'viewer',
    params: appParams,
    query: querySchema,
    answers: { 200: { description: 'A page of them.', schema: connectionListSchema } },
    errors: ['bad_cursor'],
    async handle({ caller, query }, { connectionLists, cursors }) {
      const { limit, cursor, format, sort, ...filter } = query;
      const { app } = caller.app;
      const asked = { filter: filterOf(filter), ...orderOf(sort) };
      if (format !== undefined) {
        const pages = connectionLists.pages(app, asked);
        return exportAnswer({ format, name: `connections-${app}`, columns, pages });
      }
      const scope = { app, list: `console connections ${sort}` };
      const after = cursor === undefined ? undefined : cursors.open(scope, cursor, positionSchema);
      const { rows, hasMore, total, people, strangers, facets, silent } = await connectionLists.page(app, asked, {
        after: after === undefined ? undefined : { id: after.id, key: after.key },
        limit,
      });
      const last = rows.at(-1);
      const key = connectionKey(asked.sort);
      return {
        status: 200,
        body: {
          items: rows,
          ...(hasMore && last !== undefined
            ? { nextCursor: cursors.seal(scope, { id: last.id, key: key(last) }) }
            : {}),
          ...{ total: { value: total }, people, strangers, facets, silentNodes: silent },
        },
      };
    },
  }),
  appRoute({
    operationId: 'getConnection',
    method: 'get',
    path: '/apps/{app}/connections/{id}',
    tag,
    summary: 'One connection; `details` are there where its node answers',
    role: 'viewer',
    params: connectionParams,
    answers: {
      200: {
        description: 'The connection.',
        schema: connectionRowSchema.extend({ details: detailsSchema.optional() }),
      },
    },
    async handle({ caller, params }, { connectionLists }) {
      const found = await connectionLists.find(caller.app.app, params.id);
      if (found === undefined) throw notFound('connection');
      const { tokenExpiresAtMs, ...rest } = found.details ?? {};
      const tokenExpiresAt = tokenExpiresAtMs === undefined ? {} : { tokenExpiresAt: isoOf(tokenExpiresAtMs) };
      const details = found.details === undefined ? {} : { details: { ...rest, ...tokenExpiresAt } };
      return { status: 200, body: { ...found.row, ...details } };
    },
  }),
  appRoute({
    operationId: 'disconnect',
    method: 'delete',
    path: '/apps/{app}/connections/{id}',
    tag,
    summary: 'Close a connection with 4507: it stays away until its user signs in anew',
    role: 'developer',
    params: connectionParams,
    marks: ['audit'],
    answers: { 204: { description: 'It was told to close.' } },
    errors: ['csrf', 'unavailable'],
    async handle({ caller, params }, services) {
      const found = await services.connectionLists.find(caller.app.app, params.id);
      if (found === undefined || !(await services.connections.disconnect(caller.app.app, params.id, 'signed_out'))) {
        throw notFound('connection');
      }
      const after = { user: found.row.user, page: found.row.path };
      const change = { action: 'connection.close', object: { type: 'connection', id: params.id }, after };
      await recordOfApp(caller, change, services.audit);
      return { status: 204 };
    },
  }),
  appRoute({
    operationId: 'askToReconnect',
    method: 'post',
    path: '/apps/{app}/connections/{id}/goaway',
    tag,
    summary: 'Ask a client to connect anew, as a server that is stopped does',
    role: 'developer',
    params: connectionParams,
    marks: ['audit'],
    answers: { 204: { description: 'It was asked.' } },
    errors: ['csrf', 'unavailable'],
    async handle({ caller, params }, { connections, audit, clock }) {
      const { app } = caller.app;
      if (!(await connections.tell(app, params.id, goaway(clock.now(), 0)))) throw notFound('connection');
      const object = { type: 'connection', id: params.id };
      await recordOfApp(caller, { action: 'connection.reconnect', object }, audit);
      return { status: 204 };
    },
  }),
  appRoute({
    operationId: 'sendTestEvent',
    method: 'post',
    path: '/apps/{app}/connections/{id}/test-event',
    tag,
    summary: 'Send a `system_notification` to one connection; it is kept nowhere',
    role: 'developer',
    params: connectionParams,
    body: z.strictObject({ data: jsonObjectSchema.optional() }),
    marks: ['audit'],
    answers: { 200: { description: 'It was sent.', schema: z.object({ messageId: uuidSchema }) } },
    errors: ['csrf', 'unavailable'],
    async handle({ caller, params, body }, { connections, audit, clock }) {
      const { app } = caller.app;
      const messageId = uuidv7();
      const data = {
        title: 'Test',
        body: `From the console, by ${caller.session.account.name}.`,
        ...body.data,
        messageId,
      };
      const event = { action: 'system_notification', timestamp: isoOf(clock.now()), data };
      if (!(await connections.tell(app, params.id, event))) throw notFound('connection');
      const object = { type: 'connection', id: params.id };
      await recordOfApp(caller, { action: 'connection.test_event', object }, audit);
      return { status: 200, body: { messageId } };
    },
  }),
  appRoute({
    operationId: 'closeConnections',
    method: 'post',
    path: '/apps/{app}/connections/close',
    tag,
    summary: 'Close all connections that fit a filter, or ask them to connect anew',
    role: 'admin',
    params: appParams,
    body: z.strictObject({
      filter: filterSchema,
      how: z.enum(['reconnect', 'disconnect']),
      perSecond: z.int().min(1).max(1000).default(100),
      /** How many there are, as far as the caller knows. */
      expected: z.int().min(0),
    }),
    marks: ['audit'],
    answers: { 202: { description: 'It has begun.', schema: z.object({ job: jobSchema }) } },
    errors: ['impact_changed', 'csrf'],
    async handle({ caller, body }, services) {
      const { app } = caller.app;
      const { filter, how, perSecond, expected } = body;
      const order = { sort: 'connectedAt', isDescending: false } as const;
      const rows: ConnectionRow[] = [];
      const asked = { filter: filterOf(filter), ...order };
      for await (const page of services.connectionLists.pages(app, asked)) rows.push(...page);
      if (!isSameNumber(rows.length, expected)) {
        const users = new Set(rows.filter(({ visitor }) => !visitor).map(({ user }) => user)).size;
        throw new BelfryError('impact_changed', { details: { impact: { connections: rows.length, users } } });
      }
      const after = { filter, how, connections: rows.length };
      const change = { action: 'connections.close', object: { type: 'app', id: app }, after };
      await recordOfApp(caller, change, services.audit);
      const work = { app, ids: rows.map(({ id }) => id), how, perSecond };
      const job = services.jobs.start(caller.session.account.id, rows.length, (progress) =>
        closeEach(work, progress, services),
      );
      return { status: 202, body: { job } };
    },
  }),
];

const turnMs = 100;

/** A tenth of a second's worth at a time, so that clients that come back do not come at once. */
async function closeEach(
  { app, ids, how, perSecond }: { app: AppId; ids: readonly string[]; how: string; perSecond: number },
  progress: JobProgress,
  { connections, clock }: Pick<AdminServices, 'connections' | 'clock'>,
): Promise<void> {
  const startedAt = clock.monotonic();
  for (const [at, id] of ids.entries()) {
    const dueMs = (at * 1000) / perSecond;
    if (clock.monotonic() - startedAt + turnMs <= dueMs) {
      await pause(clock, turnMs);
    }
    if (progress.isStopped) return;
    const isThere =
      how === 'disconnect'
        ? await connections.disconnect(app, id, 'signed_out')
        : await connections.tell(app, id, goaway(clock.now(), 0));
    if (isThere) progress.did();
    else progress.skipped('gone');
  }
}

function goaway(nowMs: number, reconnectAfterMs: number) {
  return { action: 'goaway', timestamp: isoOf(nowMs), data: { reconnectAfterMs } };
}
