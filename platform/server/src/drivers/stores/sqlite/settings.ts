// An app's own kinds and its provider configurations, as JSON under their keys. Not page policies, which keep
// their versions: pages.ts.

import type { Kind } from '@belfry/protocol';
import type { DatabaseSync } from 'node:sqlite';
import type { KindStore, ProviderRecord, ProviderStore, Versioned } from '../../../ports/stores/index.ts';
import type { Synchronous } from '../synchronous.ts';
import { json } from './row.ts';
import { versionedPut } from './versioned-put.ts';

export function sqliteKinds(db: DatabaseSync): Synchronous<KindStore> {
  const list = db.prepare('SELECT body FROM kinds WHERE app = ? ORDER BY kind');
  const put = versionedPut(db, { table: 'kinds', key: ['app', 'kind'] });
  const remove = db.prepare('DELETE FROM kinds WHERE app = ? AND kind = ? AND version = ifnull(?, version)');
  return {
    list: (app) => list.all(app).map((row) => json<Versioned<Kind>>(row, 'body')),
    put: (app, kind, ifVersion) => put({ app, kind: kind.kind }, kind, ifVersion),
    remove: (app, kind, ifVersion) => remove.run(app, kind, ifVersion ?? null).changes > 0,
  };
}

export function sqliteProviders(db: DatabaseSync): Synchronous<ProviderStore> {
  const list = db.prepare('SELECT body FROM providers WHERE app = ? ORDER BY id');
  const get = db.prepare('SELECT body FROM providers WHERE app = ? AND id = ?');
  const put = versionedPut(db, { table: 'providers', key: ['app', 'id'] });
  const remove = db.prepare('DELETE FROM providers WHERE app = ? AND id = ?');
  return {
    list: (app) => list.all(app).map((row) => json<Versioned<ProviderRecord>>(row, 'body')),
    get(app, id) {
      const row = get.get(app, id);
      return row === undefined ? undefined : json<Versioned<ProviderRecord>>(row, 'body');
    },
    put: (app, record, ifVersion) => put({ app, id: record.id }, record, ifVersion),
    remove: (app, id) => remove.run(app, id).changes > 0,
  };
}
