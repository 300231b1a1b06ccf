// /tenants/{tenant}/audit: what was changed, by whom, from where.

import { limitSchema, notFound } from '@belfry/protocol';
import * as z from 'zod';
import { isAtLeast } from '../../../accounts/roles.ts';
import { exportAnswer, exportFormats, type ExportedList } from '../../list-export.ts';
import type { AuditEntry, AuditFilter, AuditStore, MemberRole } from '../../../ports/stores/index.ts';
import { consoleApp } from '../../../ports/app-id.ts';
import { auditEntrySchema, pageOf, type AuditEntryAnswer } from './answers.ts';
import { timeSchema } from './bodies.ts';
import { sourceOf } from './caller.ts';
import { countedAnswer, countedFields, countsSchema } from './counts.ts';
import { tenantParams, tenantRoute } from './route.ts';
import { isoOf } from './shown.ts';

const tag = 'Audit';
/** By one count, however many there are. */
const lookedAt = 20_000;
const facets = ['actor', 'action', 'app'] as const;

const querySchema = z.strictObject({
  actor: z.string().max(64).optional(),
  action: z.string().max(64).optional(),
  object: z.string().max(300).optional(),
  app: z.string().max(64).optional(),
  from: timeSchema.optional(),
  to: timeSchema.optional(),
  q: z.string().max(200).optional(),
  limit: limitSchema(100),
  cursor: z.string().max(1024).optional(),
  counts: countsSchema,
  /** All that fits as a file, in place of a page. */
  format: z.enum(exportFormats).optional(),
});

/** All that fits, whatever page of it is shown. */
async function* pagesOf(
  store: Pick<AuditStore, 'list'>,
  tenant: string,
  filter: AuditFilter,
): AsyncGenerator<readonly AuditEntryAnswer[]> {
  let after: string | undefined;
  do {
    const { items, next } = await store.list(tenant, { ...filter, after, limit: exportPage });
    yield items.map(shown);
    after = next;
  } while (after !== undefined);
}

const exportPage = 500;

const auditColumns: ExportedList<AuditEntryAnswer>['columns'] = [
  ['at', ({ at }) => at],
  ['actor_type', ({ actor }) => actor.type],
  ['actor_id', ({ actor }) => actor.id],
  ['actor_name', ({ actor }) => actor.name],
  ['via', ({ via }) => via],
  ['address', ({ address }) => address],
  ['action', ({ action }) => action],
  ['app', ({ app }) => app],
  ['object_type', ({ object }) => object.type],
  ['object_id', ({ object }) => object.id],
  ['before', ({ before }) => before],
  ['after', ({ after }) => after],
  ['request', ({ requestId }) => requestId],
];

/** Developers see what happened to apps, not to people. */
function seesAppsAlone(role: MemberRole): boolean {
  return !isAtLeast(role, 'admin');
}

export const auditRoutes = [
  tenantRoute({
    operationId: 'listAudit',
    method: 'get',
    path: '/tenants/{tenant}/audit',
    tag,
    summary: 'What was changed, newest first; developers see changes of apps',
    description: `\`counts=1\` adds how many there are among the newest ${lookedAt} of the tenant, and of whom, what and which app.`,
    role: 'developer',
    params: tenantParams,
    query: querySchema,
    answers: {
      200: { description: 'A page of entries.', schema: pageOf(auditEntrySchema).extend(countedFields(facets)) },
    },
    async handle({ caller, query }, { audit, auditStore, cursors }) {
      const { limit, cursor, format, counts, ...filter } = query;
      if (format !== undefined) {
        const { id: tenant } = caller.tenant;
        const object = { type: 'audit', id: tenant };
        const after = { format, ...filter };
        await audit.record(sourceOf(caller), { action: 'audit.export', tenants: [tenant], object, after });
        const pages = pagesOf(auditStore, tenant, { ...filter, ofApps: seesAppsAlone(caller.role) });
        return exportAnswer({ format, name: `audit-${tenant}`, columns: auditColumns, pages });
      }
      const list = `audit ${caller.tenant.id}`;
      const after = cursor === undefined ? undefined : cursors.open({ app: consoleApp, list }, cursor, z.string());
      const ofApps = seesAppsAlone(caller.role);
      const { items, next } = await auditStore.list(caller.tenant.id, { ...filter, ofApps, after, limit });
      const nextCursor = next === undefined ? {} : { nextCursor: cursors.seal({ app: consoleApp, list }, next) };
      const counted =
        counts === undefined
          ? {}
          : countedAnswer(await auditStore.count(caller.tenant.id, { ...filter, ofApps, scan: lookedAt }));
      return { status: 200, body: { items: items.map(shown), ...nextCursor, ...counted } };
    },
  }),
  tenantRoute({
    operationId: 'getAuditEntry',
    method: 'get',
    path: '/tenants/{tenant}/audit/{id}',
    tag,
    summary: 'One entry',
    role: 'developer',
    params: tenantParams.extend({ id: z.string().max(64) }),
    answers: { 200: { description: 'The entry.', schema: auditEntrySchema } },
    async handle({ caller, params }, { auditStore }) {
      const entry = await auditStore.get(caller.tenant.id, params.id);
      if (entry === undefined || (seesAppsAlone(caller.role) && entry.app === undefined)) throw notFound('audit entry');
      return { status: 200, body: shown(entry) };
    },
  }),
];

function shown({ at, ...entry }: AuditEntry): AuditEntryAnswer {
  return { ...entry, at: isoOf(at) };
}
