// Opens both ends of a move between engines, each by the driver of what it is, and moves.

import { join } from 'node:path';
import { createSystemClock } from '../drivers/clock.ts';
import { MongoArchive } from '../drivers/stores/mongo/archive/mongo-archive.ts';
import { SqliteArchive } from '../drivers/stores/sqlite/archive/sqlite-archive.ts';
import { moveArchive, type Moved, type MoveRequest } from '../maintenance/move/move.ts';
import type { Archive } from '../ports/archive.ts';
import { silentLog } from '../ports/log.ts';

export type { Moved };

/** A data folder, or a database. */
export type MovePlace = { dataDir: string } | { mongodbUrl: string };

export interface MoveData extends Pick<MoveRequest, 'leaveJobs' | 'onProgress'> {
  from: MovePlace;
  to: MovePlace;
}

/** Rejects with an Error whose message is for the operator. */
export async function moveData({ from, to, ...options }: MoveData): Promise<Moved> {
  const clock = createSystemClock();
  await using ends = new AsyncDisposableStack();
  const source = ends.adopt(await open(from, { isSource: true }), (archive) => archive.close());
  const target = ends.adopt(await open(to, { isSource: false }), (archive) => archive.close());
  return await moveArchive({ source, target, now: () => clock.now(), ...options });

  async function open(place: MovePlace, side: { isSource: boolean }): Promise<Archive> {
    if ('dataDir' in place) return SqliteArchive.open(join(place.dataDir, 'belfry.db'), side);
    return await MongoArchive.open({ address: { url: place.mongodbUrl }, clock, log: silentLog }, side);
  }
}
