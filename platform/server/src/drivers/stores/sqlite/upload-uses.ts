// Which messages use which uploads, and since when an upload has been used by none. Not the uploads:
// uploads.ts.

import { inboxStream } from '@belfry/protocol/names';
import type { DatabaseSync } from 'node:sqlite';
import type { AppId } from '../../../ports/app-id.ts';
import type { UploadUses } from '../../../ports/stores/index.ts';
import { text } from './row.ts';

export class SqliteUploadUses {
  readonly #streams;
  readonly #usedBy;
  readonly #unuse;
  readonly #use;
  readonly #touch;
  readonly #release;
  readonly #old;
  readonly #drop;
  readonly #dropOf;
  readonly #rename;

  constructor(db: DatabaseSync) {
    this.#streams = db.prepare(
      `SELECT DISTINCT stream FROM upload_uses WHERE app = ? AND upload_id = ? AND (stream GLOB 'c:*' OR stream = ?)`,
    );
    this.#usedBy = db.prepare('SELECT DISTINCT upload_id FROM upload_uses WHERE app = ? AND message_id = ?');
    this.#unuse = db.prepare('DELETE FROM upload_uses WHERE app = ? AND message_id = ?');
    this.#use = db.prepare(
      'INSERT OR IGNORE INTO upload_uses (app, upload_id, message_id, stream, at) VALUES (?, ?, ?, ?, ?)',
    );
    this.#touch = db.prepare('UPDATE uploads SET unused_since = NULL WHERE app = ? AND id = ?');
    this.#release = db.prepare(
      `UPDATE uploads SET unused_since = ? WHERE app = ? AND id = ? AND state = 'there' AND unused_since IS NULL
         AND NOT EXISTS (SELECT 1 FROM upload_uses WHERE app = uploads.app AND upload_id = uploads.id)`,
    );
    this.#old = db.prepare(
      'SELECT upload_id, message_id, stream FROM upload_uses WHERE app = ? AND at < ? ORDER BY at LIMIT ?',
    );
    this.#drop = db.prepare(
      'DELETE FROM upload_uses WHERE app = ? AND upload_id = ? AND message_id = ? AND stream = ?',
    );
    this.#rename = db.prepare('UPDATE upload_uses SET stream = ? WHERE app = ? AND upload_id = ? AND stream = ?');
    this.#dropOf = db.prepare('DELETE FROM upload_uses WHERE app = ? AND upload_id = ?');
  }

  /** Uses by messages to this user alone. */
  rename(app: AppId, uploadId: string, { userId, as }: { userId: string; as: string }): boolean {
    return this.#rename.run(inboxStream(as), app, uploadId, inboxStream(userId)).changes > 0;
  }

  streams(app: AppId, uploadId: string, userId: string): string[] {
    return this.#streams.all(app, uploadId, inboxStream(userId)).map((row) => text(row, 'stream'));
  }

  /** Exactly these; the uploads are there. */
  set(app: AppId, messageId: string, { uploadIds, streams, at }: UploadUses): void {
    const before = this.#usedBy.all(app, messageId).map((row) => text(row, 'upload_id'));
    this.#unuse.run(app, messageId);
    for (const id of uploadIds) {
      this.#touch.run(app, id);
      for (const stream of streams) this.#use.run(app, id, messageId, stream, at);
    }
    for (const id of [...before, ...uploadIds]) this.#release.run(at, app, id);
  }

  dropOld(app: AppId, { beforeMs, nowMs, limit }: { beforeMs: number; nowMs: number; limit: number }): number {
    const old = this.#old.all(app, beforeMs, limit);
    for (const row of old) {
      this.#drop.run(app, text(row, 'upload_id'), text(row, 'message_id'), text(row, 'stream'));
      this.#release.run(nowMs, app, text(row, 'upload_id'));
    }
    return old.length;
  }

  /** All of one upload that goes. */
  dropOf(app: AppId, uploadId: string): void {
    this.#dropOf.run(app, uploadId);
  }
}
