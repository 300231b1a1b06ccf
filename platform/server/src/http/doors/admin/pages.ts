// /apps/{app}/pages: the page policies of an app, changed one or several at a time against the versions that were
// read; what a change would do, how far one has got, and what was before. Keeping policies: pages/.

import {
  BelfryError,
  limitSchema,
  notFound,
  pagePolicyInputSchema,
  patternSchema,
  toServedPolicy,
} from '@belfry/protocol';
import * as z from 'zod';
import type { ChangedPage, PageChange } from '../../../pages/pages.ts';
import type { PagePolicy } from '@belfry/protocol';
import type { PageImpact } from '../../../sessions/page-impact.ts';
import type { Answer } from '../../route.ts';
import { pageOf } from './answers.ts';
import { textOf } from './bodies.ts';
import type { SignedIn } from './caller.ts';
import { needsMore, type InApp } from './enter.ts';
import {
  changedPageSchema,
  pageImpactSchema,
  pageSchema,
  pagesSchema,
  pageVersionSchema,
  rolloutSchema,
  shownPage,
  shownVersion,
} from './page-answers.ts';
import { isSameNumber } from './impact.ts';
import { recordOfApp } from './record-of-app.ts';
import { appParams, appRoute } from './route.ts';
import type { AdminServices } from './services.ts';
import { etagOf, needVersion } from './versions.ts';

const tag = 'Pages';
const patternQuery = z.object({ pattern: patternSchema });
const noteSchema = textOf(200).optional();

/** 0: there is no such page. */
const ifVersion = z.int().min(0);
const changeSchema = z.discriminatedUnion('op', [
  z.strictObject({ op: z.literal('put'), ifVersion, policy: pagePolicyInputSchema }),
  z.strictObject({ op: z.literal('remove'), ifVersion, pattern: patternSchema }),
  z.strictObject({ op: z.literal('revert'), ifVersion, pattern: patternSchema, version: z.int().min(1) }),
]);
type GivenChange = z.infer<typeof changeSchema>;

const changesSchema = z
  .array(changeSchema)
  .min(1)
  .max(100)
  .refine((changes) => new Set(changes.map(patternOf)).size === changes.length, 'names a page twice');

const placeSchema = z.tuple([z.string(), z.string(), z.int()]);

export const pageRoutes = [
  appRoute({
    operationId: 'listPages',
    method: 'get',
    path: '/apps/{app}/pages',
    tag,
    summary: 'All page policies, the most specific first, and the features that they may have',
    role: 'viewer',
    params: appParams,
    answers: { 200: { description: 'Each with its version.', schema: pagesSchema } },
    async handle({ caller }, { pages, features }) {
      const { app } = caller.app;
      const [set, all] = await Promise.all([pages.set(app), features.of(app)]);
      const shown = set.policies.map((policy) => shownPage(policy, pages.isManaged(app, policy.pattern)));
      return { status: 200, body: { pages: shown, features: all } };
    },
  }),
  appRoute({
    operationId: 'putPage',
    method: 'put',
    path: '/apps/{app}/pages',
    tag,
    summary: 'Make a page policy (`If-Match: "v0"`), or change one',
    role: 'developer',
    params: appParams,
    body: pagePolicyInputSchema,
    marks: ['version', 'audit'],
    answers: {
      200: { description: 'Changed, or as it was.', schema: pageSchema },
      201: { description: 'Made.', schema: pageSchema },
    },
    errors: ['managed_by_file', 'precondition_failed', 'precondition_required', 'conflict', 'too_many', 'csrf'],
    async handle({ caller, body }, services) {
      const version = caller.ifVersion ?? 0;
      return answerOne(caller, services, { op: 'put', ifVersion: version, policy: body });
    },
  }),
  appRoute({
    operationId: 'deletePage',
    method: 'delete',
    path: '/apps/{app}/pages',
    tag,
    summary: 'Take a page policy away; its versions are kept',
    role: 'developer',
    params: appParams,
    query: patternQuery,
    marks: ['version', 'audit'],
    answers: { 204: { description: 'Its paths fall under the next best pattern.' } },
    errors: ['managed_by_file', 'precondition_failed', 'precondition_required', 'conflict', 'csrf'],
    async handle({ caller, query: { pattern } }, services) {
      const change = { op: 'remove', ifVersion: caller.ifVersion ?? 0, pattern } as const;
      const [changed] = await changePages(caller, services, { changes: [change] });
      if (changed === undefined) throw notFound('page policy');
      return { status: 204 };
    },
  }),
  appRoute({
    operationId: 'revertPage',
    method: 'post',
    path: '/apps/{app}/pages/revert',
    tag,
    summary: 'Go back to an earlier version, as a new one',
    role: 'developer',
    params: appParams,
    body: z.strictObject({ pattern: patternSchema, version: z.int().min(1) }),
    marks: ['version', 'audit'],
    answers: { 200: { description: 'As it is now.', schema: pageSchema } },
    errors: ['managed_by_file', 'precondition_failed', 'precondition_required', 'conflict', 'too_many', 'csrf'],
    async handle({ caller, body }, services) {
      const answer = await answerOne(caller, services, { op: 'revert', ifVersion: caller.ifVersion ?? 0, ...body });
      return { ...answer, status: 200 };
    },
  }),
  appRoute({
    operationId: 'changePages',
    method: 'post',
    path: '/apps/{app}/pages/changes',
    tag,
    summary: 'Change several page policies, all of them or none',
    role: 'developer',
    params: appParams,
    body: z.strictObject({
      changes: changesSchema,
      note: noteSchema,
      /** Connections that it closes, as its impact said. */
      expected: z.int().min(0).optional(),
    }),
    marks: ['audit'],
    answers: {
      200: {
        description: 'What has another version now; without `page` where it was taken away.',
        schema: z.object({ items: z.array(changedPageSchema) }),
      },
    },
    errors: ['managed_by_file', 'precondition_failed', 'impact_changed', 'conflict', 'too_many', 'csrf'],
    async handle({ caller, body }, services) {
      const changed = await changePages(caller, services, body);
      const items = changed.map(({ pattern, version, after }) => {
        return { pattern, version, ...(after === undefined ? {} : { page: shownPage(after, false) }) };
      });
      return { status: 200, body: { items } };
    },
  }),
  appRoute({
    operationId: 'getPageImpact',
    method: 'post',
    path: '/apps/{app}/pages/impact',
    tag,
    summary: 'What changes of page policies would do to the open connections; changes nothing',
    role: 'developer',
    params: appParams,
    body: z.strictObject({ changes: changesSchema }),
    repeatable: true,
    answers: { 200: { description: 'In numbers, of all nodes.', schema: pageImpactSchema } },
    errors: ['csrf'],
    async handle({ caller, body }, services) {
      return { status: 200, body: await impactOf(caller, services, body.changes) };
    },
  }),
  appRoute({
    operationId: 'listPageHistory',
    method: 'get',
    path: '/apps/{app}/pages/history',
    tag,
    summary: 'The versions of one page policy, or of all of them',
    role: 'viewer',
    params: appParams,
    query: z.object({
      pattern: patternSchema.optional(),
      limit: limitSchema(50),
      cursor: z.string().max(1024).optional(),
    }),
    answers: { 200: { description: 'Newest first.', schema: pageOf(pageVersionSchema) } },
    errors: ['bad_cursor'],
    async handle({ caller, query: { pattern, limit, cursor } }, { pages, cursors }) {
      const { app } = caller.app;
      const scope = { app, list: `console history ${pattern ?? ''}` };
      const place = cursor === undefined ? undefined : cursors.open(scope, cursor, placeSchema);
      const before = place && { at: place[0], pattern: place[1], version: place[2] };
      const found =
        pattern === undefined
          ? await pages.historyOfAll(app, { limit: limit + 1, ...(before && { before }) })
          : await pages.history(app, pattern, { limit: limit + 1, ...(before && { beforeVersion: before.version }) });
      const items = found.slice(0, limit).map(shownVersion);
      const last = found.length > limit ? items.at(-1) : undefined;
      const next = last && { nextCursor: cursors.seal(scope, [last.at, last.pattern, last.version]) };
      return { status: 200, body: { items, ...next } };
    },
  }),
  appRoute({
    operationId: 'getRollout',
    method: 'get',
    path: '/apps/{app}/pages/rollout',
    tag,
    summary: 'How many connections go by which version of each page policy, and have confirmed it',
    role: 'viewer',
    params: appParams,
    answers: {
      200: { description: 'Of all nodes; patterns without connections are left out.', schema: rolloutSchema },
    },
    async handle({ caller }, { rollouts }) {
      return { status: 200, body: await rollouts.of(caller.app.app) };
    },
  }),
];

type Caller = SignedIn & InApp;

interface GivenChanges {
  changes: readonly GivenChange[];
  note?: string | undefined;
  expected?: number | undefined;
}

async function answerOne(caller: Caller, services: AdminServices, change: GivenChange): Promise<Answer> {
  const [changed] = await changePages(caller, services, { changes: [change] });
  const { app } = caller.app;
  const pattern = patternOf(change);
  // As it was: the version is the one that the caller has.
  const policy = changed?.after ?? (await services.pages.set(app)).policies.find((each) => each.pattern === pattern);
  if (policy === undefined) throw notFound('page policy');
  const isMade = changed !== undefined && changed.before === undefined;
  return { status: isMade ? 201 : 200, body: shownPage(policy, false), headers: etagOf(policy.version) };
}

/** What was changed, with an entry in the audit for each. */
async function changePages(
  caller: Caller,
  services: AdminServices,
  { changes, note, expected }: GivenChanges,
): Promise<ChangedPage[]> {
  const { app, session } = caller;
  if (app.protected === true && caller.role === 'developer') throw needsMore('admin');
  if (expected !== undefined) needImpact(expected, await impactOf(caller, services, changes));
  const by = session.account.name;
  const changed = await services.pages.change(app.app, changes.map(checked), { by, via: 'console', note });
  for (const { pattern, before, after } of changed) {
    const action = before === undefined ? 'page.create' : after === undefined ? 'page.delete' : 'page.update';
    const sides = {
      before: before && contentOf(before),
      after: after && { ...contentOf(after), ...(note && { note }) },
    };
    await recordOfApp(caller, { action, object: { type: 'page', id: pattern }, ...sides }, services.audit);
  }
  return changed;
}

function impactOf(
  { app: { app } }: InApp,
  { pages, pageImpact }: Pick<AdminServices, 'pages' | 'pageImpact'>,
  changes: readonly GivenChange[],
): Promise<PageImpact> {
  return Promise.all([pages.set(app), pages.preview(app, changes)]).then(([before, after]) =>
    pageImpact(app, { before, after }),
  );
}

function needImpact(expected: number, impact: PageImpact): void {
  if (!isSameNumber(impact.closed.connections, expected))
    throw new BelfryError('impact_changed', { details: { impact } });
}

function checked(change: GivenChange): PageChange {
  const { ifVersion: wanted, ...rest } = change;
  const check = (current: PagePolicy | undefined): void => {
    const changedAt = current === undefined ? 0 : Date.parse(current.updatedAt);
    needVersion(wanted, current === undefined ? {} : shownPage(current, false), {
      ...{ version: current?.version ?? 0, changedBy: current?.updatedBy ?? '', changedAt },
    });
  };
  return { ...rest, check };
}

function patternOf(change: GivenChange): string {
  return change.op === 'put' ? change.policy.pattern : change.pattern;
}

function contentOf(policy: PagePolicy): Record<string, unknown> {
  const { pattern: _, version: _version, ...content } = toServedPolicy(policy);
  return content;
}
