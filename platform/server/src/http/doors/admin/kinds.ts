// /apps/{app}/kinds: the kinds of broadcast that an app has of its own, changed against the versions that were
// read, beside those that Belfry brings; how often each was sent, and which webhooks name it.

import { BelfryError, kindNameSchema, kindSchema, notFound, type Kind } from '@belfry/protocol';
import { countedHours } from '../../../broadcasting/kind-counts.ts';
import type { CheckKind } from '../../../broadcasting/kind-changes.ts';
import { builtInKindRows } from '../../../broadcasting/kinds.ts';
import type { AppId } from '../../../ports/app-id.ts';
import type { Versioned } from '../../../ports/stores/versioned.ts';
import type { SignedIn } from './caller.ts';
import { needsMore, type InApp } from './enter.ts';
import { builtInKindSchema, kindAnswerSchema, kindsSchema, type KindAnswer } from './kind-answers.ts';
import { recordOfApp } from './record-of-app.ts';
import { appParams, appRoute } from './route.ts';
import type { AdminServices } from './services.ts';
import { etagOf, needVersion, type Changed } from './versions.ts';

const tag = 'Kinds';
const kindParams = appParams.extend({ kind: kindNameSchema });
const bodySchema = kindSchema.omit({ kind: true });

export const kindRoutes = [
  appRoute({
    operationId: 'listKinds',
    method: 'get',
    path: '/apps/{app}/kinds',
    tag,
    summary: 'The kinds of broadcast: those of the app, and those that Belfry brings',
    role: 'viewer',
    params: appParams,
    answers: { 200: { description: 'By name; each with its broadcasts of the last 24 hours.', schema: kindsSchema } },
    async handle({ caller }, services) {
      const { app } = caller.app;
      const [own, counts, hooks] = await Promise.all([
        services.kinds.versions(app),
        services.kindCounts.of(app),
        services.hookStore.list(app),
      ]);
      const shownOwn = own.map((kind) => shown(app, kind, { services, counts, hooks }));
      const builtIn = builtInKindRows.map((row) => {
        const { sentBy, sender: _sender, ...rest } = row;
        const whole = { ...rest, sentBy, hours: hoursOf(counts, row.kind) };
        return builtInKindSchema.parse(whole);
      });
      return { status: 200, body: { kinds: shownOwn, builtIn } };
    },
  }),
  appRoute({
    operationId: 'getKind',
    method: 'get',
    path: '/apps/{app}/kinds/{kind}',
    tag,
    summary: 'One kind of the app, and what stops working without it',
    role: 'viewer',
    params: kindParams,
    answers: { 200: { description: 'The kind.', schema: kindAnswerSchema } },
    async handle({ caller, params }, services) {
      const { app } = caller.app;
      const found = (await services.kinds.versions(app)).find(({ kind }) => kind === params.kind);
      if (found === undefined) throw notFound('kind');
      return { status: 200, body: await shownOne(app, found, services), headers: etagOf(found.version) };
    },
  }),
  appRoute({
    operationId: 'putKind',
    method: 'put',
    path: '/apps/{app}/kinds/{kind}',
    tag,
    summary: 'Add a kind (`If-Match: "v0"`), or change one',
    role: 'developer',
    params: kindParams,
    body: bodySchema,
    marks: ['version', 'audit'],
    answers: {
      200: { description: 'Changed, or as it was.', schema: kindAnswerSchema },
      201: { description: 'Added.', schema: kindAnswerSchema },
    },
    errors: ['managed_by_file', 'precondition_failed', 'precondition_required', 'conflict', 'too_many', 'csrf'],
    async handle({ caller, params, body }, services) {
      needRight(caller);
      const { app } = caller.app;
      const kind = kindSchema.safeParse({ ...body, kind: params.kind });
      if (!kind.success) {
        throw new BelfryError('invalid_body', { message: 'This is the name of a built-in kind.', path: ['kind'] });
      }
      const check = await checkFor(caller, params.kind, services);
      const { before, after } = await services.kinds.put(app, kind.data, check);
      if (before?.version !== after.version) {
        const action = before === undefined ? 'kind.create' : 'kind.update';
        const change = { action, object: { type: 'kind', id: params.kind }, ...sides(before, after) };
        await recordOfApp(caller, change, services.audit);
      }
      const answer = await shownOne(app, after, services);
      return { status: before === undefined ? 201 : 200, body: answer, headers: etagOf(after.version) };
    },
  }),
  appRoute({
    operationId: 'deleteKind',
    method: 'delete',
    path: '/apps/{app}/kinds/{kind}',
    tag,
    summary: 'Take a kind away; what was stored under it stays, and what names it is refused',
    role: 'developer',
    params: kindParams,
    marks: ['version', 'audit'],
    answers: { 204: { description: 'It is gone.' } },
    errors: ['managed_by_file', 'precondition_failed', 'precondition_required', 'conflict', 'csrf'],
    async handle({ caller, params }, services) {
      needRight(caller);
      const check = await checkFor(caller, params.kind, services);
      const checkThere: CheckKind = (current) => {
        if (current === undefined) throw notFound('kind');
        check(current);
      };
      const removed = await services.kinds.remove(caller.app.app, params.kind, checkThere);
      if (removed === undefined) throw notFound('kind');
      const change = { action: 'kind.delete', object: { type: 'kind', id: params.kind }, ...sides(removed, undefined) };
      await recordOfApp(caller, change, services.audit);
      return { status: 204 };
    },
  }),
];

type Caller = SignedIn & InApp;
type Counts = ReadonlyMap<string, readonly number[]>;
type Hooks = readonly { id: string; mapping: string }[];

function needRight({ app, role }: Caller): void {
  if (app.protected === true && role === 'developer') throw needsMore('admin');
}

/** Of the version that the caller has seen. Who changed it last is known by the audit alone. */
async function checkFor(
  { app, tenant, ifVersion }: Caller,
  kind: string,
  { auditStore }: Pick<AdminServices, 'auditStore'>,
): Promise<CheckKind> {
  const query = { object: `kind:${kind}`, app: app.app, limit: 1 };
  const [last] = (await auditStore.list(tenant.id, query)).items;
  return (current) => {
    const changed: Changed = {
      version: current?.version ?? 0,
      changedBy: last?.actor.name ?? '',
      changedAt: last?.at ?? 0,
    };
    needVersion(ifVersion, current ?? {}, changed);
  };
}

async function shownOne(app: AppId, kind: Versioned<Kind>, services: AdminServices): Promise<KindAnswer> {
  const [counts, hooks] = await Promise.all([services.kindCounts.of(app), services.hookStore.list(app)]);
  return shown(app, kind, { services, counts, hooks });
}

function shown(
  app: AppId,
  kind: Versioned<Kind>,
  { services, counts, hooks }: { services: Pick<AdminServices, 'kinds'>; counts: Counts; hooks: Hooks },
): KindAnswer {
  return {
    ...kind,
    managed: services.kinds.isManaged(app, kind.kind),
    hours: hoursOf(counts, kind.kind),
    hooks: hooks.filter(({ mapping }) => names(mapping, kind.kind)).map(({ id }) => id),
  };
}

/** A mapping that names it as a text. One that puts the name together cannot be told without running it. */
function names(mapping: string, kind: string): boolean {
  return mapping.includes(`"${kind}"`) || mapping.includes(`'${kind}'`);
}

function hoursOf(counts: Counts, kind: string): number[] {
  return [...(counts.get(kind) ?? Array.from({ length: countedHours }, () => 0))];
}

function sides(before: Versioned<Kind> | undefined, after: Versioned<Kind> | undefined) {
  return { before: before && contentOf(before), after: after && contentOf(after) };
}

function contentOf({ kind: _kind, version: _version, ...content }: Versioned<Kind>): Record<string, unknown> {
  return content;
}
