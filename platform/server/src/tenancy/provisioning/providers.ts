// The notification providers that a provision file names: checked by the plugin host, which also seals and
// stores them.
import type { PushQuota } from '@belfry/protocol';
import type { AppId } from '../../ports/app-id.ts';
import { provisioningPath, type ProvisioningProblem } from './parse.ts';
import type { PlannedProvider } from './schema.ts';

/** Paths begin inside the configuration. */
type HostProblems = readonly { path: readonly PropertyKey[]; reason: string }[];

/** The needed part of the plugin host, which must have been started. */
export interface ProviderHost {
  list(): readonly { id: string; kind: string | undefined; state: 'on' | 'off'; reason?: string }[];
  /** The fault of a configuration in the eyes of its plugin, without any effect. */
  checkConfig(input: { plugin: string; config: Record<string, unknown> }): HostProblems;
  /** Seals the secrets and stores it; changes nothing when it is there already. */
  configure(app: AppId, input: NewProvider): Promise<{ ok: true } | { ok: false; problems: HostProblems }>;
}

interface NewProvider {
  id: string;
  plugin: string;
  config: Record<string, unknown>;
  enabled: boolean;
  managed: true;
  quota?: PushQuota;
}

interface Place {
  app: AppId;
  planned: { providers: readonly PlannedProvider[] };
  path: readonly PropertyKey[];
}

/** One provider of the file that can be configured. */
export interface UsableProvider {
  app: AppId;
  provider: PlannedProvider;
  path: readonly PropertyKey[];
}

export interface CheckedProviders {
  usable: UsableProvider[];
  problems: ProvisioningProblem[];
  warnings: ProvisioningProblem[];
}

/**
 * A plugin that is not there is a mistake of the file; one that is there and broken is not, and may not keep
 * the rest from running.
 */
export function checkProviders(
  places: readonly Place[],
  host: Pick<ProviderHost, 'list' | 'checkConfig'>,
): CheckedProviders {
  const checked: CheckedProviders = { usable: [], problems: [], warnings: [] };
  const plugins = new Map(
    host
      .list()
      .filter(({ kind }) => kind !== 'message-type')
      .map((plugin) => [plugin.id, plugin]),
  );
  for (const { app, planned, path: outer } of places) {
    for (const [index, provider] of planned.providers.entries()) {
      const path = [...outer, 'providers', index];
      const plugin = plugins.get(provider.plugin);
      const at = provisioningPath([...path, 'plugin']);
      if (plugin === undefined) {
        checked.problems.push({ path: at, reason: `there is no notification provider ${provider.plugin}` });
      } else if (plugin.state === 'off') {
        checked.warnings.push({
          path: at,
          reason: `the plugin ${plugin.id} is off: ${plugin.reason ?? 'no reason given'}`,
        });
      } else {
        checked.problems.push(...withPath(path, host.checkConfig(provider)));
        checked.usable.push({ app, provider, path });
      }
    }
  }
  return checked;
}

export async function putProvider(
  { app, provider, path }: UsableProvider,
  host: Pick<ProviderHost, 'configure'>,
): Promise<ProvisioningProblem[]> {
  const { id, plugin, config, enabled, quota } = provider;
  const configured = await host.configure(app, {
    ...{ id, plugin, config, enabled, managed: true as const },
    ...(quota === undefined ? {} : { quota }),
  });
  return configured.ok ? [] : withPath(path, configured.problems);
}

function withPath(path: readonly PropertyKey[], problems: HostProblems): ProvisioningProblem[] {
  return problems.map((problem) => ({
    path: provisioningPath([...path, 'config', ...problem.path]),
    reason: problem.reason,
  }));
}
