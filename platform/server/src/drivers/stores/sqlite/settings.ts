// An app's own kinds and its provider configurations, as JSON under their keys. Not page policies, which have versions: pages.ts.

import type { Kind } from '@belfry/protocol';
import type { DatabaseSync } from 'node:sqlite';
import type { KindStore, ProviderRecord, ProviderStore } from '../../../ports/stores/index.ts';
import type { Synchronous } from '../synchronous.ts';
import { json } from './row.ts';

export function sqliteKinds(db: DatabaseSync): Synchronous<KindStore> {
  const list = db.prepare('SELECT body FROM kinds WHERE app = ? ORDER BY kind');
  const put = db.prepare(
    'INSERT INTO kinds (app, kind, body) VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET body = excluded.body',
  );
  const remove = db.prepare('DELETE FROM kinds WHERE app = ? AND kind = ?');
  return {
    list: (app) => list.all(app).map((row) => json<Kind>(row, 'body')),
    put(app, kind) {
      put.run(app, kind.kind, JSON.stringify(kind));
    },
    remove: (app, kind) => remove.run(app, kind).changes > 0,
  };
}

export function sqliteProviders(db: DatabaseSync): Synchronous<ProviderStore> {
  const list = db.prepare('SELECT body FROM providers WHERE app = ? ORDER BY id');
  const get = db.prepare('SELECT body FROM providers WHERE app = ? AND id = ?');
  const put = db.prepare(
    'INSERT INTO providers (app, id, body) VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET body = excluded.body',
  );
  const remove = db.prepare('DELETE FROM providers WHERE app = ? AND id = ?');
  return {
    list: (app) => list.all(app).map((row) => json<ProviderRecord>(row, 'body')),
    get(app, id) {
      const row = get.get(app, id);
      return row === undefined ? undefined : json<ProviderRecord>(row, 'body');
    },
    put(app, record) {
      put.run(app, record.id, JSON.stringify(record));
    },
    remove: (app, id) => remove.run(app, id).changes > 0,
  };
}
