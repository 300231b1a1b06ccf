// The program of each contender. Belfry, which needs a setting, has a file of its own.
import { join } from 'node:path';
import { startBelfry } from './belfry.ts';
import type { ContenderName, RunningServer, StartOptions } from './contender.ts';
import { launch } from './launch.ts';

export function startContender(name: ContenderName, options: StartOptions): Promise<RunningServer> {
  if (name === 'belfry') return startBelfry(options);
  const { engines } = options;
  if (engines === undefined) return launch(name, [join(folder, programs[name])], options);
  if (name === 'ws') throw new Error('ws has no program for several nodes');
  return launch(name, [join(folder, nodePrograms[name]), engines.redisUrl, engines.mongodbUrl], options);
}

const folder = join(import.meta.dirname, 'programs');
const nodePrograms = { 'ws, stored': 'ws-stored-node.ts', 'socket.io': 'socket-io-node.ts' };
const programs = { ws: 'ws-server.ts', 'ws, stored': 'ws-stored-server.ts', 'socket.io': 'socket-io-server.ts' };
