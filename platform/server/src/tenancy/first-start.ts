// The beginning of a fresh embedded installation: tenant `default`, app `demo`, its pages and random secrets.
// With a provision file, that file says it.
import { asAppId, consoleApp, type AppId } from '../ports/app-id.ts';
import type { Clock } from '../ports/clock.ts';
import type { PageStore } from '../ports/stores/settings.ts';
import type { AppLimits, AppRecord, InstallationStore, TenancyStore } from '../ports/stores/tenancy.ts';
import { apiKeyRecord, newApiKey } from './api-key-record.ts';
import { defaultAppLimits, defaultSettings } from './app-defaults.ts';
import { newSigningSecret, sealSigningSecret } from './tokens/app-signing.ts';
import { defaultPages } from './default-pages.ts';
import { putPolicy } from './provisioning/page-versions.ts';
import type { Vault } from './vault.ts';

/** `apiKey` is shown once; only its hash is kept. */
export type FirstStart = { made: false } | { made: true; tenantId: string; app: AppId; apiKey: string };

const markName = 'first_start';
const tenantId = 'default';
/** The app that it makes. */
export const firstApp = asAppId('demo');

const apiKeyId = 'default';
const by = 'first start';

/**
 * Does it when no app exists. Cut off by a kill, the next start does it again, and the API key that it shows
 * is the one that counts.
 */
export async function createFirstStart(deps: {
  stores: {
    tenancy: Pick<TenancyStore, 'app' | 'apps' | 'putTenant' | 'putApp' | 'apiKeys' | 'putApiKey'>;
    pages: PageStore;
    installation: Pick<InstallationStore, 'get' | 'set'>;
  };
  vault: Pick<Vault, 'seal'>;
  clock: Pick<Clock, 'now'>;
  limits?: AppLimits;
  /**
   * Puts the API key where its owner finds it. Awaited before the first start counts as done, so that no kill
   * loses the key.
   */
  keepKey?: (made: { app: AppId; apiKey: string }) => Promise<unknown>;
}): Promise<FirstStart> {
  const { stores, vault, clock, limits = defaultAppLimits, keepKey } = deps;
  const { tenancy, pages, installation } = stores;
  const mark = await installation.get(markName);
  if (mark === 'done') return { made: false };
  // Begun and cut off is not the same as apps that came from elsewhere.
  if (mark === undefined && (await hasApps(tenancy))) return { made: false };
  await installation.set(markName, 'begun');

  const now = clock.now();
  const app = firstApp;
  await tenancy.putTenant({ id: tenantId, name: 'Default', managed: false, createdAt: now });
  const before = await tenancy.app(app);
  const record: AppRecord = {
    app,
    tenantId,
    name: 'Demo',
    disabled: false,
    allowedOrigins: ['*'],
    signingSecrets: [sealSigningSecret(app, newSigningSecret(), { vault, createdAt: now })],
    settings: defaultSettings,
    limits,
    managed: false,
    createdAt: now,
    updatedAt: now,
  };
  await tenancy.putApp(record, before?.version ?? 0);
  for (const input of defaultPages) await putPolicy(pages, app, { input, by, atMs: now, via: 'belfry' });
  const apiKey = newApiKey(apiKeyId);
  const key = { id: apiKeyId, secret: apiKey, scopes: ['*'] };
  const { items: keys } = await tenancy.apiKeys(app, { limit: 1 });
  await tenancy.putApiKey(apiKeyRecord(app, key, { managed: false, createdAt: now }), keys[0]?.version ?? 0);
  await keepKey?.({ app, apiKey });
  await installation.set(markName, 'done');
  return { made: true, tenantId, app, apiKey };
}

/** Beside Belfry's own, which is there whether anybody made one or not. */
async function hasApps(tenancy: Pick<TenancyStore, 'apps'>): Promise<boolean> {
  return (await tenancy.apps({ limit: 2 })).items.some(({ app }) => app !== consoleApp);
}
