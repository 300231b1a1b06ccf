// Whether the provision file is in order, as `belfry provision --check` validates it.
import { checkPlan } from '../../tenancy/provisioning/apply.ts';
import type { LoadedPlugins } from '../../compose/parts.ts';
import { readPlan } from '../read-plan.ts';
import type { Check } from './check.ts';

export async function checkProvisionFile(file: string | undefined, plugins: LoadedPlugins): Promise<Check[]> {
  const name = 'provision file';
  if (file === undefined) return [{ name, state: 'ok', detail: 'none is set' }];
  const parsed = await readPlan(file);
  const validated = parsed.ok ? await checkPlan(parsed.plan, plugins) : { problems: parsed.problems, warnings: [] };
  const problems = validated.problems.map(({ path, reason }): Check => {
    return { name, state: 'problem', detail: `${path} ${reason}`, advice: `mend ${file}` };
  });
  const warnings = [...(parsed.ok ? parsed.warnings : []), ...validated.warnings].map(({ path, reason }): Check => {
    return { name, state: 'warning', detail: `${path} ${reason}` };
  });
  if (problems.length > 0) return [...problems, ...warnings];
  return [{ name, state: 'ok', detail: `${file} is in order` }, ...warnings];
}
