// Puts the report where it is kept: JSON into a file, the tables between the marks of docs/performance.md.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { markdownOf } from './markdown.ts';
import type { Report } from './report.ts';

const root = join(import.meta.dirname, '../../../..');
const page = join(root, 'docs/performance.md');
/** A generated part of the page. */
export type Section = 'results' | 'cluster' | 'console' | 'soak';

/** The file that was written. */
export function writeJson(report: Report, file: string | undefined): string {
  const path = file ?? join(root, 'bench-results', `${new Date().toISOString().replaceAll(':', '-')}.json`);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, `${JSON.stringify(report, undefined, 2)}\n`);
  return path;
}

export function writePage(report: Report, section: Section): void {
  writeFileSync(page, withSection(readFileSync(page, 'utf8'), section, markdownOf(report)));
}

/** Throws when the page has not both marks of the section. */
export function withSection(text: string, section: Section, content: string): string {
  const beginMark = `<!-- ${section}: begin -->`;
  const begin = text.indexOf(beginMark);
  const end = text.indexOf(`<!-- ${section}: end -->`);
  if (begin === -1 || end < begin) throw new Error(`the page has no ${beginMark} with an end`);
  return `${text.slice(0, begin + beginMark.length)}\n\n${content}\n\n${text.slice(end)}`;
}
