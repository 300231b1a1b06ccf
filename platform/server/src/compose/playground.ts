// Puts the playground together where the configuration has one. The calls of its page are in
// http/doors/playground.

import { join } from 'node:path';
import type { Config } from '../config/config.ts';
import { createPlayground, type Playground, type PlaygroundDeps } from '../http/doors/playground/playground.ts';
import { createShownPushes } from '../http/doors/playground/shown-pushes.ts';
import type { Surroundings } from '../ports/surroundings.ts';
import { watchLog } from '../telemetry/watch-log.ts';

type Served = Omit<PlaygroundDeps, 'services' | 'dir'> & {
  services: Omit<PlaygroundDeps['services'], 'pushes'>;
};

export interface PlaygroundParts {
  /** The log that everything is to write to: pushes are read from it. */
  log: Surroundings['log'];
  /** Undefined where there is no playground. */
  serve: (deps: Served) => Playground | undefined;
}

const builtPage = join(import.meta.dirname, '../../../playground/dist');

export function composePlayground(
  isOn: Config['playground'],
  { log, clock }: Omit<Surroundings, 'metrics'>,
): PlaygroundParts {
  if (!isOn) return { log, serve: () => undefined };
  const pushes = createShownPushes(clock);
  return {
    log: watchLog(log, (msg, fields) => pushes.record(msg, fields)),
    serve: (deps) => createPlayground({ ...deps, services: { ...deps.services, pushes }, dir: builtPage }),
  };
}
