// The program of each contender. Belfry, which needs a setting, has a file of its own.
import { join } from 'node:path';
import { startBelfry } from './belfry.ts';
import type { ContenderName, RunningServer, StartOptions } from './contender.ts';
import { launch } from './launch.ts';

export function startContender(name: ContenderName, options: StartOptions): Promise<RunningServer> {
  if (name === 'belfry') return startBelfry(options);
  return launch(name, [join(import.meta.dirname, 'programs', programs[name])], options);
}

const programs = { ws: 'ws-server.ts', 'ws, stored': 'ws-stored-server.ts', 'socket.io': 'socket-io-server.ts' };
