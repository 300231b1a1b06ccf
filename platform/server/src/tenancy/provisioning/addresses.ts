// The web addresses that a provision file gives, checked by the guard of outgoing calls. How an address is
// written is checked by schema.ts.
import { provisioningPath, type ProvisioningProblem } from './parse.ts';
import type { ProvisioningPlan } from './schema.ts';

type Verdict = { ok: true } | { ok: false; reason: string };

/**
 * The needed part of the guard of outgoing calls, and of the plugin host, which finds the addresses in a
 * provider's configuration.
 */
export interface AddressGuard {
  checkUrl(url: string): Promise<Verdict>;
  /** By the text alone. */
  checkUrlText(url: string): Verdict;
  checkAddresses(input: {
    config: Record<string, unknown>;
  }): Promise<readonly { path: readonly PropertyKey[]; reason: string }[]>;
}

/**
 * A provider that may not be called is off and visible, and no reason not to start. A key set that can never
 * be fetched means that nobody can sign in: a mistake of the file; only where a name server says so it is a
 * warning, since that may change while the server runs.
 */
export async function checkProvisionedAddresses(
  { tenants }: ProvisioningPlan,
  guard: AddressGuard,
): Promise<{ problems: ProvisioningProblem[]; warnings: ProvisioningProblem[] }> {
  const problems: ProvisioningProblem[] = [];
  const warnings: ProvisioningProblem[] = [];
  for (const [t, tenant] of tenants.entries()) {
    for (const [a, app] of tenant.apps.entries()) {
      const at = ['tenants', t, 'apps', a];
      if (app.jwksUrl !== undefined) {
        const path = provisioningPath([...at, 'jwksUrl']);
        const byText = guard.checkUrlText(app.jwksUrl);
        const verdict = byText.ok ? await guard.checkUrl(app.jwksUrl) : byText;
        if (!verdict.ok) (byText.ok ? warnings : problems).push({ path, reason: verdict.reason });
      }
      for (const [index, { enabled, config }] of app.providers.entries()) {
        if (!enabled) continue;
        for (const { path, reason } of await guard.checkAddresses({ config })) {
          const place = provisioningPath([...at, 'providers', index, 'config', ...path]);
          warnings.push({ path: place, reason: `${reason}. The provider is off until then` });
        }
      }
    }
  }
  return { problems, warnings };
}
