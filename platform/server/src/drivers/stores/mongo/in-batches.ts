// Many repeatable writes as few, until all are done. Not for writes whose key may rightly be taken.

import { BelfryError } from '@belfry/protocol';
import type { mongo } from 'mongoose';
import { partsOf } from '../../../concurrency/parts-of.ts';
import type { Collection } from './collection.ts';

/** Writes of one command: it holds up no other for long. */
export const maxPerBatch = 500;
/** An upsert that met another one finds its document the next time. */
const tries = 5;

export async function inBatches<T extends object>(
  collection: Collection<T>,
  operations: readonly mongo.AnyBulkWriteOperation<T>[],
): Promise<void> {
  for (const part of partsOf(operations, maxPerBatch)) {
    let left = part;
    for (let tried = 0; left.length > 0; tried += 1) {
      if (tried === tries) throw new BelfryError('unavailable', { cause: new Error('keys stay taken') });
      const { taken } = await collection.batch(left);
      left = taken.flatMap((at) => left.slice(at, at + 1));
    }
  }
}
