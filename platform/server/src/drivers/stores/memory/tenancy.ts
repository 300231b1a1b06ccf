// Tenants, apps, API keys and the installation's own facts in memory. Not who may see them.

import type {
  ApiKeyRecord,
  AppRecord,
  InstallationStore,
  Tenant,
  TenancyStore,
  Versioned,
} from '../../../ports/stores/index.ts';
import type { Synchronous } from '../synchronous.ts';
import { keyOf } from './key.ts';
import { pageOf } from './page-of.ts';
import { putVersioned } from './versioned.ts';

export function memoryTenancy(): Synchronous<TenancyStore> {
  const tenants = new Map<string, Tenant>();
  const apps = new Map<string, Versioned<AppRecord>>();
  const keys = new Map<string, Versioned<ApiKeyRecord>>();
  return {
    tenants: (page) => pageOf([...tenants.values()], page, ({ id }) => id),
    tenant: (id) => tenants.get(id),
    putTenant: (tenant) => void tenants.set(tenant.id, tenant),
    removeTenant: (id) => tenants.delete(id),
    apps({ tenantId, ...page }) {
      const found = [...apps.values()].filter((app) => tenantId === undefined || app.tenantId === tenantId);
      return pageOf(found, page, ({ app }) => app);
    },
    app: (key) => apps.get(key),
    putApp: (app, ifVersion) => putVersioned(apps, app.app, { record: app, ifVersion }),
    removeApp: (app) => apps.delete(app),
    apiKeyByHash: (hash) => [...keys.values()].find((key) => key.hash === hash),
    apiKeys: (app, page) =>
      pageOf(
        [...keys.values()].filter((key) => key.app === app),
        page,
        ({ id }) => id,
      ),
    putApiKey: (key, ifVersion) => putVersioned(keys, keyOf(key.app, key.id), { record: key, ifVersion }),
    removeApiKey: (app, id) => keys.delete(keyOf(app, id)),
  };
}

export function memoryInstallation(): Synchronous<InstallationStore> {
  const facts = new Map<string, string>();
  return {
    get: (name) => facts.get(name),
    setOnce(name, value) {
      const there = facts.get(name) ?? value;
      facts.set(name, there);
      return there;
    },
    set: (name, value) => void facts.set(name, value),
  };
}
