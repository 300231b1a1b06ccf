// `belfry start`: reads the configuration and runs the server until it is told to stop. The server itself is
// main.ts, one folder up.
import { loadProcessConfig } from '../config/environment.ts';
import { logConfigProblems } from '../telemetry/config-problems.ts';
import { createLog } from '../telemetry/log.ts';
import { exitCodes } from './exit-codes.ts';
import { configProblemList, type Surroundings } from './surroundings.ts';

export interface StartOptions {
  port?: string;
  host?: string;
  dataDir?: string;
  provisionFile?: string;
}

export async function start(options: StartOptions, { parts, err }: Surroundings): Promise<number> {
  const loaded = loadProcessConfig(overrides(options));
  if (!loaded.ok) {
    // Programs read the log, people the list; on a terminal they are one and the same.
    if (loaded.log.format === 'json') logConfigProblems(createLog(loaded.log), loaded.problems);
    err(configProblemList(loaded.problems));
    return exitCodes.configuration;
  }
  if (loaded.warnings.length > 0) logConfigProblems(createLog(loaded.config.log), loaded.warnings);
  return parts.runServer(loaded.config);
}

function overrides({ port, host, dataDir, provisionFile }: StartOptions): Record<string, string> {
  return Object.fromEntries(
    Object.entries({ PORT: port, HOST: host, DATA_DIR: dataDir, PROVISION_FILE: provisionFile }).flatMap(
      ([name, value]) => (value === undefined ? [] : [[name, value]]),
    ),
  );
}
