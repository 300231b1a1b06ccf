// The audit as JSON beside the columns by which entries are found. Not what is worth an entry.

import type { DatabaseSync } from 'node:sqlite';
import type { AuditEntry, AuditFilter, AuditStore } from '../../../ports/stores/index.ts';
import { actionOf, auditText, objectOf } from '../audit-columns.ts';
import { countAudit } from '../count-values.ts';
import type { Synchronous } from '../synchronous.ts';
import { json, optionalText, text } from './row.ts';

const wanted = `($actor IS NULL OR actor = $actor)
       AND ($exact IS NULL OR action = $exact)
       AND ($prefix IS NULL OR substr(action, 1, length($prefix)) = $prefix)
       AND ($type IS NULL OR object_type = $type) AND ($id IS NULL OR object_id = $id)
       AND ($app IS NULL OR app = $app) AND ($ofApps = 0 OR app IS NOT NULL)
       AND ($from IS NULL OR at >= $from) AND ($to IS NULL OR at <= $to)
       AND ($q IS NULL OR instr(text, $q) > 0)`;

export function sqliteAudit(db: DatabaseSync): Synchronous<AuditStore> {
  const insert = db.prepare(
    `INSERT INTO audit (tenant, id, at, actor, action, app, object_type, object_id, text, body)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  );
  const list = db.prepare(
    `SELECT body FROM audit
     WHERE tenant = $tenant AND ($after IS NULL OR id < $after) AND ${wanted}
     ORDER BY id DESC LIMIT $limit`,
  );
  const lastLooked = db.prepare('SELECT id FROM audit WHERE tenant = ? ORDER BY id DESC LIMIT 1 OFFSET ?');
  const count = db.prepare(`SELECT actor, action, app FROM audit WHERE tenant = $tenant AND id > $after AND ${wanted}`);
  const one = db.prepare('SELECT body FROM audit WHERE tenant = ? AND id = ?');
  const prune = db.prepare(
    `DELETE FROM audit WHERE (tenant, id) IN (SELECT tenant, id FROM audit WHERE at < ? ORDER BY at LIMIT ?)`,
  );
  return {
    append(entry) {
      const { tenant, id, at, actor, action, app = null, object } = entry;
      const columns = [tenant, id, at, actor.id, action, app, object.type, object.id, auditText(entry)];
      insert.run(...columns, JSON.stringify(entry));
    },
    list(tenant, { after = null, limit, ...filter }) {
      const found = list
        .all({ tenant, after, ...valuesOf(filter), limit: limit + 1 })
        .map((row) => json<AuditEntry>(row, 'body'));
      const items = found.slice(0, limit);
      const last = items.at(-1);
      return { items, ...(found.length > limit && last !== undefined ? { next: last.id } : {}) };
    },
    count(tenant, { scan, ...filter }) {
      // The first that is not looked at.
      const end = lastLooked.get(tenant, scan);
      const after = end === undefined ? '' : text(end, 'id');
      const rows = count.all({ tenant, after, ...valuesOf(filter) });
      return countAudit(
        rows.map((row) => ({
          actor: text(row, 'actor'),
          action: text(row, 'action'),
          app: optionalText(row, 'app'),
        })),
        end !== undefined,
      );
    },
    get(tenant, id) {
      const row = one.get(tenant, id);
      return row === undefined ? undefined : json<AuditEntry>(row, 'body');
    },
    prune: (beforeMs, limit) => Number(prune.run(beforeMs, limit).changes),
  };
}

function valuesOf(filter: AuditFilter) {
  const { exact = null, prefix = null } = actionOf(filter);
  const { type = null, id = null } = objectOf(filter);
  const { actor = null, app = null, ofApps = false, from = null, to = null, q } = filter;
  return {
    ...{ actor, exact, prefix, type, id, app, from, to },
    ofApps: Number(ofApps),
    q: q?.toLowerCase() ?? null,
  };
}
