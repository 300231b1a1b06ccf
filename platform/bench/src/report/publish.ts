// Puts the report where it is kept: JSON into a file, the tables between the marks of docs/performance.md.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { markdownOf } from './markdown.ts';
import type { Report } from './report.ts';

const root = join(import.meta.dirname, '../../../..');
const page = join(root, 'docs/performance.md');
const marks = { begin: '<!-- results: begin -->', end: '<!-- results: end -->' } as const;

/** The file that was written. */
export function writeJson(report: Report, file: string | undefined): string {
  const path = file ?? join(root, 'bench-results', `${new Date().toISOString().replaceAll(':', '-')}.json`);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, `${JSON.stringify(report, undefined, 2)}\n`);
  return path;
}

export function writePage(report: Report): void {
  writeFileSync(page, withResults(readFileSync(page, 'utf8'), markdownOf(report)));
}

/** Throws when the page has not both marks. */
export function withResults(text: string, results: string): string {
  const begin = text.indexOf(marks.begin);
  const end = text.indexOf(marks.end);
  if (begin === -1 || end < begin) throw new Error(`the page has no ${marks.begin} ... ${marks.end}`);
  return `${text.slice(0, begin + marks.begin.length)}\n\n${results}\n\n${text.slice(end)}`;
}
