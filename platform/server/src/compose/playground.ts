// Puts the playground together where the configuration has one. What its page may ask for is http/playground.

import { join } from 'node:path';
import type { Config } from '../config/config.ts';
import { createClientAddress } from '../http/client-address.ts';
import type { PlaygroundServices } from '../http/doors/playground/calls.ts';
import { createPlayground, type Playground } from '../http/doors/playground/playground.ts';
import { createShownPushes } from '../http/doors/playground/shown-pushes.ts';
import type { Clock } from '../ports/clock.ts';
import type { Log } from '../ports/log.ts';
import { watchLog } from '../telemetry/watch-log.ts';

export interface PlaygroundParts {
  /** The log that everything is to write to: pushes are read from it. */
  log: Log;
  /** Undefined where there is no playground. */
  serve: (services: Omit<PlaygroundServices, 'pushes'>) => Playground | undefined;
}

const builtPage = join(import.meta.dirname, '../../../playground/dist');

export function composePlayground({ config, log, clock }: { config: Config; log: Log; clock: Clock }): PlaygroundParts {
  const { playground: reach, publicUrl, limits } = config;
  if (reach === 'off') return { log, serve: () => undefined };
  const pushes = createShownPushes(clock);
  return {
    log: watchLog(log, (msg, fields) => pushes.record(msg, fields)),
    serve: (services) =>
      createPlayground({
        services: { ...services, pushes },
        reach,
        publicUrl,
        clientAddress: createClientAddress(config.trustProxy),
        dir: builtPage,
        limits,
      }),
  };
}
