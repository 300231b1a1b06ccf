// Belfry as a user starts it: its command, the embedded engine with its defaults, one provisioned app. What that app is, setting.ts says.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { environmentOf, provisionText } from '../setting.ts';
import type { RunningServer, StartOptions } from './contender.ts';
import { launch } from './launch.ts';

const main = join(import.meta.dirname, '../../../server/src/cli/main.ts');

/** The data folder may hold a file that was made before. */
export function startBelfry(options: StartOptions): Promise<RunningServer> {
  const provisionFile = join(options.folder, 'provision.json');
  mkdirSync(dataDirOf(options.folder), { recursive: true });
  writeFileSync(provisionFile, provisionText());
  const env = { ...environmentOf({ dataDir: dataDirOf(options.folder), provisionFile }), ...options.env };
  return launch('belfry', [main, 'start'], { ...options, env });
}

export function dataDirOf(folder: string): string {
  return join(folder, 'data');
}
