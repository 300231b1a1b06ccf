// Puts outgoing webhooks together over an engine. What is told and asked, and when, is theirs.

import { Audit } from '../accounts/audit.ts';
import type { Config } from '../config/config.ts';
import { version } from '../config/version.ts';
import type { Egress } from '../egress/egress.ts';
import type { Mapper } from '../hooks/mapping/mapper.ts';
import { Outbound } from '../outbound/outbound.ts';
import type { AppId } from '../ports/app-id.ts';
import type { Facts } from '../ports/facts.ts';
import type { Surroundings } from '../ports/surroundings.ts';
import type { Apps } from '../tenancy/apps.ts';
import type { Vault } from '../tenancy/vault.ts';
import type { Engine } from './engine.ts';

export function composeOutbound(deps: {
  engine: Engine;
  config: Pick<Config, 'limits'>;
  vault: Vault;
  egress: Egress;
  mapper: Mapper;
  apps: Pick<Apps, 'find'>;
  facts: Pick<Facts, 'record' | 'subscribe'>;
  surroundings: Surroundings;
}): Outbound {
  const { engine, config, apps, surroundings } = deps;
  const { stores, queue, bus, presence } = engine;
  const audit = new Audit({ store: stores.audit, clock: surroundings.clock });
  return new Outbound({
    ...{ stores, queue, bus, presence, surroundings, limits: config.limits, userAgent: `Belfry/${version}` },
    ...{ vault: deps.vault, egress: deps.egress, mapper: deps.mapper, facts: deps.facts },
    isAppOff: async (app) => (await apps.find(app))?.disabled !== false,
    audit: (app, change) => recordSwitchOff(app, change, { audit, apps }),
  });
}

async function recordSwitchOff(
  app: AppId,
  { webhookId, ...after }: { webhookId: string; because: string; detail: string },
  { audit, apps }: { audit: Audit; apps: Pick<Apps, 'find'> },
): Promise<void> {
  const record = await apps.find(app);
  if (record === undefined) return;
  const actor = { type: 'belfry', id: '', name: 'Belfry' } as const;
  await audit.record(
    { actor, via: 'belfry', address: '', requestId: '' },
    { action: 'webhook.disable', tenants: [record.tenantId], app, object: { type: 'webhook', id: webhookId }, after },
  );
}
