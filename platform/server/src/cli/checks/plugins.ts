// Whether the plugins load, and the one that NOTIFICATION_PROVIDER names is among them.
import type { FoundPlugin } from '../../compose/parts.ts';
import type { Check } from './check.ts';

export function checkPlugins(plugins: readonly FoundPlugin[], notificationProvider: string): Check[] {
  const name = 'plugins';
  const checks = plugins
    .filter(({ state }) => state === 'off')
    .map(({ id, dir, reason }): Check => {
      const advice = 'mend or remove the folder; the server starts without it';
      return { name, state: 'warning', detail: `${id} is off: ${reason ?? 'no reason given'} (${dir})`, advice };
    });
  const provider = plugins.find(({ id, kind }) => id === notificationProvider && kind !== 'message-type');
  if (provider === undefined) {
    const detail = `there is no notification provider ${notificationProvider}`;
    checks.push({
      name,
      state: 'problem',
      detail,
      advice: 'set NOTIFICATION_PROVIDER, or add its folder to PLUGINS_DIR',
    });
  }
  const on = plugins.filter(({ state }) => state === 'on').map(({ id }) => id);
  return [
    { name, state: 'ok', detail: `${on.length} are on${on.length === 0 ? '' : `: ${on.join(', ')}`}` },
    ...checks,
  ];
}
