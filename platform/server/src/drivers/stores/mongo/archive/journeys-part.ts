// Rows of journeys, many of which are one document.

import { mongo } from 'mongoose';
import type { JourneyRow } from '../../../../ports/stores/index.ts';
import {
  archived,
  isAlive,
  type ArchivedRecord,
  type ArchivePart,
  type ArchiveRead,
} from '../../../../ports/archive.ts';
import type { Collection } from '../collection.ts';
import { documentsOf, type JourneyDocument } from '../journeys.ts';
import { findAfter, nextOf, type Fields, type MongoArchivePart } from './collection-part.ts';

/** Each has the rows of one append. */
const documentsPerPart = 20;
/** Documents of one part that is written have numbers below it. */
const perPart = 10_000;
const place = ['_id'];

export class JourneysPart implements MongoArchivePart {
  readonly #journeys: Collection<Fields>;

  constructor(journeys: Collection<Fields>) {
    this.#journeys = journeys;
  }

  async read({ after, atMs }: ArchiveRead): Promise<ArchivePart> {
    const limit = documentsPerPart;
    const found = await findAfter(this.#journeys, { place, after, limit, only: ['app', 'rows'] });
    return {
      records: found.flatMap((document) => {
        const { app, rows } = document as unknown as JourneyDocument;
        // Fields that a row does not have come back as null.
        const records = rows.map((row) => ({ app, ...withoutNulls({ ...row }) }));
        return records.filter((record) => isAlive(archived.journeys, record, atMs));
      }),
      ...nextOf(found, { place, limit }),
    };
  }

  /** Nothing in a row is unique: the number of the part names its documents. */
  async write(records: readonly ArchivedRecord[], part: number): Promise<void> {
    const ofApps = Map.groupBy(records, ({ app }) => String(app));
    const documents = [...ofApps].flatMap(([app, rows]) => documentsOf(app, rows.map(toRow)));
    await this.#journeys.batch(
      documents.map((document, at) => ({
        insertOne: { document: { _id: idOf(document.oldestAt, part * perPart + at), ...document } },
      })),
    );
  }
}

/** In the order of their making, as those that a server makes. */
function idOf(atMs: number, number: number): mongo.ObjectId {
  const seconds = Math.floor(atMs / 1000)
    .toString(16)
    .padStart(8, '0');
  return new mongo.ObjectId(seconds + number.toString(16).padStart(16, '0'));
}

interface RecordOfRow extends Pick<JourneyRow, 'messageId' | 'type' | 'at' | 'body'> {
  stream?: string;
  from?: number;
  to?: number;
}

function toRow(record: ArchivedRecord): JourneyRow {
  const { messageId, stream, from = 0, to = 0, type, at, body } = record as unknown as RecordOfRow;
  return {
    ...{ type, at, body },
    ...(messageId !== undefined && { messageId }),
    ...(stream !== undefined && { range: { stream, from, to } }),
  };
}

function withoutNulls(fields: Fields): Fields {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined && value !== null));
}
