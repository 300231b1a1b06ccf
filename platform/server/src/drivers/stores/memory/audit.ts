// The audit in memory. Not what is worth an entry.

import type { AuditEntry, AuditFilter, AuditStore } from '../../../ports/stores/index.ts';
import { actionOf, auditText, objectOf } from '../audit-columns.ts';
import { countAudit } from '../count-values.ts';
import type { Synchronous } from '../synchronous.ts';

export function memoryAudit(): Synchronous<AuditStore> {
  let entries: AuditEntry[] = [];
  return {
    append: (entry) => void entries.push(entry),
    list(tenant, { after, limit, ...filter }) {
      const found = entries
        .filter((entry) => entry.tenant === tenant && (after === undefined || entry.id < after))
        .filter((entry) => fits(entry, filter))
        .toSorted((a, b) => (a.id < b.id ? 1 : -1));
      const items = found.slice(0, limit);
      const last = items.at(-1);
      return { items, ...(found.length > limit && last !== undefined ? { next: last.id } : {}) };
    },
    count(tenant, { scan, ...filter }) {
      const ofTenant = entries.filter((entry) => entry.tenant === tenant).toSorted((a, b) => (a.id < b.id ? 1 : -1));
      const found = ofTenant.slice(0, scan).filter((entry) => fits(entry, filter));
      return countAudit(
        found.map(({ actor, action, app }) => ({ actor: actor.id, action, app })),
        ofTenant.length > scan,
      );
    },
    get: (tenant, id) => entries.find((entry) => entry.tenant === tenant && entry.id === id),
    prune(beforeMs, limit) {
      const old = entries.filter(({ at }) => at < beforeMs).toSorted((a, b) => a.at - b.at);
      const gone = new Set(old.slice(0, limit));
      entries = entries.filter((entry) => !gone.has(entry));
      return gone.size;
    },
  };
}

function fits(entry: AuditEntry, filter: AuditFilter): boolean {
  const { exact, prefix = '' } = actionOf(filter);
  const { type, id } = objectOf(filter);
  const { actor, app, ofApps = false, from = -Infinity, to = Infinity, q = '' } = filter;
  return (
    (actor === undefined || entry.actor.id === actor) &&
    (exact === undefined || entry.action === exact) &&
    entry.action.startsWith(prefix) &&
    (type === undefined || entry.object.type === type) &&
    (id === undefined || entry.object.id === id) &&
    (app === undefined || entry.app === app) &&
    (!ofApps || entry.app !== undefined) &&
    from <= entry.at &&
    entry.at <= to &&
    auditText(entry).includes(q.toLowerCase())
  );
}
