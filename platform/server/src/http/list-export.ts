// A whole list as a file: CSV for spreadsheets, or a JSON object a line. Written page by page while it is
// sent. Which list, and of what columns: the route.

import { Readable } from 'node:stream';
import type { Answer } from './route.ts';

export const exportFormats = ['csv', 'ndjson'] as const;
export type ExportFormat = (typeof exportFormats)[number];

/** More is for a tool that reads the API. */
export const maxExportRows = 100_000;

export interface ExportedList<T> {
  format: ExportFormat;
  /** Of the file, without its ending. */
  name: string;
  /** Of CSV: the title, and what a row has. */
  columns: readonly (readonly [title: string, valueOf: (row: T) => unknown])[];
  pages: AsyncIterable<readonly T[]>;
}

export function exportAnswer<T extends object>({ format, name, columns, pages }: ExportedList<T>): Answer {
  const written = format === 'csv' ? csvOf(columns, pages) : linesOf(pages);
  const type = format === 'csv' ? 'text/csv; charset=utf-8' : 'application/x-ndjson; charset=utf-8';
  const headers = { 'Content-Type': type, 'Content-Disposition': `attachment; filename="${name}.${format}"` };
  return { status: 200, body: Readable.from(written, { objectMode: false }), headers };
}

async function* csvOf<T>(
  columns: ExportedList<T>['columns'],
  pages: AsyncIterable<readonly T[]>,
): AsyncGenerator<string> {
  yield csvLine(columns.map(([title]) => title));
  for await (const rows of bounded(pages)) {
    yield rows.map((row) => csvLine(columns.map(([, valueOf]) => valueOf(row)))).join('');
  }
}

async function* linesOf(pages: AsyncIterable<readonly object[]>): AsyncGenerator<string> {
  for await (const rows of bounded(pages)) yield rows.map((row) => `${JSON.stringify(row)}\n`).join('');
}

async function* bounded<T>(pages: AsyncIterable<readonly T[]>): AsyncGenerator<readonly T[]> {
  let left = maxExportRows;
  for await (const rows of pages) {
    if (rows.length > 0) yield rows.slice(0, left);
    left -= rows.length;
    if (left <= 0) return;
  }
}

function csvLine(values: readonly unknown[]): string {
  return `${values.map(csvCell).join(',')}\r\n`;
}

/**
 * RFC 4180. A text that a spreadsheet would take for a formula begins with an apostrophe: names and words in
 * it come from anybody.
 */
export function csvCell(value: unknown): string {
  if (value === undefined || value === null) return '';
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  const safe = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
