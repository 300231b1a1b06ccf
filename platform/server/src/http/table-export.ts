// A list as a file: CSV for spreadsheets, NDJSON for programs, written row by row. Which rows: the list's.

import { Readable } from 'node:stream';
import type { Answer } from './route.ts';

export const exportFormats = ['csv', 'ndjson'] as const;
export type ExportFormat = (typeof exportFormats)[number];

export const mostExportedRows = 100_000;

export type Cell = string | number | boolean | undefined | null;

/** `name` becomes the file's, without its ending. */
export function exported<R>(
  rows: Iterable<R> | AsyncIterable<R>,
  columns: readonly (readonly [title: string, cell: (row: R) => Cell])[],
  { format, name }: { format: ExportFormat; name: string },
): Answer {
  const lines = format === 'csv' ? csvLines(rows, columns) : jsonLines(rows, columns);
  return {
    status: 200,
    body: Readable.from(lines),
    headers: {
      'Content-Type': format === 'csv' ? 'text/csv; charset=utf-8' : 'application/x-ndjson',
      'Content-Disposition': `attachment; filename="${name}.${format}"`,
    },
  };
}

type Columns<R> = readonly (readonly [title: string, cell: (row: R) => Cell])[];

async function* csvLines<R>(rows: Iterable<R> | AsyncIterable<R>, columns: Columns<R>): AsyncGenerator<string> {
  yield `${columns.map(([title]) => csvCell(title)).join(',')}\r\n`;
  let count = 0;
  for await (const row of rows) {
    if ((count += 1) > mostExportedRows) return;
    yield `${columns.map(([, cell]) => csvCell(cell(row))).join(',')}\r\n`;
  }
}

async function* jsonLines<R>(rows: Iterable<R> | AsyncIterable<R>, columns: Columns<R>): AsyncGenerator<string> {
  let count = 0;
  for await (const row of rows) {
    if ((count += 1) > mostExportedRows) return;
    yield `${JSON.stringify(Object.fromEntries(columns.map(([title, cell]) => [title, cell(row)])))}\n`;
  }
}

/** A spreadsheet runs what begins like a formula: an apostrophe before it makes it a text. */
export function csvCell(value: Cell): string {
  if (value === undefined || value === null) return '';
  const text = String(value);
  const harmless = typeof value === 'string' && /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless;
}
