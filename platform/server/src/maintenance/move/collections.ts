// The collections of a move in their order, and how much of one is held in memory at once.

import { archived, type ArchivedCollection, type ArchiveName } from '../../ports/archive.ts';

export const collectionNames = Object.keys(archived) as readonly ArchiveName[];

/** Records of one part, where its collection says nothing else. */
const perPart = 500;

export function limitOf(name: ArchiveName): number {
  const { perPart: own = perPart }: ArchivedCollection = archived[name];
  return own;
}

export interface MoveProgress {
  state: 'copying' | 'comparing';
  collection: ArchiveName;
  /** Of all collections together, in this state. */
  done: number;
  /** About; not less than `done`. */
  total: number;
}
