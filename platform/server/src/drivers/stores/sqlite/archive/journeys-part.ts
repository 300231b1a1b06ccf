// Rows of journeys, which have nothing but their numbers to name them.

import type { DatabaseSync } from 'node:sqlite';
import {
  archived,
  isAlive,
  type ArchivedRecord,
  type ArchivePart,
  type ArchiveRead,
} from '../../../../ports/archive.ts';
import { number, optionalNumber, optionalText, text, type Row } from '../row.ts';
import { placeOf, readPlace, type SqliteArchivePart } from './table-part.ts';

export class JourneysPart implements SqliteArchivePart {
  readonly #count;
  readonly #select;
  readonly #insert;

  constructor(db: DatabaseSync) {
    const columns = 'app, message_id, stream, from_seq, to_seq, type, at, body';
    this.#count = db.prepare('SELECT count(*) AS n FROM journeys');
    this.#select = db.prepare(`SELECT rowid, ${columns} FROM journeys WHERE rowid > ? ORDER BY rowid LIMIT ?`);
    this.#insert = db.prepare(`INSERT INTO journeys (${columns}) VALUES (?, ?, ?, ?, ?, ?, ?, ?)`);
  }

  count(): number {
    return number(this.#count.get() ?? {}, 'n');
  }

  read({ after, limit, atMs }: ArchiveRead): ArchivePart {
    const [from = 0] = readPlace(after);
    const rows = this.#select.all(from, limit);
    const last = rows.at(-1);
    return {
      records: rows.map(toRecord).filter((record) => isAlive(archived.journeys, record, atMs)),
      ...(rows.length === limit && last !== undefined && { next: placeOf([last['rowid']]) }),
    };
  }

  write(records: readonly ArchivedRecord[]): void {
    for (const record of records as readonly unknown[] as readonly JourneyRecord[]) {
      const { app, messageId = null, stream = null, from = null, to = null, type, at, body } = record;
      this.#insert.run(app, messageId, stream, from, to, type, at, body);
    }
  }
}

interface JourneyRecord {
  app: string;
  messageId?: string;
  stream?: string;
  from?: number;
  to?: number;
  type: string;
  at: number;
  body: string;
}

function toRecord(row: Row): ArchivedRecord {
  const messageId = optionalText(row, 'message_id');
  const [stream, from, to] = [
    optionalText(row, 'stream'),
    optionalNumber(row, 'from_seq'),
    optionalNumber(row, 'to_seq'),
  ];
  return {
    app: text(row, 'app'),
    ...(messageId !== undefined && { messageId }),
    ...(stream !== undefined && { stream, from, to }),
    ...{ type: text(row, 'type'), at: number(row, 'at'), body: text(row, 'body') },
  };
}
