// Runs everything that is tried on a notification provider and lists what is wrong. Needs no test runner.
import type { Finding } from './finding.ts';
import { runScenarios } from './finding.ts';
import { providerScenarios } from './provider-scenarios.ts';
import type { ProviderTestOptions } from './provider-test-options.ts';

/** Empty for a plugin with nothing wrong. `value` may be anything. */
export async function checkNotificationProvider(value: unknown, options: ProviderTestOptions): Promise<Finding[]> {
  return runScenarios(providerScenarios(value, options));
}
