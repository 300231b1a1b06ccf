// A data file as an archive: to be read without being changed, or to be made. Not beside a running server:
// its lock is taken.

import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import type { DatabaseSync } from 'node:sqlite';
import {
  archived,
  engineFacts,
  moveFactName,
  type Archive,
  type ArchivedCollection,
  type ArchivedRecord,
  type ArchiveName,
  type ArchivePart,
  type ArchiveRead,
  type MoveMark,
} from '../../../../ports/archive.ts';
import { lockFile, openDatabase } from '../database.ts';
import { giveDataId } from '../log-life.ts';
import { wordsOf } from '../message-search.ts';
import { StoreOpenError } from '../open-error.ts';
import { PositionFile } from '../position-file.ts';
import { number, optionalText } from '../row.ts';
import { ConversationsPart } from './conversations-part.ts';
import { JourneysPart } from './journeys-part.ts';
import { PagesPart } from './pages-part.ts';
import { snakeCase, TablePart, type SqliteArchivePart, type TableSpelling } from './table-part.ts';

/** Where the names of a table are not those of its collection. */
export const spellings: Readonly<Partial<Record<ArchiveName, TableSpelling>>> = {
  kinds: { columns: new Map([['id', 'kind']]) },
  messages: { columns: new Map([['sender', 'sender_id']]), isNumbered: true },
};

export class SqliteArchive implements Archive {
  readonly #file: string;
  readonly #lock: DatabaseSync;
  readonly #db: DatabaseSync;
  readonly #parts = new Map<ArchiveName, SqliteArchivePart>();

  /** `isSource`: nothing is changed but the lock file beside it. Throws `StoreOpenError`. */
  static open(file: string, { isSource }: { isSource: boolean }): SqliteArchive {
    if (isSource && !existsSync(file)) throw new StoreOpenError('missing', file, `there is no data file ${file}`);
    const lock = lockFile(file);
    try {
      const db = openDatabase({ file, readOnly: isSource, synchronous: 'FULL', maxPages: 0 });
      return new SqliteArchive(file, { lock, db });
    } catch (error) {
      lock.close();
      throw error;
    }
  }

  private constructor(file: string, { lock, db }: { lock: DatabaseSync; db: DatabaseSync }) {
    this.#file = file;
    this.#lock = lock;
    this.#db = db;
  }

  async identity(): Promise<string | undefined> {
    const sealed = this.#fact('secret_canary');
    return sealed === undefined ? undefined : createHash('sha256').update(sealed).digest('hex');
  }

  async isEmpty(): Promise<boolean> {
    const names = Object.keys(archived) as ArchiveName[];
    return names.every((name) => this.#part(name).count() === 0);
  }

  async mark(): Promise<MoveMark | undefined> {
    const text = this.#fact(moveFactName);
    return text === undefined ? undefined : (JSON.parse(text) as MoveMark);
  }

  async waitingJobs(): Promise<number | undefined> {
    // What runs every so often (run-job.ts) is a job too, which each server makes by itself.
    const waiting = "SELECT count(*) AS n FROM jobs WHERE state <> 'done' AND queue NOT GLOB 'every *'";
    return number(this.#db.prepare(waiting).get() ?? {}, 'n');
  }

  async count(name: ArchiveName): Promise<number> {
    return this.#part(name).count();
  }

  async read(name: ArchiveName, request: ArchiveRead): Promise<ArchivePart> {
    const part = this.#part(name).read(request);
    if (name !== 'installation') return part;
    return { ...part, records: part.records.filter((fact) => !engineFacts.has(String(fact['name']))) };
  }

  /** All of it and the mark, or nothing. */
  async write(name: ArchiveName, records: readonly ArchivedRecord[], mark: MoveMark): Promise<void> {
    this.#db.exec('BEGIN IMMEDIATE');
    try {
      this.#part(name).write(records);
      this.#putMark(mark);
      this.#db.exec('COMMIT');
    } catch (error) {
      if (this.#db.isTransaction) this.#db.exec('ROLLBACK');
      throw error;
    }
  }

  async putMark(mark: MoveMark): Promise<void> {
    // A file without them would be taken for one that came from elsewhere, and its epochs be raised.
    if (mark.state === 'done') {
      giveDataId(this.#db);
      new PositionFile(this.#db, this.#file).close();
    }
    this.#putMark(mark);
  }

  async close(): Promise<void> {
    this.#db.close();
    this.#lock.close();
  }

  #fact(name: string): string | undefined {
    const row = this.#db.prepare('SELECT value FROM installation WHERE name = ?').get(name);
    return row === undefined ? undefined : optionalText(row, 'value');
  }

  #putMark(mark: MoveMark): void {
    this.#db
      .prepare('INSERT INTO installation (name, value) VALUES (?, ?) ON CONFLICT DO UPDATE SET value = excluded.value')
      .run(moveFactName, JSON.stringify(mark));
  }

  #part(name: ArchiveName): SqliteArchivePart {
    const known = this.#parts.get(name) ?? this.#createPart(name);
    this.#parts.set(name, known);
    return known;
  }

  #createPart(name: ArchiveName): SqliteArchivePart {
    const db = this.#db;
    if (name === 'conversations') return new ConversationsPart(db);
    if (name === 'pages') return new PagesPart(db);
    if (name === 'journeys') return new JourneysPart(db);
    const collection: ArchivedCollection = archived[name];
    const onWritten = this.#afterRowsOf(name);
    return new TablePart(db, collection, {
      table: snakeCase(name),
      ...spellings[name],
      ...(onWritten && { onWritten }),
    });
  }

  /** What the stores keep beside a row. */
  #afterRowsOf(name: ArchiveName): ((record: ArchivedRecord, rowid: number | bigint) => void) | undefined {
    if (name === 'messages') {
      const add = this.#db.prepare('INSERT INTO searchable_words (rowid, words) VALUES (?, ?)');
      return ({ app, stream, data, deletedAt }, rowid) => {
        if (!String(stream).startsWith('c:') || deletedAt !== undefined) return;
        add.run(rowid, wordsOf(String(app), JSON.parse(String(data)) as Record<string, unknown>));
      };
    }
    if (name === 'teams') {
      const add = this.#db.prepare(
        `INSERT INTO team_accounts (account, tenant_id) SELECT value ->> 'account', ?1 FROM json_each(?2, '$.members')`,
      );
      return ({ tenantId, body }) => void add.run(String(tenantId), String(body));
    }
    if (name === 'users') {
      const add = this.#db.prepare(
        `INSERT INTO user_texts (app, text, user_id) SELECT ?1, value, ?2 FROM json_each(search_texts(?2, ?3)) WHERE true ON CONFLICT DO NOTHING`,
      );
      return (record) => {
        const {
          app,
          userId,
          name: said,
          details,
        } = record as {
          app: string;
          userId: string;
          name?: string;
          details?: string;
        };
        const set = details === undefined ? {} : (JSON.parse(details) as { name?: string });
        add.run(app, userId, set.name ?? said ?? null);
      };
    }
    return undefined;
  }
}
