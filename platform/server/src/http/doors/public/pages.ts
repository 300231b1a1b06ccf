// /pages: the page policies clients begin with, and changing them.

import { createHash } from 'node:crypto';
import {
  appKeySchema,
  BelfryError,
  pageAnswerSchema,
  pageHistoryAnswerSchema,
  pageHistoryQuerySchema,
  pagePolicyInputSchema,
  pageRevertBodySchema,
  pagesAnswerSchema,
  patternSchema,
  toServedPolicy,
  toWirePolicy,
  type ClientSettings,
  type PagePolicy,
} from '@belfry/protocol';
import * as z from 'zod';
import { nameOf, type Caller } from './caller.ts';
import { defineRoute } from './route.ts';

export const pageRoutes = [
  defineRoute({
    operationId: 'listPages',
    method: 'get',
    path: '/pages',
    tag: 'Pages',
    summary: "An app's page policies and client settings; anybody may read them",
    auth: 'public',
    query: z.object({ app: appKeySchema.optional() }),
    answers: {
      200: {
        description:
          'With an `ETag`. API keys also see what the server alone goes by, and who changed a page, and when.',
        schema: pagesAnswerSchema,
      },
      304: { description: 'As the `If-None-Match` says.' },
    },
    async handle({ caller, query }, { pages, apps, client }) {
      const app = await appOf(caller, query.app, (key) => apps.find(key));
      const set = await pages.set(app);
      const isKey = caller?.type === 'key';
      const body = { pages: set.policies.map(isKey ? withChange : toWirePolicy), client };
      return { status: 200, body, headers: { ETag: etagOf(set.etag, isKey, client), 'Cache-Control': 'no-cache' } };
    },
  }),
  defineRoute({
    operationId: 'putPage',
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
      if (!(await pages.remove(caller.app, query.pattern, nameOf(caller)))) throw new BelfryError('not_found');
      return { status: 204 };
    },
  }),
  defineRoute({
    operationId: 'listPageVersions',
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
      if (found.length === 0 && cursor === undefined) throw new BelfryError('not_found');
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

type FindApp = (key: string) => Promise<{ app: Caller['app']; disabled: boolean } | undefined>;

/** Of a caller its own; naming another's beside a key or token is answered as if there were none. */
async function appOf(caller: Caller | undefined, named: string | undefined, find: FindApp): Promise<Caller['app']> {
  if (caller !== undefined) {
    if (named !== undefined && named !== caller.app) throw new BelfryError('not_found');
    return caller.app;
  }
  if (named === undefined) throw new BelfryError('bad_request', { message: 'Which app?', path: ['app'] });
  const found = await find(named);
  if (found === undefined) throw new BelfryError('not_found');
  if (found.disabled) throw new BelfryError('page_disabled');
  return found.app;
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
