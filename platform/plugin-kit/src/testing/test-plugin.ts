// Turns the checks of a plugin into tests of vitest, one for each scenario. The checks themselves are in
// *-scenarios.ts.
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { MessageType } from '../message-type.ts';
import type { NotificationProvider } from '../notification-provider.ts';
import { sayFinding } from './finding.ts';
import type { Scenario } from './finding.ts';
import { messageTypeScenarios } from './message-type-scenarios.ts';
import type { MessageTypeTestOptions } from './message-type-scenarios.ts';
import { providerScenarios } from './provider-scenarios.ts';
import type { ProviderTestOptions } from './provider-test-options.ts';

/** Declares the tests every notification provider must pass, and one for each line of `answers`. */
export function testNotificationProvider(plugin: NotificationProvider, options: ProviderTestOptions): void {
  declare(
    `notification provider ${plugin.id}`,
    providerScenarios(plugin, { packageJson: packageOfTest(), ...options }),
  );
}

/** Declares the tests every message type must pass, and those of the tables in `options`. */
export function testMessageType(plugin: MessageType, options: MessageTypeTestOptions): void {
  declare(`message type ${plugin.id}`, messageTypeScenarios(plugin, { packageJson: packageOfTest(), ...options }));
}

function declare(name: string, scenarios: readonly Scenario[]): void {
  describe(name, () => {
    for (const scenario of scenarios) {
      test(scenario.name, async () => {
        expect((await scenario.run()).map(sayFinding)).toEqual([]);
      });
    }
  });
}

/** The nearest package.json above the test file that is being collected. */
function packageOfTest(): string {
  let folder = dirname(expect.getState().testPath ?? join(process.cwd(), 'test'));
  while (!existsSync(join(folder, 'package.json')) && dirname(folder) !== folder) folder = dirname(folder);
  return join(folder, 'package.json');
}
