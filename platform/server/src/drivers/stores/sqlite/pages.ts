// Page policies with all their versions. Not which policy a path resolves to: @belfry/protocol.

import type { PagePolicy } from '@belfry/protocol';
import type { DatabaseSync } from 'node:sqlite';
import type { PageStore, PageVersion } from '../../../ports/stores/index.ts';
import type { Synchronous } from '../synchronous.ts';
import { json, number } from './row.ts';
import type { Row } from './row.ts';

export function sqlitePages(db: DatabaseSync): Synchronous<PageStore> {
  const newest = `SELECT pattern, policy, removed, version FROM page_versions p WHERE app = ?
    AND version = (SELECT max(version) FROM page_versions v WHERE v.app = p.app AND v.pattern = p.pattern)`;
  const list = db.prepare(`${newest} AND removed = 0 ORDER BY pattern`);
  const current = db.prepare(`${newest} AND pattern = ?`);
  const insert = db.prepare(
    'INSERT INTO page_versions (app, pattern, version, removed, policy) VALUES (?, ?, ?, ?, ?)',
  );
  const history = db.prepare(
    `SELECT policy, removed FROM page_versions WHERE app = ? AND pattern = ? AND version < ?
     ORDER BY version DESC LIMIT ?`,
  );
  const dropOld = db.prepare('DELETE FROM page_versions WHERE app = ? AND pattern = ? AND version <= ?');
  const dropRemoved = db.prepare(
    `DELETE FROM page_versions WHERE app = ?1 AND pattern IN (
       SELECT pattern FROM (${newest.replace('app = ?', 'app = ?1')} AND removed = 1)
       ORDER BY json_extract(policy, '$.updatedAt') DESC, pattern LIMIT -1 OFFSET ?2)`,
  );
  return {
    list: (app) => list.all(app).map((row) => json<PagePolicy>(row, 'policy')),
    put(app, { policy, removed }, keep) {
      const row = current.get(app, policy.pattern);
      const next = row === undefined ? 1 : number(row, 'version') + 1;
      if (policy.version !== next) return false;
      insert.run(app, policy.pattern, next, removed ? 1 : 0, JSON.stringify(policy));
      if (keep === undefined) return true;
      dropOld.run(app, policy.pattern, next - keep.versions);
      if (removed) dropRemoved.run(app, keep.removed);
      return true;
    },
    history: (app, pattern, { beforeVersion = Number.MAX_SAFE_INTEGER, limit }) =>
      history.all(app, pattern, beforeVersion, limit).map(toVersion),
  };
}

function toVersion(row: Row): PageVersion {
  return { policy: json<PagePolicy>(row, 'policy'), removed: number(row, 'removed') === 1 };
}
