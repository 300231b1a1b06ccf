// The one switch between engines. The engines alone name drivers.

import type { Config } from '../config/config.ts';
import { openEmbeddedEngine } from './embedded-engine.ts';
import type { Engine, EngineDeps } from './engine.ts';
import { StartProblem } from './start-problem.ts';

/** Throws StartProblem for what the operator has to mend: data of a newer version, a data file in use. */
export async function openEngine(config: Config, deps: EngineDeps): Promise<Engine> {
  if (config.cluster === undefined) return await openEmbeddedEngine(config, deps);
  const reason = 'names a cluster, and this version has the embedded engine only; leave it and REDIS_URL out';
  throw new StartProblem([{ variable: 'MONGODB_URL', reason }]);
}
