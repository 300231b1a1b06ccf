// Webhooks that leave: the webhooks and their health. Not the events: webhook-events.ts.

import type { DatabaseSync } from 'node:sqlite';
import type { WebhookHealth, WebhookRecord, WebhookStore } from '../../../ports/stores/outbound.ts';
import type { Synchronous } from '../synchronous.ts';
import { json, number, text } from './row.ts';

export function sqliteWebhooks(db: DatabaseSync): Synchronous<WebhookStore> {
  const list = db.prepare('SELECT body FROM webhooks WHERE app = ? ORDER BY id');
  const get = db.prepare('SELECT body FROM webhooks WHERE app = ? AND id = ?');
  const version = db.prepare('SELECT version FROM webhooks WHERE app = ? AND id = ?');
  const put = db.prepare(
    `INSERT INTO webhooks (app, id, version, body) VALUES (?, ?, ?, ?)
     ON CONFLICT DO UPDATE SET version = excluded.version, body = excluded.body`,
  );
  const remove = db.prepare('DELETE FROM webhooks WHERE app = ? AND id = ?');
  const health = db.prepare('SELECT id, health FROM webhooks WHERE app = ? AND health IS NOT NULL');
  const putHealth = db.prepare('UPDATE webhooks SET health = ? WHERE app = ? AND id = ?');
  return {
    list: (app) => list.all(app).map((row) => json<WebhookRecord>(row, 'body')),
    get(app, id) {
      const row = get.get(app, id);
      return row === undefined ? undefined : json<WebhookRecord>(row, 'body');
    },
    put(app, webhook) {
      const row = version.get(app, webhook.id);
      if (webhook.version !== (row === undefined ? 0 : number(row, 'version')) + 1) return false;
      put.run(app, webhook.id, webhook.version, JSON.stringify(webhook));
      return true;
    },
    remove: (app, id) => remove.run(app, id).changes > 0,
    health: (app) => new Map(health.all(app).map((row) => [text(row, 'id'), json<WebhookHealth>(row, 'health')])),
    putHealth(app, id, given) {
      putHealth.run(JSON.stringify(given), app, id);
    },
  };
}
