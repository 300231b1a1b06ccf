// Puts the plugins' host together, with the one way out that they and everything else is given.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Config } from '../config/config.ts';
import { Egress } from '../egress/egress.ts';
import { PluginHost } from '../plugins/plugin-host.ts';
import { createReceiptLinks, type ReceiptLinks } from '../plugins/receipt-links.ts';
import type { Facts } from '../ports/facts.ts';
import type { Surroundings } from '../ports/surroundings.ts';
import type { Vault } from '../tenancy/vault.ts';
import type { Engine } from './engine.ts';

/**
 * The plugins that come with the server; a folder there is a plugin, and nothing else says which there are.
 */
const shippedPlugins = join(import.meta.dirname, '../../../../plugins');

export function composePlugins(deps: {
  engine: Engine;
  config: Config;
  vault: Vault;
  /** The installation's. */
  secret: string;
  surroundings: Surroundings;
  facts: Pick<Facts, 'record'>;
}): { egress: Egress; plugins: PluginHost; receiptLinks: ReceiptLinks } {
  const { engine, config, vault, secret, surroundings, facts } = deps;
  const receiptLinks = createReceiptLinks({ secret, publicUrl: config.publicUrl });
  const egress = new Egress({ allow: config.outboundAllow, limits: config.limits, ...surroundings });
  const plugins = new PluginHost({
    shippedDir: shippedPlugins,
    pluginsDir: config.pluginsDir,
    store: engine.stores.providers,
    vault,
    ...surroundings,
    facts,
    egress,
    defaultProvider: { plugin: config.notificationProvider, config: defaultProviderConfig(config) },
    receiptUrl: (app, providerId) => receiptLinks.of(app, providerId),
    callLimitMs: config.limits.pushTimeoutMs,
    limits: config.limits,
    bus: engine.bus,
  });
  return { egress, plugins, receiptLinks };
}

/** The configuration that goes with NOTIFICATION_PROVIDER: where credentials are a file, what is in it. */
export function defaultProviderConfig({
  firebaseCredentialsPath: path,
}: Pick<Config, 'firebaseCredentialsPath'>): Record<string, unknown> {
  return path === undefined ? {} : { serviceAccount: readFileSync(path, 'utf8') };
}
