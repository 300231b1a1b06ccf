// Makes the installation what the configuration says before anybody is let in: secret, plugins, provisioning
// or the first start.

import { readFile } from 'node:fs/promises';
import type { Config } from '../config/config.ts';
import { version } from '../config/version.ts';
import type { Egress } from '../egress/egress.ts';
import type { PluginHost } from '../plugins/plugin-host.ts';
import type { AppId } from '../ports/app-id.ts';
import type { Log } from '../ports/log.ts';
import { logConfigProblems } from '../telemetry/config-problems.ts';
import { applyProvisioning } from '../tenancy/provisioning/apply.ts';
import { ensureConsoleApp } from '../tenancy/console-app.ts';
import { createFirstStart, firstApp } from '../tenancy/first-start.ts';
import { loadInstallationSecret } from '../tenancy/installation-secret.ts';
import { parseProvisioning } from '../tenancy/provisioning/parse.ts';
import type { HookHost } from '../tenancy/provisioning/hooks.ts';
import type { WebhookHost } from '../tenancy/provisioning/webhooks.ts';
import { emptyPlan } from '../tenancy/provisioning/schema.ts';
import { recordVersionStart } from '../tenancy/version-starts.ts';
import type { Vault } from '../tenancy/vault.ts';
import type { Engine } from './engine.ts';
import { findFirstKey, keepFirstKey, type FirstKeyFile } from './first-key.ts';
import { StartProblem } from './start-problem.ts';

/** Throws StartProblem when the secret is not there, or not the one the data was sealed with. */
export async function openVault(engine: Engine, config: Config, log: Log): Promise<{ vault: Vault; secret: string }> {
  const { installation } = engine.stores;
  const loaded = await loadInstallationSecret({ config, dataDir: config.dataDir, installation });
  if (!loaded.ok) throw new StartProblem([loaded.problem]);
  logConfigProblems(log, loaded.warnings);
  return { vault: loaded.vault, secret: loaded.secret };
}

const noFile = { ok: true, plan: emptyPlan, warnings: [] } as const;

export interface Installed {
  /** Patterns of pages, by app, that the provision file manages. */
  managedPages: ReadonlyMap<AppId, readonly string[]>;
  managedKinds: ReadonlyMap<AppId, readonly string[]>;
  /** The file that the first start made for its API key, as long as it is there. */
  keyFile: FirstKeyFile | undefined;
}

/**
 * Applies the provision file, or makes the first tenant and app where there is none. Throws StartProblem for
 * mistakes in the file.
 */
export async function install(deps: {
  engine: Engine;
  config: Config;
  vault: Vault;
  plugins: PluginHost;
  log: Log;
  egress: Pick<Egress, 'checkUrl' | 'checkUrlText'>;
  hooks: HookHost;
  webhooks: WebhookHost;
}): Promise<Installed> {
  const { engine, config, vault, plugins, log, egress, hooks } = deps;
  const { stores, clock } = engine;
  const limits = { connections: config.limits.connectionsPerApp, requestsPerMinute: config.limits.requestsPerMinute };
  const file = config.provisionFile;
  // Without a file nothing is managed any more: what an earlier one named becomes the console's.
  const parsed = file === undefined ? noFile : parseProvisioning(await readProvisionFile(file), file);
  if (!parsed.ok) throw asProblem(parsed.problems);
  const applied = await applyProvisioning({
    plan: parsed.plan,
    stores,
    vault,
    clock,
    providers: plugins,
    hooks,
    webhooks: deps.webhooks,
    addresses: {
      checkUrl: (url) => egress.checkUrl(url),
      checkUrlText: (url) => egress.checkUrlText(url),
      checkAddresses: (input) => plugins.checkAddresses(input),
    },
    limits,
  });
  if (!applied.ok) throw asProblem(applied.problems);
  await recordVersionStart(stores.installation, { at: clock.now(), version });
  logConfigProblems(log, [...parsed.warnings, ...applied.warnings]);
  const managed = {
    managedPages: new Map([...applied.managed].map(([app, { patterns }]) => [app, [...patterns]])),
    managedKinds: new Map([...applied.managed].map(([app, { kinds }]) => [app, [...kinds]])),
  };
  if (config.console.isOn) await ensureConsoleApp({ stores, vault, clock, limits });
  if (file !== undefined) return { ...managed, keyFile: undefined };
  let keyFile: FirstKeyFile | undefined;
  await createFirstStart({
    stores,
    vault,
    clock,
    limits,
    keepKey: async (key) => {
      keyFile = await keepFirstKey(config.dataDir, key);
    },
  });
  return { ...managed, keyFile: keyFile ?? (await findFirstKey(config.dataDir, firstApp)) };
}

async function readProvisionFile(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    const reason = error instanceof Error ? error.message : 'it cannot be read';
    throw new StartProblem([{ variable: 'PROVISION_FILE', reason }]);
  }
}

function asProblem(problems: readonly { path: string; reason: string }[]): StartProblem {
  return new StartProblem(problems.map(({ path, reason }) => ({ variable: `PROVISION_FILE ${path}`, reason })));
}
