// Page policies with all their versions. Not which policy a path resolves to: @belfry/protocol.

import type { PagePolicy } from '@belfry/protocol';
import type { DatabaseSync } from 'node:sqlite';
import type { PageStore, PageVersion, PageVia } from '../../../ports/stores/index.ts';
import type { Synchronous } from '../synchronous.ts';
import { json, number, optionalText } from './row.ts';
import type { Row } from './row.ts';

export function sqlitePages(db: DatabaseSync): Synchronous<PageStore> {
  const newest = `SELECT pattern, policy, removed, version FROM page_versions p WHERE app = ?
    AND version = (SELECT max(version) FROM page_versions v WHERE v.app = p.app AND v.pattern = p.pattern)`;
  const list = db.prepare(`${newest} AND removed = 0 ORDER BY pattern`);
  const current = db.prepare(`${newest} AND pattern = ?`);
  const insert = db.prepare(
    'INSERT INTO page_versions (app, pattern, version, removed, policy, via, note) VALUES (?, ?, ?, ?, ?, ?, ?)',
  );
  const history = db.prepare(
    `SELECT policy, removed, via, note FROM page_versions WHERE app = ? AND pattern = ? AND version < ?
     ORDER BY version DESC LIMIT ?`,
  );
  const dropOld = db.prepare('DELETE FROM page_versions WHERE app = ? AND pattern = ? AND version <= ?');
  const dropRemoved = db.prepare(
    `DELETE FROM page_versions WHERE app = ?1 AND pattern IN (
       SELECT pattern FROM (${newest.replace('app = ?', 'app = ?1')} AND removed = 1)
       ORDER BY json_extract(policy, '$.updatedAt') DESC, pattern LIMIT -1 OFFSET ?2)`,
  );
  const at = "json_extract(policy, '$.updatedAt')";
  const historyOfAll = db.prepare(
    `SELECT policy, removed, via, note FROM page_versions
     WHERE app = ?1 AND (?2 IS NULL OR (${at}, pattern, version) < (?2, ?3, ?4))
     ORDER BY ${at} DESC, pattern DESC, version DESC LIMIT ?5`,
  );
  const nextOf = (app: string, pattern: string): number => {
    const row = current.get(app, pattern);
    return row === undefined ? 1 : number(row, 'version') + 1;
  };
  const pages: Synchronous<PageStore> = {
    list: (app) => list.all(app).map((row) => json<PagePolicy>(row, 'policy')),
    put(app, { policy, removed, via = null, note = null }, keep) {
      const next = nextOf(app, policy.pattern);
      if (policy.version !== next) return false;
      insert.run(app, policy.pattern, next, removed ? 1 : 0, JSON.stringify(policy), via, note);
      if (keep === undefined) return true;
      dropOld.run(app, policy.pattern, next - keep.versions);
      if (removed) dropRemoved.run(app, keep.removed);
      return true;
    },
    // A call is within one transaction.
    putAll(app, versions, keep) {
      if (!versions.every(({ policy }) => policy.version === nextOf(app, policy.pattern))) return false;
      for (const version of versions) pages.put(app, version, keep);
      return true;
    },
    history: (app, pattern, { beforeVersion = Number.MAX_SAFE_INTEGER, limit }) =>
      history.all(app, pattern, beforeVersion, limit).map(toVersion),
    historyOfAll: (app, { before, limit }) =>
      historyOfAll.all(app, before?.at ?? null, before?.pattern ?? null, before?.version ?? null, limit).map(toVersion),
  };
  return pages;
}

function toVersion(row: Row): PageVersion {
  const [via, note] = [optionalText(row, 'via'), optionalText(row, 'note')];
  return {
    ...{ policy: json<PagePolicy>(row, 'policy'), removed: number(row, 'removed') === 1 },
    ...(via === undefined ? {} : { via: via as PageVia }),
    ...(note === undefined ? {} : { note }),
  };
}
