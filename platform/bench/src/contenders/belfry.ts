// Belfry as a user starts it: its command, either engine with its defaults, one provisioned app
// (setting.ts).
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { clusterSecret, environmentOf, nodeLimits, provisionText } from '../setting.ts';
import type { RunningServer, StartOptions } from './contender.ts';
import { launch } from './launch.ts';

const cli = join(import.meta.dirname, '../../../server/src/cli');
/** Arguments of `node` in the first line of the command. */
const nodeFlags = (readFileSync(join(cli, 'belfry.mjs'), 'utf8').split('\n', 1)[0] ?? '').split(' ').slice(3);

/** The data folder may hold a file that was made before. */
export function startBelfry(options: StartOptions): Promise<RunningServer> {
  const provisionFile = join(options.folder, 'provision.json');
  mkdirSync(dataDirOf(options.folder), { recursive: true });
  writeFileSync(provisionFile, provisionText());
  const { engines } = options;
  const env = {
    ...environmentOf({ dataDir: dataDirOf(options.folder), provisionFile }),
    ...(engines === undefined
      ? {}
      : { REDIS_URL: engines.redisUrl, MONGODB_URL: engines.mongodbUrl, BELFRY_SECRET: clusterSecret, ...nodeLimits }),
    ...options.env,
  };
  return launch('belfry', [join(cli, 'main.ts'), 'start'], {
    ...options,
    nodeFlags: [...nodeFlags, ...(options.nodeFlags ?? [])],
    env,
  });
}

export function dataDirOf(folder: string): string {
  return join(folder, 'data');
}
