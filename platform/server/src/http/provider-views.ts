// The providers of an app and how they are, as every door says it: what the app has configured, and whether their
// services are called. What a door shows of it is the door's.

import type { BudgetsOfNodes, ProviderBudget } from '../notifications/sending/budgets-of-nodes.ts';
import type { PluginHost } from '../plugins/plugin-host.ts';
import type { ProviderHandle } from '../plugins/provider-handle.ts';
import type { AppId } from '../ports/app-id.ts';

export interface ProviderView {
  provider: ProviderHandle;
  /** `quarantined`: it is on, and called no more for a while, since it failed too often. */
  state: ProviderHandle['state'] | 'quarantined';
  /** Of the last minutes, by what came of them. */
  recentCalls: ProviderBudget['errors'];
  /** Only of one that is quarantined. Stamps are ms since the epoch. */
  quarantine?: NonNullable<ProviderBudget['quarantine']>;
}

export async function viewProviders(
  app: AppId,
  services: { providers: Pick<PluginHost, 'providers'>; providerBudgets: Pick<BudgetsOfNodes, 'of'> },
): Promise<readonly ProviderView[]> {
  const all = await services.providers.providers(app);
  const budgets = await services.providerBudgets.of(
    app,
    all.map(({ id }) => id),
  );
  return all.map((provider): ProviderView => {
    const { errors = {}, quarantine } = budgets.get(provider.id) ?? {};
    const { state } = provider;
    if (state !== 'on' || quarantine === undefined) return { provider, state, recentCalls: errors };
    return { provider, state: 'quarantined', recentCalls: errors, quarantine };
  });
}
