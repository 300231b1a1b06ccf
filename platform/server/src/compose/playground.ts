// Puts the playground together where the configuration has one. The calls of its page are in
// http/doors/playground.

import { join } from 'node:path';
import type { Config } from '../config/config.ts';
import { createPlayground, type Playground, type PlaygroundDeps } from '../http/doors/playground/playground.ts';
import { createShownPushes, type ShownPushes } from '../http/doors/playground/shown-pushes.ts';
import type { Surroundings } from '../ports/surroundings.ts';
import { watchLog } from '../telemetry/watch-log.ts';

type Served = Omit<PlaygroundDeps, 'services' | 'dir'> & {
  services: Omit<PlaygroundDeps['services'], 'pushes'>;
};

export interface PlaygroundParts {
  /** The log that everything is to write to: pushes are read from it. */
  log: Surroundings['log'];
  /** What pretend phones were shown: for the page, and for the console. */
  pushes: ShownPushes;
  /** Undefined where there is no such page. */
  serve: (deps: Served) => Playground | undefined;
}

const builtPage = join(import.meta.dirname, '../../../playground/dist');

export function composePlayground(
  { playground, console, role }: Pick<Config, 'playground' | 'console' | 'role'>,
  { log, clock }: Omit<Surroundings, 'metrics'>,
): PlaygroundParts {
  const pushes = createShownPushes(clock);
  const isPage = role !== 'worker' && playground;
  const isShown = role !== 'worker' && (playground || console.isOn);
  return {
    log: isShown ? watchLog(log, (msg, fields) => pushes.record(msg, fields)) : log,
    pushes,
    serve: (deps) =>
      isPage ? createPlayground({ ...deps, services: { ...deps.services, pushes }, dir: builtPage }) : undefined,
  };
}
