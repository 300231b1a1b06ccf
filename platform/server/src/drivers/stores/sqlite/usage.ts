// Counters by app and day. Not what is counted.

import type { DatabaseSync } from 'node:sqlite';
import type { UsageStore } from '../../../ports/stores/index.ts';
import type { Synchronous } from '../synchronous.ts';
import { number, text } from './row.ts';

export function sqliteUsage(db: DatabaseSync): Synchronous<UsageStore> {
  const add = db.prepare(
    `INSERT INTO usage (app, day, name, count) VALUES (?, ?, ?, ?)
     ON CONFLICT DO UPDATE SET count = count + excluded.count RETURNING count`,
  );
  const forget = db.prepare('DELETE FROM usage WHERE app = ? AND day < ?');
  const select = db.prepare('SELECT name, count FROM usage WHERE app = ? AND day = ?');
  return {
    add(app, counts, forgetBefore) {
      forget.run(app, forgetBefore);
      return counts.map(({ day, name, count }) => number(add.get(app, day, name, count) ?? {}, 'count'));
    },
    read: (app, day) => new Map(select.all(app, day).map((row) => [text(row, 'name'), number(row, 'count')])),
  };
}
