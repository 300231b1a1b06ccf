// Runs everything that is tried on a message type and lists what is wrong. Needs no test runner.
import type { Finding } from './finding.ts';
import { runScenarios } from './finding.ts';
import { messageTypeScenarios } from './message-type-scenarios.ts';
import type { MessageTypeTestOptions } from './message-type-scenarios.ts';

/** Empty for a plugin with nothing wrong. `value` may be anything. */
export async function checkMessageType(value: unknown, options: MessageTypeTestOptions): Promise<Finding[]> {
  return runScenarios(messageTypeScenarios(value, options));
}
