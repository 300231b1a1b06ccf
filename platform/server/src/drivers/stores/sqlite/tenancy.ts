// Tenants, apps and API keys as JSON under their keys. Not who may see them: tenancy decides.

import type { DatabaseSync } from 'node:sqlite';
import type { ApiKeyRecord, AppRecord, Tenant, TenancyStore } from '../../../ports/stores/index.ts';
import type { Synchronous } from '../synchronous.ts';
import { json } from './row.ts';

export function sqliteTenancy(db: DatabaseSync): Synchronous<TenancyStore> {
  const tenants = db.prepare('SELECT body FROM tenants ORDER BY id');
  const putTenant = db.prepare(
    'INSERT INTO tenants (id, body) VALUES (?, ?) ON CONFLICT DO UPDATE SET body = excluded.body',
  );
  const allApps = db.prepare('SELECT body FROM apps ORDER BY app');
  const appsOf = db.prepare('SELECT body FROM apps WHERE tenant_id = ? ORDER BY app');
  const oneApp = db.prepare('SELECT body FROM apps WHERE app = ?');
  const putApp = db.prepare(
    `INSERT INTO apps (app, tenant_id, body) VALUES (?, ?, ?)
     ON CONFLICT DO UPDATE SET tenant_id = excluded.tenant_id, body = excluded.body`,
  );
  const keyByHash = db.prepare('SELECT body FROM api_keys WHERE hash = ?');
  const keysOf = db.prepare('SELECT body FROM api_keys WHERE app = ? ORDER BY id');
  const putKey = db.prepare(
    `INSERT INTO api_keys (app, id, hash, body) VALUES (?, ?, ?, ?)
     ON CONFLICT (app, id) DO UPDATE SET hash = excluded.hash, body = excluded.body`,
  );
  const removeKey = db.prepare('DELETE FROM api_keys WHERE app = ? AND id = ?');

  return {
    tenants: () => tenants.all().map((row) => json<Tenant>(row, 'body')),
    putTenant(tenant) {
      putTenant.run(tenant.id, JSON.stringify(tenant));
    },
    apps(tenantId) {
      const rows = tenantId === undefined ? allApps.all() : appsOf.all(tenantId);
      return rows.map((row) => json<AppRecord>(row, 'body'));
    },
    app(key) {
      const row = oneApp.get(key);
      return row === undefined ? undefined : json<AppRecord>(row, 'body');
    },
    putApp(app) {
      putApp.run(app.app, app.tenantId, JSON.stringify(app));
    },
    apiKeyByHash(hash) {
      const row = keyByHash.get(hash);
      return row === undefined ? undefined : json<ApiKeyRecord>(row, 'body');
    },
    apiKeys: (app) => keysOf.all(app).map((row) => json<ApiKeyRecord>(row, 'body')),
    putApiKey(key) {
      putKey.run(key.app, key.id, key.hash, JSON.stringify(key));
    },
    removeApiKey: (app, id) => removeKey.run(app, id).changes > 0,
  };
}
