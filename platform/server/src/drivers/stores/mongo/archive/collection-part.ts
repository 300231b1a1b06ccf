// Records that are the documents of one collection: their fields are the document's, and what only this
// engine keeps in a document is made when it is written. Not which those are: parts.ts.

import { mongo } from 'mongoose';
import {
  fieldOf,
  isAlive,
  type ArchivedCollection,
  type ArchivedRecord,
  type ArchivePart,
  type ArchiveRead,
} from '../../../../ports/archive.ts';
import { trusted, type Collection, type Stored } from '../collection.ts';

export type Fields = Record<string, unknown>;

/** How the documents of a collection differ from the records. */
export interface DocumentSpelling {
  /** Fields that the document spells otherwise. */
  names?: ReadonlyMap<string, string>;
  /** Fields of the document that are read besides. */
  also?: readonly string[];
  /** The order of an index by which those that came first are read first. */
  arrival?: readonly string[];
  /** Fields of the record that `extend` keeps in another way. */
  omit?: readonly string[];
  /** What else is in a document. */
  extend?: (record: ArchivedRecord) => Fields;
  /** A record that needs more than the fields. */
  finish?: (record: ArchivedRecord, document: Fields) => ArchivedRecord;
}

/** One collection of the archive over a database. */
export interface MongoArchivePart {
  read(request: ArchiveRead): Promise<ArchivePart>;
  /** `part` names what is written, and grows: the same again is the same. */
  write(records: readonly ArchivedRecord[], part: number): Promise<void>;
}

export class CollectionPart implements MongoArchivePart {
  readonly #documents: Collection<Fields>;
  readonly #collection: ArchivedCollection;
  readonly #spelling: DocumentSpelling;

  constructor(documents: Collection<Fields>, collection: ArchivedCollection, spelling: DocumentSpelling) {
    this.#documents = documents;
    this.#collection = collection;
    this.#spelling = spelling;
  }

  async read({ after, limit, order, atMs }: ArchiveRead): Promise<ArchivePart> {
    const { key = ['_id'], fields } = this.#collection;
    const { arrival, also = [] } = this.#spelling;
    const ofKey = key.map((field) => this.#nameOf(field));
    const place = order === 'arrival' ? (arrival ?? ofKey) : ofKey;
    const only = [...Object.keys(fields).map((field) => this.#nameOf(field)), ...also];
    const found = await findAfter(this.#documents, { place, after, limit, only });
    const records = found
      .map((document) => this.#toRecord(document))
      .filter((record) => isAlive(this.#collection, record, atMs));
    return { records, ...nextOf(found, { place, limit }) };
  }

  /** What is there already was written by the same part, before its process was killed. */
  async write(records: readonly ArchivedRecord[]): Promise<void> {
    const { extend = () => ({}), omit = [] } = this.#spelling;
    await this.#documents.batch(
      records.map((record) => {
        const entries = Object.entries(record)
          .filter(([field]) => !omit.includes(field))
          .map(([field, value]): [string, unknown] => [this.#nameOf(field), value]);
        // Made here, so that they are in the order of the records.
        const document = { _id: new mongo.ObjectId(), ...extend(record), ...Object.fromEntries(entries) };
        return { insertOne: { document } };
      }),
    );
  }

  #nameOf(field: string): string {
    return this.#spelling.names?.get(field) ?? field;
  }

  #toRecord(document: Fields): ArchivedRecord {
    const fields = Object.keys(this.#collection.fields).map((field): [string, unknown] => [
      field,
      fieldOf(document, this.#nameOf(field)),
    ]);
    const record = Object.fromEntries(fields.filter(([, value]) => value !== undefined && value !== null));
    const { finish } = this.#spelling;
    return finish === undefined ? record : finish(record, document);
  }
}

export interface FindAfter {
  /** Fields of an index. */
  place: readonly string[];
  after: string | undefined;
  limit: number;
  only: readonly string[];
}

/**
 * Behind a place, in the order of an index. One question for each field of the place, from the last to the
 * first: each is a range of the index on every server, which an alternative of them is not.
 */
export async function findAfter(
  documents: Collection<Fields>,
  { place, after, limit, only }: FindAfter,
): Promise<Stored<Fields>[]> {
  const sort = Object.fromEntries(place.map((field) => [field, 1])) as Record<string, 1>;
  if (after === undefined) return await documents.find({}, { sort, limit, only: [...only] });
  const values = (JSON.parse(after) as (string | number)[]).map((value, at) =>
    place[at] === '_id' ? new mongo.ObjectId(String(value)) : value,
  );
  const found: Stored<Fields>[] = [];
  for (let at = place.length - 1; at >= 0 && found.length < limit; at -= 1) {
    const same = place.slice(0, at).map((field, index): [string, unknown] => [field, values[index]]);
    const filter = { ...Object.fromEntries(same), [String(place[at])]: trusted({ $gt: values[at] }) };
    found.push(...(await documents.find(filter, { sort, limit: limit - found.length, only: [...only] })));
  }
  return found;
}

export function nextOf(
  found: readonly Stored<Fields>[],
  { place, limit }: Pick<FindAfter, 'place' | 'limit'>,
): { next?: string } {
  const last = found.at(-1);
  if (last === undefined || found.length < limit) return {};
  const values = place.map((field) => (field === '_id' ? last._id.toHexString() : fieldOf(last, field)));
  return { next: JSON.stringify(values) };
}
