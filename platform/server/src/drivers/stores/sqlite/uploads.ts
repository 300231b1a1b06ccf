// Rows about uploads and the messages that use them. Not their content: drivers/blobs.

import type { DatabaseSync } from 'node:sqlite';
import type { UploadRecord, UploadStore } from '../../../ports/stores/index.ts';
import type { Synchronous } from '../synchronous.ts';
import { number, optionalNumber, text, type Row } from './row.ts';

export function sqliteUploads(db: DatabaseSync): Synchronous<UploadStore> {
  const begin = db.prepare(
    `INSERT INTO uploads (app, id, user_id, state, name, type, bytes, digest, created_at, unused_since)
     VALUES (?, ?, '', 'arriving', '', '', 0, '', ?, ?)`,
  );
  const select = db.prepare(
    `SELECT id, user_id, state, name, type, bytes, digest, created_at, unused_since FROM uploads WHERE app = ? AND id = ?`,
  );
  const complete = db.prepare(
    `UPDATE uploads SET state = 'there', user_id = ?, name = ?, type = ?, bytes = ?, digest = ? WHERE app = ? AND id = ?`,
  );
  const totals = db.prepare('SELECT count, bytes FROM upload_totals WHERE app = ?');
  const count = db.prepare(
    `INSERT INTO upload_totals (app, count, bytes) VALUES (?, ?, ?)
     ON CONFLICT DO UPDATE SET count = count + excluded.count, bytes = bytes + excluded.bytes`,
  );
  const streams = db.prepare(
    `SELECT DISTINCT stream FROM upload_uses WHERE app = ? AND upload_id = ? AND (stream GLOB 'c:*' OR stream = ?)`,
  );
  const used = db.prepare('SELECT DISTINCT upload_id FROM upload_uses WHERE app = ? AND message_id = ?');
  const unuse = db.prepare('DELETE FROM upload_uses WHERE app = ? AND message_id = ?');
  const use = db.prepare(
    'INSERT OR IGNORE INTO upload_uses (app, upload_id, message_id, stream, at) VALUES (?, ?, ?, ?, ?)',
  );
  const touch = db.prepare('UPDATE uploads SET unused_since = NULL WHERE app = ? AND id = ?');
  const release = db.prepare(
    `UPDATE uploads SET unused_since = ? WHERE app = ? AND id = ? AND state = 'there' AND unused_since IS NULL
       AND NOT EXISTS (SELECT 1 FROM upload_uses WHERE app = uploads.app AND upload_id = uploads.id)`,
  );
  const oldUses = db.prepare(
    'SELECT upload_id, message_id, stream FROM upload_uses WHERE app = ? AND at < ? ORDER BY at LIMIT ?',
  );
  const dropUse = db.prepare(
    'DELETE FROM upload_uses WHERE app = ? AND upload_id = ? AND message_id = ? AND stream = ?',
  );
  const claim = db.prepare(
    `UPDATE uploads SET state = 'going', unused_since = coalesce(unused_since, 0) WHERE app = ? AND id = ?`,
  );
  const dropUsesOf = db.prepare('DELETE FROM upload_uses WHERE app = ? AND upload_id = ?');
  const idle = db.prepare(
    `SELECT id FROM uploads WHERE app = ? AND unused_since IS NOT NULL AND (
       state = 'going' OR (state = 'arriving' AND unused_since < ?) OR (state = 'there' AND unused_since < ?))
     ORDER BY unused_since LIMIT ?`,
  );
  const forget = db.prepare('DELETE FROM uploads WHERE app = ? AND id = ? RETURNING state, bytes, digest');

  return {
    begin(app, { id, createdAt }) {
      begin.run(app, id, createdAt, createdAt);
    },
    complete(app, id, { userId, name, type, bytes, digest, quotaBytes }) {
      const row = select.get(app, id);
      if (row === undefined || text(row, 'state') !== 'arriving') return 'gone';
      if (usageOf(app).bytes + bytes > quotaBytes) return 'quota';
      complete.run(userId, name, type, bytes, digest, app, id);
      count.run(app, 1, bytes);
      return 'stored';
    },
    get(app, id) {
      const row = select.get(app, id);
      return row === undefined || text(row, 'state') !== 'there' ? undefined : toUpload(row);
    },
    usage: (app) => usageOf(app),
    streams: (app, id, userId) => streams.all(app, id, `i:${userId}`).map((row) => text(row, 'stream')),
    setUses(app, messageId, uses) {
      const isThere = (row: Row | undefined): boolean => row !== undefined && text(row, 'state') === 'there';
      if (!uses.uploadIds.every((id) => isThere(select.get(app, id)))) return false;
      const before = used.all(app, messageId).map((row) => text(row, 'upload_id'));
      unuse.run(app, messageId);
      for (const id of uses.uploadIds) {
        touch.run(app, id);
        for (const stream of uses.streams) use.run(app, id, messageId, stream, uses.at);
      }
      for (const id of [...before, ...uses.uploadIds]) release.run(uses.at, app, id);
      return true;
    },
    dropUses(app, { beforeMs, nowMs, limit }) {
      const old = oldUses.all(app, beforeMs, limit);
      for (const row of old) {
        dropUse.run(app, text(row, 'upload_id'), text(row, 'message_id'), text(row, 'stream'));
        release.run(nowMs, app, text(row, 'upload_id'));
      }
      return old.length;
    },
    claim(app, id, { evenIfUsed }) {
      const row = select.get(app, id);
      if (row === undefined || text(row, 'state') !== 'there') return 'missing';
      if (row['unused_since'] === null && !evenIfUsed) return 'used';
      claim.run(app, id);
      dropUsesOf.run(app, id);
      return 'claimed';
    },
    claimIdle(app, { arrivingBeforeMs, unusedBeforeMs, limit }) {
      const ids = idle.all(app, arrivingBeforeMs, unusedBeforeMs, limit).map((row) => text(row, 'id'));
      for (const id of ids) claim.run(app, id);
      return ids;
    },
    forget(app, ids) {
      for (const id of ids) {
        const row = forget.get(app, id);
        dropUsesOf.run(app, id);
        // Only what arrived whole was counted, and only that has a digest.
        if (row !== undefined && text(row, 'digest') !== '') count.run(app, -1, -number(row, 'bytes'));
      }
    },
  };

  function usageOf(app: string): { count: number; bytes: number } {
    const row = totals.get(app);
    return row === undefined ? { count: 0, bytes: 0 } : { count: number(row, 'count'), bytes: number(row, 'bytes') };
  }
}

function toUpload(row: Row): UploadRecord {
  const unusedSince = optionalNumber(row, 'unused_since');
  return {
    id: text(row, 'id'),
    userId: text(row, 'user_id'),
    name: text(row, 'name'),
    type: text(row, 'type'),
    bytes: number(row, 'bytes'),
    digest: text(row, 'digest'),
    createdAt: number(row, 'created_at'),
    ...(unusedSince === undefined ? {} : { unusedSince }),
  };
}
