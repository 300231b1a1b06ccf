// Turns an author's definition of a message type into the plugin that a folder exports by default.
import type { z } from 'zod';
import { apiVersion } from './api-version.ts';
import { checkPlugin } from './check-plugin.ts';
import { PluginDefinitionError } from './definition-error.ts';
import type { MessageType, MessageTypeDefinition } from './message-type.ts';

/**
 * Checks a definition (a plain object) and returns it frozen and tagged, for the default export of a plugin.
 * @throws PluginDefinitionError that lists every problem with its path
 */
export function defineMessageType<Schema extends z.ZodType>(
  definition: MessageTypeDefinition<Schema>,
): MessageType<Schema> {
  // A copy, so that even `undefined` comes out as a list of problems.
  const given = { ...definition };
  const plugin: MessageType<Schema> = {
    ...given,
    kind: 'message-type',
    api: apiVersion,
    limits: { ...given.limits },
  };
  const checked = checkPlugin(plugin);
  if (!checked.ok) throw new PluginDefinitionError(checked.problems);
  Object.freeze(plugin.limits);
  return Object.freeze(plugin);
}
