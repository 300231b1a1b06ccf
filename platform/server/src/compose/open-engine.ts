// The one switch between engines. The engines alone name drivers.

import type { Config } from '../config/config.ts';
import { moveFactName, type MoveMark } from '../ports/archive.ts';
import { openClusterEngine } from './cluster-engine.ts';
import { openEmbeddedEngine } from './embedded-engine.ts';
import type { Engine, EngineDeps } from './engine.ts';
import { StartProblem } from './start-problem.ts';

/**
 * Throws StartProblem for what the operator has to mend: data of a newer version, a data file in use, a server
 * that does not answer.
 */
export async function openEngine(config: Config, deps: EngineDeps): Promise<Engine> {
  const { cluster } = config;
  const engine =
    cluster === undefined
      ? await openEmbeddedEngine(config, deps)
      : await openClusterEngine(config, { ...deps, cluster });
  try {
    await refuseHalf(engine, cluster === undefined ? 'DATA_DIR' : 'MONGODB_URL');
    return engine;
  } catch (error) {
    await engine.close();
    throw engine.explain(error);
  }
}

/** Clients would be told of logs that end where the move was cut off. */
async function refuseHalf({ stores }: Engine, variable: string): Promise<void> {
  const text = await stores.installation.get(moveFactName);
  if (text === undefined || (JSON.parse(text) as MoveMark).state === 'done') return;
  const reason = 'it holds a part of a move: finish it with the same `belfry migrate --from ... --to ...`';
  throw new StartProblem([{ variable, reason }]);
}
