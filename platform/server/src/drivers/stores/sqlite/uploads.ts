// Rows about uploads. Not the messages that use them (upload-uses.ts), nor their content: drivers/blobs.

import type { DatabaseSync } from 'node:sqlite';
import type { AppId } from '../../../ports/app-id.ts';
import type {
  ArrivedUpload,
  UploadBounds,
  Erased,
  EraseRequest,
  UploadRecord,
  UploadStore,
  UploadUses,
} from '../../../ports/stores/index.ts';
import type { Synchronous } from '../synchronous.ts';
import { erasingScan } from './erasing-scan.ts';
import { number, optionalNumber, text, type Row } from './row.ts';
import { SqliteUploadUses } from './upload-uses.ts';

export class SqliteUploads implements Synchronous<UploadStore> {
  readonly #uses: SqliteUploadUses;
  readonly #begin;
  readonly #select;
  readonly #complete;
  readonly #unused;
  readonly #totals;
  readonly #count;
  readonly #claim;
  readonly #idle;
  readonly #forget;
  readonly #scan;
  readonly #giveTo;

  constructor(db: DatabaseSync) {
    this.#uses = new SqliteUploadUses(db);
    this.#begin = db.prepare(
      `INSERT INTO uploads (app, id, user_id, state, name, type, bytes, digest, created_at, unused_since)
       VALUES (?1, ?2, '', 'arriving', '', '', 0, '', ?3, ?3)`,
    );
    this.#select = db.prepare(
      `SELECT id, user_id, state, name, type, bytes, digest, created_at, unused_since FROM uploads WHERE app = ? AND id = ?`,
    );
    this.#complete = db.prepare(
      `UPDATE uploads SET state = 'there', user_id = ?, name = ?, type = ?, bytes = ?, digest = ? WHERE app = ? AND id = ?`,
    );
    this.#unused = db.prepare(
      `SELECT count(*) AS n FROM (SELECT 1 FROM uploads
         WHERE app = ? AND user_id = ? AND state = 'there' AND unused_since IS NOT NULL LIMIT ?)`,
    );
    this.#totals = db.prepare('SELECT count, bytes FROM upload_totals WHERE app = ?');
    this.#count = db.prepare(
      `INSERT INTO upload_totals (app, count, bytes) VALUES (?, ?, ?)
       ON CONFLICT DO UPDATE SET count = count + excluded.count, bytes = bytes + excluded.bytes`,
    );
    this.#claim = db.prepare(
      `UPDATE uploads SET state = 'going', unused_since = coalesce(unused_since, 0) WHERE app = ? AND id = ?`,
    );
    this.#idle = db.prepare(
      `SELECT id FROM uploads WHERE app = ? AND unused_since IS NOT NULL AND (
         state = 'going' OR (state = 'arriving' AND unused_since < ?) OR (state = 'there' AND unused_since < ?))
       ORDER BY unused_since LIMIT ?`,
    );
    this.#scan = erasingScan(db, {
      table: 'uploads',
      order: [['id', '']],
      columns: ['user_id', 'unused_since'],
      hits: `user_id = $user
        OR EXISTS (SELECT 1 FROM upload_uses AS uses WHERE uses.app = $app AND uses.upload_id = id AND uses.stream = $inbox)`,
    });
    this.#giveTo = db.prepare('UPDATE uploads SET user_id = ? WHERE app = ? AND id = ?');
    this.#forget = db.prepare('DELETE FROM uploads WHERE app = ? AND id = ? RETURNING state, bytes, digest');
  }

  begin(app: AppId, { id, createdAt }: { id: string; createdAt: number }): void {
    this.#begin.run(app, id, createdAt);
  }

  complete(app: AppId, id: string, arrived: ArrivedUpload & UploadBounds): 'stored' | 'quota' | 'unused' | 'gone' {
    const { userId, name, type, bytes, digest, quotaBytes, unusedPerUser } = arrived;
    const row = this.#select.get(app, id);
    if (row === undefined || text(row, 'state') !== 'arriving') return 'gone';
    if (this.usage(app).bytes + bytes > quotaBytes) return 'quota';
    if (number(this.#unused.get(app, userId, unusedPerUser) ?? {}, 'n') >= unusedPerUser) return 'unused';
    this.#complete.run(userId, name, type, bytes, digest, app, id);
    this.#count.run(app, 1, bytes);
    return 'stored';
  }

  get(app: AppId, id: string): UploadRecord | undefined {
    const row = this.#thereOf(app, id);
    return row === undefined ? undefined : toUpload(row);
  }

  usage(app: AppId): { count: number; bytes: number } {
    const row = this.#totals.get(app);
    return row === undefined ? { count: 0, bytes: 0 } : { count: number(row, 'count'), bytes: number(row, 'bytes') };
  }

  streams(app: AppId, id: string, userId: string): string[] {
    return this.#uses.streams(app, id, userId);
  }

  setUses(app: AppId, messageId: string, uses: UploadUses): boolean {
    if (!uses.uploadIds.every((id) => this.#thereOf(app, id) !== undefined)) return false;
    this.#uses.set(app, messageId, uses);
    return true;
  }

  dropUses(app: AppId, request: { beforeMs: number; nowMs: number; limit: number }): number {
    return this.#uses.dropOld(app, request);
  }

  claim(app: AppId, id: string, { evenIfUsed }: { evenIfUsed: boolean }): 'claimed' | 'used' | 'missing' {
    const row = this.#thereOf(app, id);
    if (row === undefined) return 'missing';
    if (row['unused_since'] === null && !evenIfUsed) return 'used';
    this.#claim.run(app, id);
    this.#uses.dropOf(app, id);
    return 'claimed';
  }

  claimIdle(app: AppId, idle: { arrivingBeforeMs: number; unusedBeforeMs: number; limit: number }): string[] {
    const { arrivingBeforeMs, unusedBeforeMs, limit } = idle;
    const ids = this.#idle.all(app, arrivingBeforeMs, unusedBeforeMs, limit).map((row) => text(row, 'id'));
    for (const id of ids) this.#claim.run(app, id);
    return ids;
  }

  forget(app: AppId, ids: readonly string[]): void {
    for (const id of ids) {
      const row = this.#forget.get(app, id);
      this.#uses.dropOf(app, id);
      // Only what arrived whole was counted, and only that has a digest.
      if (row !== undefined && text(row, 'digest') !== '') this.#count.run(app, -1, -number(row, 'bytes'));
    }
  }

  erase(app: AppId, request: EraseRequest & { keepUsed: boolean }): Erased & { claimed: string[] } {
    const { userId, as, keepUsed } = request;
    const claimed: string[] = [];
    const step = this.#scan.erase(app, request, (row) => {
      const id = text(row, 'id');
      const isOwned = text(row, 'user_id') === userId;
      if (isOwned && (!keepUsed || row['unused_since'] !== null)) {
        this.#claim.run(app, id);
        this.#uses.dropOf(app, id);
        claimed.push(id);
        return true;
      }
      const isRenamed = this.#uses.rename(app, id, { userId, as });
      return isOwned ? this.#giveTo.run(as, app, id).changes > 0 : isRenamed;
    });
    return { ...step, claimed };
  }

  #thereOf(app: AppId, id: string): Row | undefined {
    const row = this.#select.get(app, id);
    return row !== undefined && text(row, 'state') === 'there' ? row : undefined;
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
