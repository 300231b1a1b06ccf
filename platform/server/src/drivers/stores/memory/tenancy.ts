// Tenants, apps, API keys and the installation's own facts in memory. Not who may see them.

import type { ApiKeyRecord, AppRecord, InstallationStore, Tenant, TenancyStore } from '../../../ports/stores/index.ts';
import type { Synchronous } from '../synchronous.ts';
import { keyOf } from './key.ts';

export function memoryTenancy(): Synchronous<TenancyStore> {
  const tenants = new Map<string, Tenant>();
  const apps = new Map<string, AppRecord>();
  const keys = new Map<string, ApiKeyRecord>();
  return {
    tenants: () => sorted(tenants),
    putTenant: (tenant) => void tenants.set(tenant.id, tenant),
    apps: (tenantId) => sorted(apps).filter((app) => tenantId === undefined || app.tenantId === tenantId),
    app: (key) => apps.get(key),
    putApp: (app) => void apps.set(app.app, app),
    apiKeyByHash: (hash) => [...keys.values()].find((key) => key.hash === hash),
    apiKeys: (app) => sorted(keys).filter((key) => key.app === app),
    putApiKey: (key) => void keys.set(keyOf(key.app, key.id), key),
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

function sorted<T>(records: ReadonlyMap<string, T>): T[] {
  return [...records].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, record]) => record);
}
