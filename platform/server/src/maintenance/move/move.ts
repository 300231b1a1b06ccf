// Moves an installation from one engine to another: copies every record in parts, marks how far it has got,
// compares both at the end. What the records are: ports/archive.ts. Not what is said about it: cli/move.ts.

import type { Archive, ArchiveName, MoveMark } from '../../ports/archive.ts';
import { collectionNames, limitOf, type MoveProgress } from './collections.ts';
import { compareArchives, type Difference } from './compare.ts';

/** Why nothing is moved, for people. */
class MoveRefusal extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'MoveRefusal';
  }
}

export interface MoveRequest {
  source: Archive;
  target: Archive;
  now: () => number;
  /** Jobs that wait are given up. */
  leaveJobs?: boolean;
  onProgress?: (progress: MoveProgress) => void;
}

export interface Moved {
  /** `before`: an earlier run had done it. */
  outcome: 'moved' | 'before' | 'different';
  counts: MoveMark['counts'];
  /** The first that were found. */
  differences: readonly Difference[];
}

/** Goes on where an earlier run was cut off. Rejects with `MoveRefusal`, and has changed nothing then. */
export async function moveArchive(request: MoveRequest): Promise<Moved> {
  const { target } = request;
  let mark = await begin(request);
  if (mark.state === 'done') return { outcome: 'before', counts: mark.counts, differences: [] };
  if (mark.state === 'copying') mark = await copyAll(request, mark);
  const differences = await compareArchives(request, collectionNames);
  if (differences.length > 0) {
    // The next run copies nothing again: what is different is what one of the two was changed by.
    return { outcome: 'different', counts: mark.counts, differences };
  }
  await target.putMark({ ...mark, state: 'done' });
  return { outcome: 'moved', counts: mark.counts, differences };
}

async function begin({ source, target, leaveJobs = false }: MoveRequest): Promise<MoveMark> {
  const identity = await source.identity();
  if (identity === undefined) throw new MoveRefusal('there is nothing to move: no server has run on the source yet');
  const ofSource = await source.mark();
  if (ofSource !== undefined && ofSource.state !== 'done') {
    throw new MoveRefusal('the source is half of another move itself: finish that one first');
  }
  const mark = await target.mark();
  if (mark !== undefined) {
    if (mark.source === identity) return mark;
    throw new MoveRefusal('the target holds the move of another installation');
  }
  if (!(await target.isEmpty())) {
    throw new MoveRefusal('the target is not empty: choose another, or empty it if nobody needs what is in it');
  }
  const jobs = await source.waitingJobs();
  if (jobs !== undefined && jobs > 0 && !leaveJobs) {
    throw new MoveRefusal(
      `${jobs} jobs (pushes, erasures) wait in the source, and jobs do not move: start the server until ` +
        'belfry_queue_jobs is 0, or give them up with --leave-jobs',
    );
  }
  return { source: identity, state: 'copying', parts: 0, counts: {} };
}

async function copyAll(request: MoveRequest, begun: MoveMark): Promise<MoveMark> {
  const { source, target, onProgress } = request;
  let total = 0;
  for (const name of collectionNames) total += await source.count(name);
  let mark = begun;
  const from = mark.collection === undefined ? 0 : collectionNames.indexOf(mark.collection);
  const atMs = request.now();
  for (const name of collectionNames.slice(Math.max(0, from))) {
    let after = name === mark.collection ? mark.after : undefined;
    do {
      const { records, next } = await source.read(name, { after, limit: limitOf(name), order: 'arrival', atMs });
      mark = {
        ...mark,
        ...{ collection: name, after: next, parts: mark.parts + 1 },
        counts: { ...mark.counts, [name]: (mark.counts[name] ?? 0) + records.length },
      };
      // Where a collection has ended, the next one has begun: a run that goes on must not begin it anew.
      await target.write(name, records, next === undefined ? atEndOf(mark, name) : mark);
      after = next;
      const done = doneOf(mark);
      onProgress?.({ state: 'copying', collection: name, done, total: Math.max(total, done) });
    } while (after !== undefined);
  }
  const copied: MoveMark = { ...mark, state: 'comparing', collection: undefined, after: undefined };
  await target.putMark(copied);
  return copied;
}

function atEndOf(mark: MoveMark, name: ArchiveName): MoveMark {
  const following = collectionNames[collectionNames.indexOf(name) + 1];
  return following === undefined
    ? { ...mark, state: 'comparing', collection: undefined, after: undefined }
    : { ...mark, collection: following, after: undefined };
}

function doneOf({ counts }: MoveMark): number {
  return Object.values(counts).reduce((sum, count) => sum + count, 0);
}
