// Whether the variables are in order. Every problem is reported, a line each.
import type { LoadedConfig } from '../../config/load.ts';
import type { Check } from './check.ts';

export function checkConfiguration(loaded: LoadedConfig): Check[] {
  const name = 'configuration';
  if (!loaded.ok) {
    return loaded.problems.map(({ variable, reason }) => ({
      name,
      state: 'problem',
      detail: `${variable} ${reason}`,
      advice: 'docs/configuration.md lists every variable',
    }));
  }
  const warnings = loaded.warnings.map(({ variable, reason }): Check => {
    return { name, state: 'warning', detail: `${variable} ${reason}` };
  });
  return warnings.length > 0 ? warnings : [{ name, state: 'ok', detail: 'every variable is in order' }];
}
