// `belfry provision --check FILE`: reports everything that is wrong with a provision file, as a start with it
// would. Applies nothing.
import { loadProcessConfig } from '../config/environment.ts';
import { problemList } from '../telemetry/config-problems.ts';
import { checkPlan } from '../tenancy/provisioning/apply.ts';
import { exitCodes } from './exit-codes.ts';
import { readPlan } from './read-plan.ts';
import type { Surroundings } from './surroundings.ts';

export async function checkProvisioning(file: string, { parts, out, err }: Surroundings): Promise<number> {
  const parsed = await readPlan(file);
  if (!parsed.ok) {
    err(problemList(`${file} has problems:`, parsed.problems));
    return exitCodes.configuration;
  }
  // The providers' configurations are validated by their plugins, whose folder the environment names, if it
  // is in order.
  const loaded = loadProcessConfig();
  const { pluginsDir, outboundAllow = [] } = loaded.ok ? loaded.config : {};
  const plugins = await parts.loadPlugins({ pluginsDir, outboundAllow });
  const { problems, warnings } = await checkPlan(parsed.plan, plugins);
  await plugins.stop();
  const remarks = [...parsed.warnings, ...warnings];
  if (remarks.length > 0) err(problemList('Worth knowing:', remarks));
  if (problems.length > 0) {
    err(problemList(`${file} has problems:`, problems));
    return exitCodes.configuration;
  }
  const apps = parsed.plan.tenants.flatMap((tenant) => tenant.apps);
  out(`${file} is in order: ${count(parsed.plan.tenants, 'tenant')}, ${count(apps, 'app')}`);
  return exitCodes.done;
}

function count({ length }: readonly unknown[], thing: string): string {
  return `${length} ${thing}${length === 1 ? '' : 's'}`;
}
