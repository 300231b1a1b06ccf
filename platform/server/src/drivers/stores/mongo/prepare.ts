// Makes the declared collections and indexes, and looks at start whether they are there. Not their declarations:
// each store's file.

import type { Connection, mongo } from 'mongoose';
import type { MongoConnection } from './connection.ts';
import { indexName, type Declaration, type IndexDeclaration } from './declaration.ts';
import { MongoOpenError } from './open-error.ts';

export interface MissingIndex {
  collection: string;
  index: IndexDeclaration;
}

type AnyDeclaration = Pick<Declaration<unknown>, 'name' | 'indexes'>;

/** What makes the indexes that a start refuses to go without. */
const remedy = 'belfry migrate --indexes';

/**
 * At start: a collection that is not there is made with all its indexes. In one that has documents, a unique index
 * that is missing is refused, since what it forbids may have been stored; others are made, which hinders nobody.
 * An empty one is being made by a node that starts at the same moment.
 */
export async function prepareCollections(
  connection: MongoConnection,
  declarations: readonly AnyDeclaration[],
): Promise<void> {
  const missing = await missingIndexes(connection, declarations, { makeCollections: true });
  const doubtful: MissingIndex[] = [];
  for (const each of missing) {
    if (each.index.unique === true && (await hasDocuments(connection, each.collection))) doubtful.push(each);
    else await makeIndex(connection, each);
  }
  if (doubtful.length === 0) return;
  // The other node may have made it meanwhile, and stored the first document.
  const refused = (await missingIndexes(connection, declarations)).filter(({ index }) => index.unique === true);
  if (refused.length === 0) return;
  const names = refused.map(({ collection, index }) => `${collection}.${indexName(index)}`).join(', ');
  throw new MongoOpenError('missing_indexes', `unique indexes are missing: ${names}. Make them: ${remedy}`);
}

export async function hasDocuments({ mongoose }: MongoConnection, collection: string): Promise<boolean> {
  return (
    (await dbOf(mongoose)
      .collection(collection)
      .findOne({}, { projection: { _id: 1 } })) !== null
  );
}

/** What is not there, or is there under its name with other options. */
export async function missingIndexes(
  { mongoose }: MongoConnection,
  declarations: readonly AnyDeclaration[],
  { makeCollections = false } = {},
): Promise<MissingIndex[]> {
  const db = dbOf(mongoose);
  const present = new Set((await db.listCollections({}, { nameOnly: true }).toArray()).map(({ name }) => name));
  const missing: MissingIndex[] = [];
  for (const { name, indexes } of declarations) {
    if (!present.has(name) && makeCollections) {
      await makeCollection(mongoose, { name, indexes });
      continue;
    }
    const listed: unknown = present.has(name) ? await db.collection(name).listIndexes().toArray() : [];
    const made = listed as mongo.IndexDescriptionInfo[];
    for (const index of indexes) {
      if (!made.some((each) => isSame(index, each))) missing.push({ collection: name, index });
    }
  }
  return missing;
}

/** Takes as long as it takes: `connection` has to be a patient one where there is data. */
export async function makeIndex({ mongoose }: MongoConnection, { collection, index }: MissingIndex): Promise<void> {
  await dbOf(mongoose)
    .collection(collection)
    .createIndexes([specOf(index)]);
}

/** Two nodes may do it at once: what is there already is no failure. */
async function makeCollection(mongoose: Connection, { name, indexes }: AnyDeclaration): Promise<void> {
  const db = dbOf(mongoose);
  try {
    await db.createCollection(name);
  } catch (error) {
    const isThere = error instanceof Error && 'codeName' in error && error.codeName === 'NamespaceExists';
    if (!isThere) throw error;
  }
  for (const index of indexes) await db.collection(name).createIndexes([specOf(index)]);
}

function specOf(index: IndexDeclaration): { key: Record<string, 1 | -1>; name: string } {
  const { key, ...options } = index;
  return { ...options, key: { ...key } as Record<string, 1 | -1>, name: indexName(index) };
}

function isSame(declared: IndexDeclaration, made: mongo.IndexDescriptionInfo): boolean {
  const asText = (value: unknown): string => JSON.stringify(value ?? null);
  return (
    asText(Object.entries(declared.key)) === asText(Object.entries(made.key)) &&
    (declared.unique === true) === (made.unique === true) &&
    asText(declared.partialFilterExpression) === asText(made.partialFilterExpression) &&
    asText(declared.expireAfterSeconds) === asText(made.expireAfterSeconds)
  );
}

function dbOf({ db }: Connection): NonNullable<Connection['db']> {
  if (db === undefined) throw new Error('the connection is not open');
  return db;
}
