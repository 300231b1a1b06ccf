// Which program each contender is. Belfry, which needs a setting, has a file of its own.
import { join } from 'node:path';
import { startBelfry } from './belfry.ts';
import type { ContenderName, RunningServer, StartOptions } from './contender.ts';
import { launch } from './launch.ts';

export function startContender(name: ContenderName, options: StartOptions): Promise<RunningServer> {
  if (name === 'belfry') return startBelfry(options);
  const program = name === 'ws' ? 'ws-server.ts' : 'socket-io-server.ts';
  return launch(name, [join(import.meta.dirname, 'programs', program)], options);
}
