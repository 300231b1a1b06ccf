// Reads typed values out of the rows SQLite gives. Not the mapping of any one store.

import type { SQLOutputValue } from 'node:sqlite';

export type Row = Record<string, SQLOutputValue>;

export function text(row: Row, column: string): string {
  const value = row[column];
  if (typeof value !== 'string') throw new TypeError(`column ${column} holds ${typeof value}, not text`);
  return value;
}

export function number(row: Row, column: string): number {
  const value = row[column];
  if (typeof value !== 'number') throw new TypeError(`column ${column} holds ${typeof value}, not a number`);
  return value;
}

export function optionalText(row: Row, column: string): string | undefined {
  return row[column] === null ? undefined : text(row, column);
}

export function optionalNumber(row: Row, column: string): number | undefined {
  return row[column] === null ? undefined : number(row, column);
}

/** JSON that this driver wrote; its type is the caller's knowledge of what that was. */
// eslint-disable-next-line @typescript-eslint/no-unnecessary-type-parameters -- the caller names what it wrote
export function json<T>(row: Row, column: string): T {
  return JSON.parse(text(row, column)) as T;
}

// eslint-disable-next-line @typescript-eslint/no-unnecessary-type-parameters -- as above
export function optionalJson<T>(row: Row, column: string): T | undefined {
  return row[column] === null ? undefined : json<T>(row, column);
}

/** The column value of an optional JSON field. */
export function jsonOrNull(value: unknown): string | null {
  return value === undefined ? null : JSON.stringify(value);
}

/** The column value of anything that may be undefined within JSON, which has no word for it. */
export function jsonOf(value: unknown): string {
  return value === undefined ? 'null' : JSON.stringify(value);
}
