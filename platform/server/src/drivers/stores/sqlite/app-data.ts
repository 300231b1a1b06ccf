// Takes away all rows of one app, from every table that has apps. Which tables these are is read from the file: none
// that is added later is forgotten.

import type { DatabaseSync, StatementSync } from 'node:sqlite';
import type { AppData } from '../../../ports/app-data.ts';
import type { Synchronous } from '../synchronous.ts';
import { number, text } from './row.ts';

/** The app itself goes last and by its store; what was audited of it stays. */
const kept: ReadonlySet<string> = new Set(['apps', 'audit']);

export function sqliteAppData(db: DatabaseSync): Synchronous<AppData> {
  const uploads = db.prepare('SELECT id FROM uploads WHERE app = ? LIMIT ?');
  const removals = tablesOfApps(db).map((table) => removalFrom(db, table));
  return {
    uploads: (app, limit) => uploads.all(app, limit).map((row) => text(row, 'id')),
    erase(app, limit) {
      let erased = 0;
      for (const [at, removal] of removals.entries()) {
        erased += Number(removal.run(app, limit - erased).changes);
        if (erased >= limit) return { erased, done: at, of: removals.length };
      }
      return { erased, done: removals.length, of: removals.length };
    },
  };
}

function tablesOfApps(db: DatabaseSync): string[] {
  return db
    .prepare("SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name")
    .all()
    .map((row) => text(row, 'name'))
    .filter((table) => !kept.has(table) && columnsOf(db, table).some((row) => text(row, 'name') === 'app'));
}

/** By its key: most tables have no row numbers. */
function removalFrom(db: DatabaseSync, table: string): StatementSync {
  const columns = columnsOf(db, table)
    .filter((row) => number(row, 'pk') > 0)
    .map((row) => text(row, 'name'));
  const key = columns.length === 0 ? 'rowid' : columns.join(', ');
  return db.prepare(`DELETE FROM ${table} WHERE (${key}) IN (SELECT ${key} FROM ${table} WHERE app = ? LIMIT ?)`);
}

function columnsOf(db: DatabaseSync, table: string) {
  return db.prepare('SELECT name, pk FROM pragma_table_info(?)').all(table);
}
