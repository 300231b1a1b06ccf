// Whether each provider of the provision file works, and the one of apps that have none, as its service says: nothing
// is sent to anybody. The form of a configuration is the provision file's check.
import type { LoadedPlugins } from '../../compose/parts.ts';
import { readPlan } from '../read-plan.ts';
import type { Check } from './check.ts';

/** Has no service. */
const plain = 'logging';

/** Of a file that has problems of its own none is checked: those are said by its check. */
export async function checkProviders(
  file: string | undefined,
  ofAll: { plugin: string; config: Record<string, unknown> },
  plugins: Pick<LoadedPlugins, 'checkProvider'>,
): Promise<Check[]> {
  const checks: Check[] = [];
  const check = async (given: Parameters<LoadedPlugins['checkProvider']>[0], who: string): Promise<void> => {
    const { ok, detail } = await plugins.checkProvider(given);
    const said = { name: 'provider', detail: detail === undefined ? who : `${who}: ${detail}` };
    // A server starts without it, and a service may be away.
    const advice = 'see docs/providers for what it needs';
    checks.push(ok ? { ...said, state: 'ok' } : { ...said, state: 'warning', advice });
  };
  if (ofAll.plugin !== plain) await check({ id: 'default', ...ofAll }, `${ofAll.plugin} of apps without providers`);
  const parsed = file === undefined ? undefined : await readPlan(file);
  // One after the other: services count calls.
  const apps = parsed?.ok === true ? parsed.plan.tenants.flatMap((tenant) => tenant.apps) : [];
  for (const { key: app, providers } of apps) {
    for (const { id, plugin, enabled, config } of providers) {
      if (!enabled) continue;
      await check({ id: `${app}.${id}`.slice(0, 64), plugin, config }, `${id} (${plugin}) of ${app}`);
    }
  }
  return checks;
}
