// Tenants, apps and API keys as JSON under their keys. Not who may see them: tenancy decides.

import type { DatabaseSync, StatementSync } from 'node:sqlite';
import type {
  ApiKeyRecord,
  AppRecord,
  Page,
  PageRequest,
  Tenant,
  TenancyStore,
  Versioned,
} from '../../../ports/stores/index.ts';
import type { Synchronous } from '../synchronous.ts';
import { json } from './row.ts';
import { versionedPut } from './versioned-put.ts';

export function sqliteTenancy(db: DatabaseSync): Synchronous<TenancyStore> {
  const tenants = db.prepare('SELECT body FROM tenants WHERE id > ? ORDER BY id LIMIT ?');
  const oneTenant = db.prepare('SELECT body FROM tenants WHERE id = ?');
  const removeTenant = db.prepare('DELETE FROM tenants WHERE id = ?');
  const putTenant = db.prepare(
    'INSERT INTO tenants (id, body) VALUES (?, ?) ON CONFLICT DO UPDATE SET body = excluded.body',
  );
  const allApps = db.prepare('SELECT body FROM apps WHERE app > ? ORDER BY app LIMIT ?');
  const appsOf = db.prepare('SELECT body FROM apps WHERE tenant_id = ? AND app > ? ORDER BY app LIMIT ?');
  const oneApp = db.prepare('SELECT body FROM apps WHERE app = ?');
  const putApp = versionedPut(db, { table: 'apps', key: ['app'], columns: ['tenant_id'] });
  const removeApp = db.prepare('DELETE FROM apps WHERE app = ?');
  const keyByHash = db.prepare('SELECT body FROM api_keys WHERE hash = ?');
  const keysOf = db.prepare('SELECT body FROM api_keys WHERE app = ? AND id > ? ORDER BY id LIMIT ?');
  const putKey = versionedPut(db, { table: 'api_keys', key: ['app', 'id'], columns: ['hash'] });
  const removeKey = db.prepare('DELETE FROM api_keys WHERE app = ? AND id = ?');

  return {
    tenants: (page) => pageOf<Tenant>({ statement: tenants, page, placeOf: ({ id }) => id }),
    tenant(id) {
      const row = oneTenant.get(id);
      return row === undefined ? undefined : json<Tenant>(row, 'body');
    },
    removeTenant: (id) => removeTenant.run(id).changes > 0,
    putTenant(tenant) {
      putTenant.run(tenant.id, JSON.stringify(tenant));
    },
    apps({ tenantId, ...page }) {
      const statement = tenantId === undefined ? allApps : appsOf;
      const first = tenantId === undefined ? [] : [tenantId];
      return pageOf<Versioned<AppRecord>>({ statement, first, page, placeOf: ({ app }) => app });
    },
    app(key) {
      const row = oneApp.get(key);
      return row === undefined ? undefined : json<Versioned<AppRecord>>(row, 'body');
    },
    putApp: (app, ifVersion) => putApp({ app: app.app, tenant_id: app.tenantId }, app, ifVersion),
    removeApp: (app) => removeApp.run(app).changes > 0,
    apiKeyByHash(hash) {
      const row = keyByHash.get(hash);
      return row === undefined ? undefined : json<Versioned<ApiKeyRecord>>(row, 'body');
    },
    apiKeys: (app, page) =>
      pageOf<Versioned<ApiKeyRecord>>({ statement: keysOf, first: [app], page, placeOf: ({ id }) => id }),
    putApiKey: (key, ifVersion) => putKey({ app: key.app, id: key.id, hash: key.hash }, key, ifVersion),
    removeApiKey: (app, id) => removeKey.run(app, id).changes > 0,
  };
}

interface PageQuery<T> {
  /** Takes what is in `first`, then the key after which it begins, then the limit. */
  statement: StatementSync;
  first?: readonly string[];
  page: PageRequest;
  placeOf: (record: T) => string;
}

function pageOf<T>({ statement, first = [], page: { after = '', limit }, placeOf }: PageQuery<T>): Page<T> {
  const rows = statement.all(...first, after, limit + 1);
  const items = rows.slice(0, limit).map((row) => json<T>(row, 'body'));
  const last = items.at(-1);
  return { items, ...(rows.length > limit && last !== undefined ? { next: placeOf(last) } : {}) };
}
