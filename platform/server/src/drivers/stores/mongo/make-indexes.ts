// Makes the indexes that are missing, for `belfry migrate --indexes`: before a start that refused to go
// without them, or while other nodes run. Not what a start does: prepare.ts.

import { mongo } from 'mongoose';
import type { Clock } from '../../../ports/clock.ts';
import { silentLog } from '../../../ports/log.ts';
import { MongoConnection, type MongoAddress } from './connection.ts';
import { declarations } from './create-mongo-stores.ts';
import { indexName } from './declaration.ts';
import { isDuplicateKey } from './failures.ts';
import { makeIndex, missingIndexes, type MissingIndex } from './prepare.ts';

export interface MadeIndexes {
  made: readonly string[];
  /** With what is in the way, and what to do about it. */
  blocked: readonly { index: string; reason: string }[];
}

/**
 * One after the other; each takes as long as its collection needs, and `onStart` is told before. Made again,
 * it makes what is left. Rejects with `MongoOpenError` where there is no database.
 */
export async function makeIndexes(
  address: MongoAddress,
  clock: Clock,
  onStart: (index: string) => void = () => undefined,
): Promise<MadeIndexes> {
  const connection = await MongoConnection.open({ address, clock, log: silentLog }, { isPatient: true });
  try {
    const made: string[] = [];
    const blocked: { index: string; reason: string }[] = [];
    for (const missing of await missingIndexes(connection, declarations)) {
      const index = `${missing.collection}.${indexName(missing.index)}`;
      onStart(index);
      try {
        await makeIndex(connection, missing);
        made.push(index);
      } catch (error) {
        const reason = hindranceOf(error, missing);
        if (reason === undefined) throw error;
        blocked.push({ index, reason });
      }
    }
    return { made, blocked };
  } finally {
    await connection.close();
  }
}

/** IndexOptionsConflict and IndexKeySpecsConflict. */
const conflictCodes = new Set<unknown>([85, 86]);

/** Undefined for what is no matter of this index. */
function hindranceOf(error: unknown, { collection, index }: MissingIndex): string | undefined {
  if (isDuplicateKey(error) && error instanceof mongo.MongoServerError) {
    return `documents have the same ${Object.keys(index.key).join(', ')}; remove all but one (${error.message})`;
  }
  if (error instanceof mongo.MongoServerError && conflictCodes.has(error.code)) {
    const name = indexName(index);
    return `an index of this name or key has other options; drop it: db.${collection}.dropIndex('${name}')`;
  }
  return undefined;
}
