// Inbound webhooks: hooks, the installation's ids of them, and what came in. Not their meaning: hooks/.

import type { DatabaseSync } from 'node:sqlite';
import { asAppId } from '../../../ports/app-id.ts';
import type {
  HookDelivery,
  HookDeliveryStore,
  HookDirectory,
  HookRecord,
  HookStore,
} from '../../../ports/stores/index.ts';
import type { Synchronous } from '../synchronous.ts';
import { saysUser } from '../erase-user.ts';
import { contentOf, withoutContent } from '../hook-content.ts';
import { erasingScan } from './erasing-scan.ts';
import { json, number, optionalText, text, type Row } from './row.ts';

export function sqliteHooks(db: DatabaseSync): Synchronous<HookStore> {
  const list = db.prepare('SELECT body FROM hooks WHERE app = ? ORDER BY id');
  const get = db.prepare('SELECT body FROM hooks WHERE app = ? AND id = ?');
  const version = db.prepare('SELECT version FROM hooks WHERE app = ? AND id = ?');
  const put = db.prepare(
    `INSERT INTO hooks (app, id, version, body) VALUES (?, ?, ?, ?)
     ON CONFLICT DO UPDATE SET version = excluded.version, body = excluded.body`,
  );
  const remove = db.prepare('DELETE FROM hooks WHERE app = ? AND id = ?');
  return {
    list: (app) => list.all(app).map((row) => json<HookRecord>(row, 'body')),
    get(app, id) {
      const row = get.get(app, id);
      return row === undefined ? undefined : json<HookRecord>(row, 'body');
    },
    put(app, hook) {
      const row = version.get(app, hook.id);
      if (hook.version !== (row === undefined ? 0 : number(row, 'version')) + 1) return false;
      put.run(app, hook.id, hook.version, JSON.stringify(hook));
      return true;
    },
    remove: (app, id) => remove.run(app, id).changes > 0,
  };
}

export function sqliteHookDirectory(db: DatabaseSync): Synchronous<HookDirectory> {
  const find = db.prepare('SELECT app FROM hook_ids WHERE id = ?');
  const claim = db.prepare('INSERT INTO hook_ids (id, app) VALUES (?, ?) ON CONFLICT DO NOTHING');
  const release = db.prepare('DELETE FROM hook_ids WHERE id = ? AND app = ?');
  return {
    appOf(id) {
      const row = find.get(id);
      return row === undefined ? undefined : asAppId(text(row, 'app'));
    },
    claim(id, app) {
      claim.run(id, app);
      return asAppId(text(find.get(id) ?? {}, 'app'));
    },
    release(id, app) {
      release.run(id, app);
    },
  };
}

export function sqliteHookDeliveries(db: DatabaseSync): Synchronous<HookDeliveryStore> {
  const put = db.prepare(
    `INSERT INTO hook_deliveries (app, hook_id, id, received_at, outcome, body, payload) VALUES (?, ?, ?, ?, ?, ?, ?)
     ON CONFLICT (app, hook_id, id) DO UPDATE SET
       received_at = excluded.received_at, outcome = excluded.outcome, body = excluded.body, payload = excluded.payload`,
  );
  const get = db.prepare('SELECT body, payload FROM hook_deliveries WHERE app = ? AND hook_id = ? AND id = ?');
  const list = db.prepare(
    `SELECT body FROM hook_deliveries WHERE app = ?1 AND hook_id = ?2 AND (?3 IS NULL OR id < ?3)
     AND (?4 IS NULL OR outcome = ?4) ORDER BY id DESC LIMIT ?5`,
  );
  const removeOf = db.prepare(
    'DELETE FROM hook_deliveries WHERE rowid IN (SELECT rowid FROM hook_deliveries WHERE app = ? AND hook_id = ? LIMIT ?)',
  );
  const prune = db.prepare(
    `DELETE FROM hook_deliveries WHERE rowid IN
     (SELECT rowid FROM hook_deliveries WHERE app = ? AND received_at < ? ORDER BY received_at LIMIT ?)`,
  );
  const trim = db.prepare(
    `DELETE FROM hook_deliveries WHERE rowid IN (
       SELECT rowid FROM hook_deliveries WHERE app = ?1 ORDER BY received_at, id
       LIMIT max(0, min(?3, (SELECT count(*) FROM hook_deliveries WHERE app = ?1) - ?2)))`,
  );
  const scan = erasingScan(db, {
    table: 'hook_deliveries',
    order: [
      ['received_at', 0],
      ['rowid', 0],
    ],
    columns: ['body', 'payload'],
    // A payload may spell the id in another way than this process would.
    hits: "instr(body, $within) > 0 OR instr(payload, $within) > 0 OR instr(payload, $user) > 0 OR instr(payload, '\\u') > 0",
  });
  const strip = db.prepare('UPDATE hook_deliveries SET body = ?, payload = NULL WHERE rowid = ?');
  return {
    put(app, { payload, ...delivery }) {
      const { hookId, id, receivedAt, outcome } = delivery;
      put.run(app, hookId, id, receivedAt, outcome, JSON.stringify(delivery), payload ?? null);
    },
    get(app, hookId, id) {
      const row = get.get(app, hookId, id);
      return row === undefined ? undefined : toDelivery(row);
    },
    list: (app, hookId, { before, outcome, limit }) =>
      list.all(app, hookId, before ?? null, outcome ?? null, limit).map((row) => json<HookDelivery>(row, 'body')),
    removeOf: (app, hookId, limit) => Number(removeOf.run(app, hookId, limit).changes),
    prune: (app, beforeMs, limit) => Number(prune.run(app, beforeMs, limit).changes),
    trim: (app, keep, limit) => Number(trim.run(app, keep, limit).changes),
    erase: (app, request) =>
      scan.erase(app, request, (row) => {
        const { userId } = request;
        const delivery = { ...json<HookDelivery>(row, 'body'), payload: optionalText(row, 'payload') ?? '' };
        if (!contentOf(delivery).some((content) => saysUser(content, userId))) return false;
        const stripped = JSON.stringify(withoutContent(delivery));
        return strip.run(stripped, number(row, 'rowid')).changes > 0;
      }),
  };
}

function toDelivery(row: Row): HookDelivery {
  const payload = optionalText(row, 'payload');
  return { ...json<HookDelivery>(row, 'body'), ...(payload === undefined ? {} : { payload }) };
}
