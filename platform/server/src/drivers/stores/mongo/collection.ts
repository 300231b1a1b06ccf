// One declared collection, as stores read and write it: every call bounded, reads lean, keys that are taken told
// from failures. Not what is stored: each store's declaration.

import {
  trusted,
  type Model,
  type mongo,
  type QueryFilter,
  type UpdateQuery,
  type UpdateWithAggregationPipeline,
} from 'mongoose';
import type { MongoConnection } from './connection.ts';
import type { Declaration } from './declaration.ts';
import { duplicatesOf, isDuplicateKey } from './failures.ts';

export type Stored<T> = T & { _id: mongo.ObjectId };
/** Operators have to be `trusted({ $gt: 1 })`: what is not is compared as a value, whoever sent it. */
export type Filter<T> = QueryFilter<Stored<T>>;
export type Update<T> = UpdateQuery<T> | UpdateWithAggregationPipeline;

export interface ReadOptions<T> {
  sort?: Partial<Record<keyof Stored<T>, 1 | -1>>;
  limit?: number;
  /** So many of the first are left out. */
  skip?: number;
  /** The fields that are read; all where it is left out. */
  only?: readonly (keyof T & string)[];
  /** Fields that are not read. */
  without?: readonly (keyof T & string)[];
}

export interface Written {
  matched: number;
  modified: number;
  upserted: number;
}

export interface BatchOutcome extends Written {
  inserted: number;
  deleted: number;
  /** Places, in the batch, of operations whose key was taken. In an ordered batch none after the first was done. */
  taken: readonly number[];
}

/** An upsert that met another one finds its document. */
const upsertTries = 3;

export class Collection<T extends object> {
  readonly #connection: MongoConnection;
  readonly #model: Model<T>;

  constructor(connection: MongoConnection, { name, schema }: Declaration<T>) {
    this.#connection = connection;
    this.#model = connection.mongoose.model<T>(name, schema, name);
  }

  async find(filter: Filter<T>, options: ReadOptions<T> = {}): Promise<Stored<T>[]> {
    return this.#call(async () => {
      const query = this.#model.find(filter as QueryFilter<T>, projectionOf(options), { lean: true });
      if (options.sort !== undefined) query.sort(options.sort as Record<string, 1 | -1>);
      if (options.skip !== undefined) query.skip(options.skip);
      if (options.limit !== undefined) query.limit(options.limit);
      return (await query.exec()) as unknown as Stored<T>[];
    });
  }

  async findOne(filter: Filter<T>, options: ReadOptions<T> = {}): Promise<Stored<T> | undefined> {
    const [found] = await this.find(filter, { ...options, limit: 1 });
    return found;
  }

  /** At most `limit`. */
  count(filter: Filter<T>, limit?: number): Promise<number> {
    return this.#call(async () =>
      this.#model.countDocuments(filter as QueryFilter<T>, limit === undefined ? {} : { limit }).exec(),
    );
  }

  /** Of a field that is no list. */
  distinct(field: keyof T & string, filter: Filter<T>): Promise<string[]> {
    return this.#call(() => this.#model.distinct(field, filter as QueryFilter<T>).exec()) as Promise<string[]>;
  }

  /** Results of a group have no order of their own. Not sanitized: values come in as `$literal` or in `$match`. */
  aggregate<R>(pipeline: readonly mongo.Document[]): Promise<R[]> {
    return this.#call(() => this.#model.collection.aggregate([...pipeline]).toArray()) as Promise<R[]>;
  }

  /** False when a unique index has it already. */
  async insert(document: T): Promise<boolean> {
    try {
      // The driver writes an `_id` into what it is given, which is the caller's.
      await this.#call(() => this.#native.insertOne({ ...document } as mongo.OptionalUnlessRequiredId<T>));
      return true;
    } catch (error) {
      if (isDuplicateKey(error)) return false;
      throw error;
    }
  }

  update(filter: Filter<T>, update: Update<T>, { upsert = false } = {}): Promise<Written> {
    return this.#tried(upsert, async () => {
      const options = { upsert, updatePipeline: true };
      const result = await this.#model.updateOne(filter as QueryFilter<T>, update, options).exec();
      return { matched: result.matchedCount, modified: result.modifiedCount, upserted: result.upsertedCount };
    });
  }

  /** Never repeated by the driver: only what may be done twice, or half. */
  updateMany(filter: Filter<T>, update: Update<T>): Promise<Written> {
    return this.#call(async () => {
      const options = { updatePipeline: true };
      const result = await this.#model.updateMany(filter as QueryFilter<T>, update, options).exec();
      return { matched: result.matchedCount, modified: result.modifiedCount, upserted: result.upsertedCount };
    });
  }

  /**
   * The document after the change; undefined when none fits. What it was before is not to be had, and nothing is
   * made: of upserts that meet, not every server gives each its document.
   */
  change(filter: Filter<T>, update: Update<T>): Promise<Stored<T> | undefined> {
    return this.#call(async () => {
      const options = { updatePipeline: true, lean: true, returnDocument: 'after' } as const;
      const found: unknown = await this.#model.findOneAndUpdate(filter as QueryFilter<T>, update, options).exec();
      return (found ?? undefined) as Stored<T> | undefined;
    });
  }

  /** Deletes one; how many. */
  async remove(filter: Filter<T>): Promise<number> {
    return this.#call(async () => (await this.#model.deleteOne(filter as QueryFilter<T>).exec()).deletedCount);
  }

  /** Never repeated by the driver: only what may be done twice, or half. */
  async removeMany(filter: Filter<T>): Promise<number> {
    return this.#call(async () => (await this.#model.deleteMany(filter as QueryFilter<T>).exec()).deletedCount);
  }

  /**
   * Many writes as one. Neither cast nor sanitized, which would cost more than the call: values in filters are
   * texts and numbers of ours.
   */
  async batch(operations: readonly mongo.AnyBulkWriteOperation<T>[], { ordered = false } = {}): Promise<BatchOutcome> {
    if (operations.length === 0) return { ...nothing, taken: [] };
    try {
      return { ...countsOf(await this.#call(() => this.#native.bulkWrite(operations, { ordered }))), taken: [] };
    } catch (error) {
      const taken = duplicatesOf(error);
      if (taken === undefined) throw error;
      return { ...countsOf((error as mongo.MongoBulkWriteError).result), taken };
    }
  }

  get #native(): mongo.Collection<T> {
    return this.#model.collection as unknown as mongo.Collection<T>;
  }

  #call<R>(run: () => Promise<R>): Promise<R> {
    return this.#connection.call(run);
  }

  async #tried<R>(upsert: boolean, run: () => Promise<R>): Promise<R> {
    for (let left = upsert ? upsertTries : 1; ; left -= 1) {
      try {
        return await this.#call(run);
      } catch (error) {
        if (left <= 1 || !isDuplicateKey(error)) throw error;
      }
    }
  }
}

const nothing = { matched: 0, modified: 0, upserted: 0, inserted: 0, deleted: 0 };

function countsOf(result: mongo.BulkWriteResult): Omit<BatchOutcome, 'taken'> {
  return {
    matched: result.matchedCount,
    modified: result.modifiedCount,
    upserted: result.upsertedCount,
    inserted: result.insertedCount,
    deleted: result.deletedCount,
  };
}

function projectionOf<T>({ only, without }: ReadOptions<T>): Record<string, 0 | 1> {
  if (only === undefined) return Object.fromEntries((without ?? []).map((field) => [field, 0]));
  return Object.fromEntries(['_id', ...only].map((field) => [field, 1]));
}

export { trusted };
