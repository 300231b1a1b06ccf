// Turns an author's definition of a notification provider into the plugin that a folder exports by default.
import type { z } from 'zod';
import { apiVersion } from './api-version.ts';
import { checkPlugin } from './check-plugin.ts';
import { PluginDefinitionError } from './definition-error.ts';
import type { NotificationProvider, NotificationProviderDefinition } from './notification-provider.ts';

/**
 * Checks a definition (a plain object) and returns it frozen and tagged, for the default export of a plugin.
 * @throws PluginDefinitionError that lists every problem with its path
 */
export function defineNotificationProvider<Config extends z.ZodType, Target extends z.ZodType>(
  definition: NotificationProviderDefinition<Config, Target>,
): NotificationProvider<Config, Target> {
  // A copy, so that even `undefined` comes out as a list of problems.
  const given = { ...definition };
  const plugin: NotificationProvider<Config, Target> = {
    ...given,
    kind: 'notification-provider',
    api: apiVersion,
    limits: { ...given.limits },
    supports: { ...given.supports },
  };
  const checked = checkPlugin(plugin);
  if (!checked.ok) throw new PluginDefinitionError(checked.problems);
  Object.freeze(plugin.limits);
  Object.freeze(plugin.supports);
  return Object.freeze(plugin);
}
