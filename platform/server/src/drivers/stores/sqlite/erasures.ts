// The records of persons who were erased. Not what is done to them: maintenance/erasure.ts.

import type { DatabaseSync } from 'node:sqlite';
import type { ErasureRecord, ErasureStore } from '../../../ports/stores/index.ts';
import type { Synchronous } from '../synchronous.ts';
import { json } from './row.ts';

export function sqliteErasures(db: DatabaseSync): Synchronous<ErasureStore> {
  const begin = db.prepare(
    `INSERT INTO erasures (app, key, id, state, finished_at, body) VALUES (?, ?, ?, ?, NULL, ?)
     ON CONFLICT DO UPDATE SET id = excluded.id, state = excluded.state, finished_at = NULL, body = excluded.body
     WHERE erasures.state <> 'running'`,
  );
  const select = db.prepare('SELECT body FROM erasures WHERE app = ? AND key = ?');
  const put = db.prepare(
    'UPDATE erasures SET state = ?, finished_at = ?, body = ? WHERE app = ? AND key = ? AND id = ?',
  );
  const unfinished = db.prepare(
    'SELECT body FROM erasures WHERE app = ? AND key > ? AND finished_at IS NULL ORDER BY key LIMIT ?',
  );
  const prune = db.prepare(
    `DELETE FROM erasures WHERE app = ?1 AND key IN (
       SELECT key FROM erasures WHERE app = ?1 AND finished_at < ?2 ORDER BY finished_at LIMIT ?3)`,
  );
  return {
    begin(app, record) {
      begin.run(app, record.key, record.id, record.state, JSON.stringify(record));
      return json<ErasureRecord>(select.get(app, record.key) ?? {}, 'body');
    },
    get(app, key) {
      const row = select.get(app, key);
      return row === undefined ? undefined : json<ErasureRecord>(row, 'body');
    },
    put(app, record) {
      const { key, id, state, finishedAt } = record;
      return put.run(state, finishedAt ?? null, JSON.stringify(record), app, key, id).changes > 0;
    },
    unfinished: (app, { after = '', limit }) =>
      unfinished.all(app, after, limit).map((row) => json<ErasureRecord>(row, 'body')),
    prune: (app, beforeMs, limit) => Number(prune.run(app, beforeMs, limit).changes),
  };
}
