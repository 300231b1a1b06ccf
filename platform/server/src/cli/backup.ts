// `belfry backup` and `belfry restore`: a copy of the data file beside a running server, and a copy in its place. What happens to the file is the driver's.
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { describeFailure } from '../compose/data-failure.ts';
import { exitCodes } from './exit-codes.ts';
import { readConfig, type Surroundings } from './surroundings.ts';

export async function backup(target: string, surroundings: Surroundings): Promise<number> {
  const { out, parts } = surroundings;
  const config = readConfig(surroundings);
  if (config === undefined) return exitCodes.configuration;
  if (config.cluster !== undefined) {
    surroundings.err('the data is in MongoDB: back it up with mongodump, or a snapshot of its servers');
    return exitCodes.configuration;
  }
  return await telling(surroundings, async () => {
    const { bytes } = await parts.backUp(config.dataDir, target);
    out(`${target} holds the data as of now, ${bytes} bytes.`);
    const secret = config.secret === undefined ? `${join(config.dataDir, 'secret')} and ` : '';
    out(`Beside it keep ${secret}the folder ${join(config.dataDir, 'uploads')}, copied after this.`);
  });
}

export async function restore(
  from: string | undefined,
  { inPlace = false }: { inPlace?: boolean },
  surroundings: Surroundings,
): Promise<number> {
  const { out, err, parts } = surroundings;
  const config = readConfig(surroundings);
  if (config === undefined) return exitCodes.configuration;
  if ((from === undefined) !== inPlace) {
    err('either a backup to restore is needed, or --in-place for data that was put back in another way');
    return exitCodes.configuration;
  }
  const { dataDir, cluster } = config;
  if (cluster !== undefined && from !== undefined) {
    err('the data is in MongoDB: restore it with mongorestore while no node runs, then run belfry restore --in-place');
    return exitCodes.configuration;
  }
  return await telling(surroundings, async () => {
    if (from === undefined) {
      await parts.raiseEpochs(config);
      const place = cluster === undefined ? dataDir : 'the database that MONGODB_URL names';
      out(`The epochs of all streams in ${place} were raised.`);
    } else {
      const { movedAside } = await parts.restore(dataDir, await backupIn(from));
      out(`${from} is the data of ${dataDir} now, with the epochs of all streams raised.`);
      if (movedAside.length > 0) out(`What was there before: ${movedAside.join(', ')}. Delete it when all is well.`);
    }
    out('Clients that know more than this data are told of a gap, and read anew. `belfry doctor` looks at the rest.');
  });
}

/** A folder with a backup, as an installation's own folder is one. */
async function backupIn(path: string): Promise<string> {
  const isFolder = await stat(path).then(
    (found) => found.isDirectory(),
    () => false,
  );
  return isFolder ? join(path, 'belfry.db') : path;
}

async function telling({ err }: Surroundings, run: () => Promise<void>): Promise<number> {
  try {
    await run();
    return exitCodes.done;
  } catch (error) {
    // Disks, files and locks: all of it is the operator's to mend.
    err(await describeFailure(error));
    return exitCodes.configuration;
  }
}
