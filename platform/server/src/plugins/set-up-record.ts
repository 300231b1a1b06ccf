// Makes a stored configuration run: finds its plugin, opens its secrets, checks its addresses, sets it up.
// Keeps nothing.
import type { NotificationProvider } from '@belfry/plugin-kit';
import type { Egress } from '../egress/egress.ts';
import type { AppId } from '../ports/app-id.ts';
import type { ProviderRecord } from '../ports/stores/settings.ts';
import type { Surroundings } from '../ports/surroundings.ts';
import type { Vault } from '../tenancy/vault.ts';
import { refusedAddresses } from './configured-addresses.ts';
import type { Inhabitant, Realm } from './realm.ts';
import { setUpProvider } from './running-provider.ts';
import type { SetUp } from './running-provider.ts';
import { sayThrown } from './say-thrown.ts';
import { openConfig } from './seal-config.ts';
import type { Config, SealingPlace } from './seal-config.ts';

export interface SetUpRecordDeps {
  plugin: (id: string) => { plugin: NotificationProvider; at: Inhabitant } | undefined;
  /** The reason why there is no such plugin to use. */
  offReason: (id: string) => string;
  vault: Vault;
  surroundings: Surroundings;
  realm: Realm;
  egress: Pick<Egress, 'fetch' | 'connect' | 'checkUrl'>;
  setupLimitMs: number;
  callLimitMs: number;
  /** Where the service of a configuration reports to; undefined where the server does not know its address. */
  receiptUrl: (app: AppId, providerId: string) => string | undefined;
}

/** Never throws. A configuration that is enabled and cannot run is logged. */
export async function setUpRecord(deps: SetUpRecordDeps, app: AppId, record: ProviderRecord): Promise<SetUp> {
  const made = await trySetUp(deps, app, record);
  if (!made.ok && record.enabled) {
    deps.surroundings.log.warn('provider off', { app, provider: record.id, reason: made.reason });
  }
  return made;
}

/** Where the secrets of a configuration are sealed: opened anywhere else, they do not open. */
export function placeOf(vault: Vault, app: AppId, providerId: string): SealingPlace {
  return { vault, context: `provider:${app}:${providerId}` };
}

async function trySetUp(deps: SetUpRecordDeps, app: AppId, record: ProviderRecord): Promise<SetUp> {
  if (!record.enabled) return { ok: false, reason: 'is switched off' };
  const found = deps.plugin(record.plugin);
  if (found === undefined) return { ok: false, reason: deps.offReason(record.plugin) };
  let config: Config;
  try {
    config = openConfig(found.plugin.config, record.config, placeOf(deps.vault, app, record.id));
  } catch (error) {
    return { ok: false, reason: `its secrets cannot be opened (${sayThrown(error)})` };
  }
  const [refused] = await refusedAddresses(config, deps.egress);
  if (refused !== undefined) return { ok: false, reason: `${refused.path.join('.')}: ${refused.reason}` };
  const { realm, setupLimitMs, callLimitMs } = deps;
  const egress: Pick<Egress, 'fetch' | 'connect'> = {
    fetch: (url, request) => deps.egress.fetch(url, { ...request, app }),
    connect: (target) => deps.egress.connect({ ...target, app }),
  };
  const { clock, log } = deps.surroundings;
  const child = log.child({ app, provider: record.id, plugin: record.plugin });
  const receiptUrl = deps.receiptUrl(app, record.id);
  return setUpProvider({ ...found, config, log: child, clock, realm, egress, setupLimitMs, callLimitMs, receiptUrl });
}
