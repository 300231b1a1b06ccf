// Records that are the rows of one table: their columns are the fields, spelled as columns are. Tables that
// are more than that have a part of their own beside this file.

import type { DatabaseSync, SQLInputValue, SQLOutputValue } from 'node:sqlite';
import {
  fieldOf,
  isAlive,
  type ArchivedCollection,
  type ArchivedField,
  type ArchivedRecord,
  type ArchivePart,
  type ArchiveRead,
} from '../../../../ports/archive.ts';
import { number, type Row } from '../row.ts';

/** One collection of the archive over an open data file. */
export interface SqliteArchivePart {
  count(): number;
  read(request: ArchiveRead): ArchivePart;
  write(records: readonly ArchivedRecord[]): void;
}

export interface TableSpelling {
  table?: string;
  /** Fields whose columns are spelled otherwise. */
  columns?: ReadonlyMap<string, string>;
  /** Rows are written, and read to be written, in the order of their numbers. */
  isNumbered?: true;
}

/** `hookDeliveries` is `hook_deliveries`. */
export function snakeCase(name: string): string {
  return name.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}

export function columnsOf({ fields }: ArchivedCollection, { columns }: TableSpelling = {}): string[] {
  return Object.keys(fields).map((field) => columns?.get(field) ?? snakeCase(field));
}

export class TablePart implements SqliteArchivePart {
  readonly #db: DatabaseSync;
  readonly #collection: ArchivedCollection;
  readonly #spelling: TableSpelling & { table: string };
  readonly #onWritten: ((record: ArchivedRecord, rowid: number | bigint) => void) | undefined;

  constructor(
    db: DatabaseSync,
    collection: ArchivedCollection,
    {
      onWritten,
      ...spelling
    }: TableSpelling & { table: string; onWritten?: (record: ArchivedRecord, rowid: number | bigint) => void },
  ) {
    this.#db = db;
    this.#collection = collection;
    this.#spelling = spelling;
    this.#onWritten = onWritten;
  }

  count(): number {
    return number(this.#db.prepare(`SELECT count(*) AS n FROM ${this.#spelling.table}`).get() ?? {}, 'n');
  }

  read({ after, limit, order, atMs }: ArchiveRead): ArchivePart {
    const { table, isNumbered } = this.#spelling;
    const { key = [] } = this.#collection;
    const isByNumber = isNumbered === true && order === 'arrival';
    const place = isByNumber ? ['rowid'] : key.map((field) => this.#columnOf(field));
    const columns = columnsOf(this.#collection, this.#spelling);
    const from = after === undefined ? '' : `WHERE (${place.join(', ')}) > (${place.map(() => '?').join(', ')})`;
    const rows = this.#db
      .prepare(
        `SELECT ${place.map((column, at) => `${column} AS place_${at}`).join(', ')}, ${columns.join(', ')} FROM ${table}
         ${from} ORDER BY ${place.join(', ')} LIMIT ?`,
      )
      .all(...readPlace(after), limit);
    const records = rows.map((row) => this.#toRecord(row));
    const last = rows.at(-1);
    return {
      records: records.filter((record) => isAlive(this.#collection, record, atMs)),
      ...(rows.length === limit && last !== undefined && { next: placeOf(place.map((_, at) => last[`place_${at}`])) }),
    };
  }

  write(records: readonly ArchivedRecord[]): void {
    const columns = columnsOf(this.#collection, this.#spelling);
    const insert = this.#db.prepare(
      `INSERT INTO ${this.#spelling.table} (${columns.join(', ')}) VALUES (${columns.map(() => '?').join(', ')})`,
    );
    const fields = Object.entries(this.#collection.fields);
    for (const record of records) {
      const { lastInsertRowid } = insert.run(...fields.map(([field, type]) => toColumn(fieldOf(record, field), type)));
      this.#onWritten?.(record, lastInsertRowid);
    }
  }

  #columnOf(field: string): string {
    return this.#spelling.columns?.get(field) ?? snakeCase(field);
  }

  #toRecord(row: Row): ArchivedRecord {
    const fields = Object.entries(this.#collection.fields).map(([field, type]): [string, unknown] => [
      field,
      fromColumn(fieldOf(row, this.#columnOf(field)), type),
    ]);
    return Object.fromEntries(fields.filter(([, value]) => value !== undefined));
  }
}

export function placeOf(values: readonly (SQLOutputValue | undefined)[]): string {
  return JSON.stringify(values);
}

export function readPlace(after: string | undefined): (string | number)[] {
  return after === undefined ? [] : (JSON.parse(after) as (string | number)[]);
}

function toColumn(value: unknown, type: ArchivedField): SQLInputValue {
  if (value === undefined) return null;
  if (type.startsWith('value')) return JSON.stringify(value);
  return type.startsWith('flag') ? Number(value) : (value as string | number);
}

function fromColumn(value: unknown, type: ArchivedField): unknown {
  if (value === null || value === undefined) return undefined;
  if (type.startsWith('value')) return JSON.parse(value as string) as unknown;
  return type.startsWith('flag') ? value === 1 : value;
}
