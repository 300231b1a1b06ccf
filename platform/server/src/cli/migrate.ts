// `belfry migrate`: moves data to another engine (move.ts), or makes the indexes that the store of a cluster
// lacks and says what is in the way of the others. How they are made is the driver's.
import { describeFailure } from '../compose/data-failure.ts';
import { exitCodes } from './exit-codes.ts';
import { move } from './move.ts';
import { readConfig, type Surroundings } from './surroundings.ts';

export interface MigrateOptions {
  indexes?: boolean;
  from?: string;
  to?: string;
  leaveJobs?: boolean;
}

export async function migrate(options: MigrateOptions, surroundings: Surroundings): Promise<number> {
  const { indexes = false, from, to, leaveJobs } = options;
  const { out, err, parts } = surroundings;
  if (from !== undefined && to !== undefined && !indexes) return await move({ from, to, leaveJobs }, surroundings);
  if (!indexes || from !== undefined || to !== undefined) {
    err('either --from and --to, which move all data, or --indexes, which makes the indexes that are missing');
    return exitCodes.configuration;
  }
  const config = readConfig(surroundings);
  if (config === undefined) return exitCodes.configuration;
  if (config.cluster === undefined) {
    err('MONGODB_URL is not set: a data file has its indexes from the start on, and needs no command for it');
    return exitCodes.configuration;
  }
  try {
    const { made, blocked } = await parts.makeIndexes(config.cluster.mongodbUrl, (index) => out(`making ${index} ...`));
    for (const { index, reason } of blocked) err(`${index} was not made: ${reason}`);
    if (blocked.length === 0)
      out(made.length === 0 ? 'No index is missing.' : `All indexes are there, ${made.length} new.`);
    return blocked.length === 0 ? exitCodes.done : exitCodes.configuration;
  } catch (error) {
    // A database that is not there, or that this user may not change: the operator's to mend.
    err(await describeFailure(error));
    return exitCodes.configuration;
  }
}
