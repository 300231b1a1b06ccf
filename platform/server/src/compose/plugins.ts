// Puts the plugins' host together, with the one way out that they and everything else is given.

import { join } from 'node:path';
import type { Config } from '../config/config.ts';
import { Egress } from '../egress/egress.ts';
import { createPluginHost, type PluginHost } from '../plugins/plugin-host.ts';
import type { Surroundings } from '../ports/surroundings.ts';
import type { Vault } from '../tenancy/vault.ts';
import type { Engine } from './engine.ts';

/** The plugins that come with the server; a folder there is a plugin, and nothing else says which there are. */
const shippedPlugins = join(import.meta.dirname, '../../../../plugins');

export function composePlugins(deps: { engine: Engine; config: Config; vault: Vault; surroundings: Surroundings }): {
  egress: Egress;
  plugins: PluginHost;
} {
  const { engine, config, vault, surroundings } = deps;
  const egress = new Egress({ allow: config.outboundAllow, clock: surroundings.clock });
  const plugins = createPluginHost({
    shippedDir: shippedPlugins,
    pluginsDir: config.pluginsDir,
    store: engine.stores.providers,
    vault,
    ...surroundings,
    egress,
    defaultProvider: { plugin: config.notificationProvider, config: defaultProviderConfig(config) },
    callLimitMs: config.limits.pushTimeoutMs,
    bus: engine.bus,
  });
  return { egress, plugins };
}

/** The configuration that goes with NOTIFICATION_PROVIDER: where credentials are a file, its path. */
function defaultProviderConfig({ firebaseCredentialsPath }: Config): Record<string, unknown> {
  return firebaseCredentialsPath === undefined ? {} : { credentialsPath: firebaseCredentialsPath };
}
