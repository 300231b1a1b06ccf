// The log that a provider is given: the server's, with app and provider on every line and no secret in any.
// Not the server's own lines.
import type { PluginLog } from '@belfry/plugin-kit';
import type { Log } from '../ports/log.ts';
import type { Realm } from './realm.ts';
import type { Redactor } from './redactor.ts';

/**
 * Operators count on exactly one line `push` a call, which the worker writes. So what a plugin logs under
 * that name while it sends is not a line of its own: its fields (title, body and data, of the provider that
 * logs) join the worker's.
 */
const joinedLine = 'push';

export function createPluginLog(log: Log, { realm, redactor }: { realm: Realm; redactor: Redactor }): PluginLog {
  const write =
    (level: 'debug' | 'info' | 'warn' | 'error'): PluginLog['info'] =>
    (fields, msg) => {
      const clean = redactor.fields(fields);
      const said = realm.said();
      if (level === 'info' && msg === joinedLine && said !== undefined) Object.assign(said, clean);
      else log[level](redactor.text(msg), clean);
    };
  return { debug: write('debug'), info: write('info'), warn: write('warn'), error: write('error') };
}
