// /pages: the page policies clients begin with, and changing them.

import { createHash } from 'node:crypto';
import {
  appKeySchema,
  isAllowedOrigin,
  pageAnswerSchema,
  pageHistoryAnswerSchema,
  pageHistoryQuerySchema,
  pagePolicyInputSchema,
  pageRevertBodySchema,
  pagesAnswerSchema,
  patternSchema,
  toServedPolicy,
  toWirePolicy,
  notFound,
  BelfryError,
  type ClientSettings,
  type PagePolicy,
} from '@belfry/protocol';
import * as z from 'zod';
import type { AppRecord } from '../../../ports/stores/tenancy.ts';
import type { RefusedReason } from '../../../sessions/refused-clients.ts';
import { nameOf, type Caller } from './caller.ts';
import { defineRoute } from './route.ts';
import type { PublicServices } from './services.ts';

export const pageRoutes = [
  defineRoute({
    operationId: 'listPages',
    method: 'get',
    path: '/pages',
    tag: 'Pages',
    summary: "An app's page policies and client settings; anybody may read them",
    auth: 'public',
    query: z.object({ app: appKeySchema.optional(), origin: z.string().max(300).optional() }),
    answers: {
      200: {
        description:
          'With an `ETag`. API keys also see what the server alone goes by, and who changed a page, and when.',
        schema: pagesAnswerSchema,
      },
      304: { description: 'As the `If-None-Match` says.' },
    },
    async handle({ caller, query }, { pages, apps, client, refusedClients }) {
      const app = caller === undefined ? await openApp(query, apps, refusedClients) : ownApp(caller, query.app);
      const set = await pages.set(app);
      const isKey = caller?.type === 'key';
      const body = { pages: set.policies.map(isKey ? withChange : toWirePolicy), client };
      return { status: 200, body, headers: { ETag: etagOf(set.etag, isKey, client), 'Cache-Control': 'no-cache' } };
    },
  }),
  defineRoute({
    operationId: 'putPage',
    example: { body: { pattern: '/chat/:id', enabled: true, features: ['messaging', 'typing_indicator'] } },
    method: 'put',
    path: '/pages',
    tag: 'Pages',
    summary: 'Make or change a page policy; open connections follow within a second',
    auth: 'key',
    scope: 'pages:write',
    body: pagePolicyInputSchema,
    answers: {
      200: { description: 'Changed, or as it was.', schema: pageAnswerSchema },
      201: { description: 'Made.', schema: pageAnswerSchema },
    },
    errors: ['managed_by_file', 'conflict', 'too_many'],
    async handle({ caller, body }, { pages, features }) {
      const { policy, created } = await pages.put(caller.app, body, nameOf(caller));
      return {
        status: created ? 201 : 200,
        body: { page: policy, warnings: await features.unknownIn(caller.app, policy) },
      };
    },
  }),
  defineRoute({
    operationId: 'deletePage',
    example: { query: { pattern: '/chat/:id' } },
    method: 'delete',
    path: '/pages',
    tag: 'Pages',
    summary: 'Take a page policy away; its versions are kept',
    auth: 'key',
    scope: 'pages:write',
    query: z.object({ pattern: patternSchema }),
    answers: { 204: { description: 'Paths it matched fall under the next best pattern.' } },
    errors: ['managed_by_file', 'conflict'],
    async handle({ caller, query }, { pages }) {
      if (!(await pages.remove(caller.app, query.pattern, nameOf(caller)))) throw notFound('page policy');
      return { status: 204 };
    },
  }),
  defineRoute({
    operationId: 'listPageVersions',
    example: { query: { pattern: '/chat/:id' } },
    method: 'get',
    path: '/pages/history',
    tag: 'Pages',
    summary: 'The versions of a page policy that are kept',
    auth: 'key',
    scope: 'pages:read',
    query: pageHistoryQuerySchema,
    answers: { 200: { description: 'Newest first.', schema: pageHistoryAnswerSchema } },
    errors: ['bad_cursor'],
    async handle({ caller, query }, { pages, cursors, limits }) {
      const { pattern, cursor, limit = limits.pageSize } = query;
      const scope = { app: caller.app, list: `versions of ${pattern}` };
      const before = cursor === undefined ? {} : { beforeVersion: cursors.open(scope, cursor, z.int()) };
      const found = await pages.history(caller.app, pattern, { ...before, limit: limit + 1 });
      if (found.length === 0 && cursor === undefined) throw notFound('page policy');
      const versions = found.slice(0, limit).map(({ policy, removed }) => ({
        version: policy.version,
        at: policy.updatedAt,
        by: policy.updatedBy,
        policy: toServedPolicy(policy),
        ...(removed ? { removed } : {}),
      }));
      const last = versions.at(-1);
      const hasMore = found.length > limit && last !== undefined;
      return { status: 200, body: { versions, ...(hasMore ? { nextCursor: cursors.seal(scope, last.version) } : {}) } };
    },
  }),
  defineRoute({
    operationId: 'revertPage',
    example: { body: { pattern: '/chat/:id', version: 1 } },
    method: 'post',
    path: '/pages/revert',
    tag: 'Pages',
    summary: 'Go back to an earlier version, as a new one',
    auth: 'key',
    scope: 'pages:write',
    body: pageRevertBodySchema,
    answers: { 200: { description: 'The new version.', schema: pageAnswerSchema } },
    errors: ['managed_by_file', 'conflict'],
    async handle({ caller, body }, { pages, features }) {
      const page = await pages.revert(caller.app, body, nameOf(caller));
      return { status: 200, body: { page, warnings: await features.unknownIn(caller.app, page) } };
    },
  }),
];

/** Of a caller its own; naming another's beside a key or token is answered as if there were none. */
function ownApp(caller: Caller, named: string | undefined): Caller['app'] {
  if (named !== undefined && named !== caller.app) throw notFound('app');
  return caller.app;
}

/**
 * The app that a client without credentials names. It is refused here for what its WebSocket would be refused for:
 * of that a browser tells a page nothing.
 */
async function openApp(
  { app, origin }: { app?: string | undefined; origin?: string | undefined },
  apps: PublicServices['apps'],
  refused: PublicServices['refusedClients'],
): Promise<Caller['app']> {
  if (app === undefined) throw new BelfryError('bad_request', { message: 'Which app?', path: ['app'] });
  const found = await apps.find(app);
  const { reason, error } = refusalOf(found, origin) ?? {};
  if (reason !== undefined) refused.record({ app, origin, reason, stage: 'http' });
  if (error !== undefined || found === undefined) throw error ?? notFound('app');
  return found.app;
}

function refusalOf(
  app: AppRecord | undefined,
  origin: string | undefined,
): { reason: RefusedReason; error: BelfryError } | undefined {
  if (app === undefined) return { reason: 'unknown_app', error: notFound('app') };
  if (app.disabled) return { reason: 'app_disabled', error: new BelfryError('page_disabled') };
  if (origin === undefined || isAllowedOrigin(app.allowedOrigins, origin)) return undefined;
  const error = new BelfryError('forbidden', {
    message: 'The origin is not on the list of the app.',
    path: ['origin'],
  });
  return { reason: 'origin_not_allowed', error };
}

function withChange(policy: PagePolicy): PagePolicy {
  return { ...toServedPolicy(policy), updatedAt: policy.updatedAt, updatedBy: policy.updatedBy };
}

/** The two readers get different bodies, and a restart with other settings changes the body as well. */
function etagOf(policies: string, isKey: boolean, client: ClientSettings): string {
  const settings = createHash('sha256')
    .update(JSON.stringify([client, isKey]))
    .digest('base64url')
    .slice(0, 8);
  return `"${policies}.${settings}"`;
}
