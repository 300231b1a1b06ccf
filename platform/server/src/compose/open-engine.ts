// The one switch between engines. The engines alone name drivers.

import type { Config } from '../config/config.ts';
import { openClusterEngine } from './cluster-engine.ts';
import { openEmbeddedEngine } from './embedded-engine.ts';
import type { Engine, EngineDeps } from './engine.ts';

/**
 * Throws StartProblem for what the operator has to mend: data of a newer version, a data file in use, a server
 * that does not answer.
 */
export async function openEngine(config: Config, deps: EngineDeps): Promise<Engine> {
  const { cluster } = config;
  if (cluster === undefined) return await openEmbeddedEngine(config, deps);
  return await openClusterEngine(config, { ...deps, cluster });
}
