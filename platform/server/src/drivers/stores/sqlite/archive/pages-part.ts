// Page policies with all their versions, which are a row each.

import type { DatabaseSync } from 'node:sqlite';
import type { ArchivedPageVersion, ArchivedRecord, ArchivePart, ArchiveRead } from '../../../../ports/archive.ts';
import { number, optionalText, text } from '../row.ts';
import { placeOf, readPlace, type SqliteArchivePart } from './table-part.ts';

export class PagesPart implements SqliteArchivePart {
  readonly #count;
  readonly #patterns;
  readonly #versions;
  readonly #insert;

  constructor(db: DatabaseSync) {
    this.#count = db.prepare('SELECT count(*) AS n FROM (SELECT DISTINCT app, pattern FROM page_versions)');
    this.#patterns = db.prepare(
      `SELECT DISTINCT app, pattern FROM page_versions WHERE (app, pattern) > (?, ?) ORDER BY app, pattern LIMIT ?`,
    );
    this.#versions = db.prepare(
      'SELECT policy, removed, via, note FROM page_versions WHERE app = ? AND pattern = ? ORDER BY version',
    );
    this.#insert = db.prepare(
      'INSERT INTO page_versions (app, pattern, version, removed, policy, via, note) VALUES (?, ?, ?, ?, ?, ?, ?)',
    );
  }

  count(): number {
    return number(this.#count.get() ?? {}, 'n');
  }

  read({ after, limit }: ArchiveRead): ArchivePart {
    const [afterApp = '', afterPattern = ''] = readPlace(after);
    const rows = this.#patterns.all(afterApp, afterPattern, limit);
    const records = rows.map((row) => {
      const [app, pattern] = [text(row, 'app'), text(row, 'pattern')];
      const versions = this.#versions.all(app, pattern).map((version): ArchivedPageVersion => {
        return {
          ...{ policy: text(version, 'policy'), removed: number(version, 'removed') === 1 },
          ...{ via: optionalText(version, 'via'), note: optionalText(version, 'note') },
        };
      });
      return { app, pattern, versions };
    });
    const last = records.at(-1);
    return { records, ...(rows.length === limit && last && { next: placeOf([last.app, last.pattern]) }) };
  }

  write(records: readonly ArchivedRecord[]): void {
    for (const { app, pattern, versions } of records) {
      for (const { policy, removed, via = null, note = null } of versions as readonly ArchivedPageVersion[]) {
        const { version } = JSON.parse(policy) as { version: number };
        this.#insert.run(String(app), String(pattern), version, removed ? 1 : 0, policy, via, note);
      }
    }
  }
}
