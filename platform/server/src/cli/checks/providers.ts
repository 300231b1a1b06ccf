// Whether each provider of the provision file works, as its service says: nothing is sent to anybody. The form of
// a configuration is the provision file's check.
import type { LoadedPlugins } from '../../compose/parts.ts';
import { readPlan } from '../read-plan.ts';
import type { Check } from './check.ts';

/** None, where the file has problems of its own: those are said by its check. */
export async function checkProviders(
  file: string | undefined,
  plugins: Pick<LoadedPlugins, 'checkProvider'>,
): Promise<Check[]> {
  const name = 'provider';
  const parsed = file === undefined ? undefined : await readPlan(file);
  if (parsed?.ok !== true) return [];
  const checks: Check[] = [];
  // One after the other: services count calls.
  const apps = parsed.plan.tenants.flatMap((tenant) => tenant.apps);
  for (const { key: app, providers } of apps) {
    for (const { id, plugin, enabled, config } of providers) {
      if (!enabled) continue;
      const { ok, detail } = await plugins.checkProvider({ id: `${app}.${id}`.slice(0, 64), plugin, config });
      const said = `${id} (${plugin}) of ${app}${detail === undefined ? '' : `: ${detail}`}`;
      if (ok) checks.push({ name, state: 'ok', detail: said });
      // A server starts without it, and a service may be away.
      else checks.push({ name, state: 'warning', detail: said, advice: 'see docs/providers for what it needs' });
    }
  }
  return checks;
}
