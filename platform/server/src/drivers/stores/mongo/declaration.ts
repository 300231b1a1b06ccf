// How a store declares its collection: name, fields, indexes, in one place. Not how they are made: prepare.ts.

import { Schema, type IndexDirection, type SchemaDefinition } from 'mongoose';

export interface IndexDeclaration {
  /** Begins with `app`, and with `stream` where there is one, so that a collection can be sharded by them. */
  key: Readonly<Record<string, IndexDirection>>;
  unique?: true;
  /** Only `$exists: true`, `$type`, `$gt` and equality: what all servers have. */
  partialFilterExpression?: Readonly<Record<string, unknown>>;
  /** Of an index over one field, a date: documents go so long after it. */
  expireAfterSeconds?: number;
}

export interface Declaration<T> {
  name: string;
  schema: Schema<T>;
  indexes: readonly IndexDeclaration[];
}

/**
 * JSON that others made is kept as its text: it may have names that a document must not, numbers that BSON tells
 * apart, and any depth.
 */
export function declareCollection<T>(
  name: string,
  fields: SchemaDefinition<T>,
  indexes: readonly IndexDeclaration[],
): Declaration<T> {
  const schema = new Schema<T>(fields, {
    collection: name,
    strict: 'throw',
    minimize: false,
    versionKey: false,
    id: false,
    autoIndex: false,
    autoCreate: false,
  });
  return { name, schema, indexes };
}

/** As the server would name it. */
export function indexName({ key }: IndexDeclaration): string {
  return Object.entries(key)
    .map(([field, direction]) => `${field}_${String(direction)}`)
    .join('_');
}
