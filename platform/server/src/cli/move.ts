// `belfry migrate --from PLACE --to PLACE`: moves an installation between a data folder and MongoDB, and says
// what does not move with it. How it is moved is maintenance/move.
import { resolve } from 'node:path';
import { describeFailure } from '../compose/data-failure.ts';
import type { MoveData, Moved, MovePlace } from '../compose/move-data.ts';
import { exitCodes } from './exit-codes.ts';
import { Progress } from './progress.ts';
import type { Surroundings } from './surroundings.ts';

export interface MoveOptions {
  from: string;
  to: string;
  leaveJobs?: boolean | undefined;
}

export async function move({ from, to, leaveJobs = false }: MoveOptions, surroundings: Surroundings): Promise<number> {
  const { out, err, parts } = surroundings;
  const places = { from: placeOf(from), to: placeOf(to) };
  if ('dataDir' in places.from === 'dataDir' in places.to) {
    err('one of --from and --to has to be a data folder, and the other a mongodb:// address');
    return exitCodes.configuration;
  }
  const progress = new Progress(surroundings);
  let moving: string | undefined;
  const request: MoveData = {
    ...places,
    leaveJobs,
    onProgress: ({ state, collection, done, total }) => {
      moving = `${state} ${collection}`;
      progress.show({ label: moving, done, total });
    },
  };
  try {
    const moved = await parts.moveData(request).finally(() => progress.end());
    report(moved, places, out);
    if (moved.outcome !== 'different') return exitCodes.done;
    reportDifferences(moved, err);
    return exitCodes.configuration;
  } catch (error) {
    // Disks, locks, servers and what is in them: all of it is the operator's to mend.
    err(await describeFailure(error));
    if (moving !== undefined) err('What was moved until now stays: the same command goes on with it.');
    return exitCodes.configuration;
  }
}

function placeOf(text: string): MovePlace {
  return /^mongodb(?:\+srv)?:\/\//.test(text) ? { mongodbUrl: text } : { dataDir: resolve(text) };
}

function report(
  { outcome, counts }: Moved,
  { from, to }: Pick<MoveData, 'from' | 'to'>,
  out: Surroundings['out'],
): void {
  for (const [name, count] of Object.entries(counts)) if (count > 0) out(`${String(count).padStart(10)}  ${name}`);
  if (outcome === 'different') return;
  const same = 'Every record is there, with the same count and checksum in every stream.';
  out(outcome === 'before' ? 'This move was finished before.' : same);
  const folder = 'dataDir' in from ? from.dataDir : 'dataDir' in to ? to.dataDir : '';
  out('Not moved:');
  if ('dataDir' in from) {
    out(`  the secret: set BELFRY_SECRET of every node to what is in ${folder}/secret, if you set none before`);
    out(`  files of uploads: they stay in ${folder}/uploads; give all nodes this folder as DATA_DIR, or use S3_BUCKET`);
  } else {
    out(`  the secret: set BELFRY_SECRET as before, or write it into ${folder}/secret (mode 0600)`);
    out(`  files of uploads: copy them into ${folder}/uploads, or set S3_BUCKET as before`);
    out('  jobs that wait in Redis: pushes and erasures that nodes had not done when they were stopped');
  }
  out('  who is connected, and counts of rates: they begin anew');
  out('Clients resume where they were: streams, seqs and epochs are the same. `belfry doctor` looks at the rest.');
}

function reportDifferences({ differences }: Moved, err: Surroundings['err']): void {
  err('The two are not the same. Something wrote to one of them during the move:');
  for (const { collection, group, source, target } of differences) {
    const said = (sum: typeof source): string => (sum === undefined ? 'nothing' : `${sum.count} records`);
    const where = group === '' ? collection : `${collection} of ${group.replaceAll('\u0000', ' ')}`;
    const isCount = source?.count !== target?.count;
    err(
      `  ${where}: ${said(source)} in the source, ${said(target)} in the target${isCount ? '' : ', of other content'}`,
    );
  }
  err('Stop every server on both, empty the target, and move again.');
}
