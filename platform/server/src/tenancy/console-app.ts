// The app that the console itself is a client of: made at a start where it is not there. Who may hear what in
// it: accounts/topics.ts.

import type { PagePolicyInput } from '@belfry/protocol';
import { consoleApp } from '../ports/app-id.ts';
import type { Clock } from '../ports/clock.ts';
import type { PageStore } from '../ports/stores/settings.ts';
import type { AppLimits, TenancyStore } from '../ports/stores/tenancy.ts';
import { defaultSettings } from './app-defaults.ts';
import { putPolicy } from './provisioning/page-versions.ts';
import { writeOnce } from './provisioning/write-once.ts';
import { newSigningSecret, sealSigningSecret } from './tokens/app-signing.ts';
import type { Vault } from './vault.ts';

/** No tenant has this id: those of tenants begin with a letter or digit. */
const ownTenant = '-belfry';
const by = 'Belfry';

/** Its tokens name no topics and neither do its pages, so that none is open to everybody. */
const pages: readonly PagePolicyInput[] = [
  {
    ...{ pattern: '/console/*', enabled: true, requireAuth: true, autoConnect: true, connectionType: 'console' },
    features: ['real_time_stats', 'system_notifications'],
  },
];

export async function ensureConsoleApp(deps: {
  stores: { tenancy: Pick<TenancyStore, 'app' | 'putApp'>; pages: PageStore };
  vault: Pick<Vault, 'seal'>;
  clock: Pick<Clock, 'now'>;
  limits: AppLimits;
}): Promise<void> {
  const { stores, vault, clock, limits } = deps;
  const now = clock.now();
  await writeOnce(`the app ${consoleApp}`, async () => {
    if ((await stores.tenancy.app(consoleApp)) !== undefined) return true;
    const signing = sealSigningSecret(consoleApp, newSigningSecret(), { vault, createdAt: now });
    return stores.tenancy.putApp(
      {
        ...{ app: consoleApp, tenantId: ownTenant, name: 'Console', disabled: false },
        // Only pages of this server.
        ...{ allowedOrigins: [], signingSecrets: [signing], settings: defaultSettings, limits },
        ...{ managed: false, createdAt: now, updatedAt: now },
      },
      0,
    );
  });
  for (const input of pages) await putPolicy(stores.pages, consoleApp, { input, by, atMs: now, via: 'belfry' });
}
