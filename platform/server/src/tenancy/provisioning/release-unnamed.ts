// Gives back to the console the parts that an earlier provision file managed and the present one does not
// name. Changes nothing but their owner.
import type { AppId } from '../../ports/app-id.ts';
import { readAllPages } from '../../ports/stores/page.ts';
import type { ProviderStore } from '../../ports/stores/settings.ts';
import type { TenancyStore } from '../../ports/stores/tenancy.ts';
import type { HookHost } from './hooks.ts';
import type { WebhookHost } from './webhooks.ts';

export async function releaseUnnamed(options: {
  stores: { tenancy: TenancyStore; providers: ProviderStore };
  hooks: Pick<HookHost, 'release'>;
  webhooks: Pick<WebhookHost, 'release'>;
  managed: ReadonlyMap<AppId, Readonly<Record<'keys' | 'providers' | 'hooks' | 'webhooks', ReadonlySet<string>>>>;
  tenants: ReadonlySet<string>;
}): Promise<void> {
  const { stores, hooks, webhooks, managed, tenants } = options;
  for (const tenant of await readAllPages((page) => stores.tenancy.tenants(page))) {
    if (tenant.managed && !tenants.has(tenant.id)) await stores.tenancy.putTenant({ ...tenant, managed: false });
  }
  // A part that was changed meanwhile is released by the next start, or was released by the change.
  for (const record of await readAllPages((page) => stores.tenancy.apps(page))) {
    const named = managed.get(record.app);
    if (record.managed && named === undefined)
      await stores.tenancy.putApp({ ...record, managed: false }, record.version);
    await hooks.release(record.app, named?.hooks ?? new Set());
    await webhooks.release(record.app, named?.webhooks ?? new Set());
    for (const key of await readAllPages((page) => stores.tenancy.apiKeys(record.app, page))) {
      if (key.managed && named?.keys.has(key.id) !== true)
        await stores.tenancy.putApiKey({ ...key, managed: false }, key.version);
    }
    for (const provider of await stores.providers.list(record.app)) {
      if (provider.managed && named?.providers.has(provider.id) !== true) {
        await stores.providers.put(record.app, { ...provider, managed: false }, provider.version);
      }
    }
  }
}
