// Answers kept under a caller's key. Not how the key is made.

import type { DatabaseSync } from 'node:sqlite';
import type { IdempotencyStore } from '../../../ports/stores/index.ts';
import type { Synchronous } from '../synchronous.ts';
import { isKeyOf, saysUser } from '../erase-user.ts';
import { erasingScan } from './erasing-scan.ts';
import { json, jsonOf, number, optionalText, text } from './row.ts';

export function sqliteIdempotency(db: DatabaseSync): Synchronous<IdempotencyStore> {
  const select = db.prepare(
    'SELECT body_hash, token, began_at, forget_at, answer FROM idempotency WHERE app = ? AND key = ?',
  );
  const begin = db.prepare(
    `INSERT OR REPLACE INTO idempotency (app, key, body_hash, token, began_at, forget_at, answer)
     VALUES (?, ?, ?, ?, ?, ?, NULL)`,
  );
  const takeOver = db.prepare('UPDATE idempotency SET began_at = ? WHERE app = ? AND key = ?');
  const finish = db.prepare('UPDATE idempotency SET answer = ? WHERE app = ? AND key = ?');
  const abandon = db.prepare('DELETE FROM idempotency WHERE app = ? AND key = ? AND answer IS NULL');
  const prune = db.prepare('DELETE FROM idempotency WHERE app = ? AND forget_at <= ?');

  // Keys are compared in code: how a path spells an id is the caller's.
  const scan = erasingScan(db, { table: 'idempotency', order: [['key', '']], columns: ['answer'], hits: 'true' });
  const remove = db.prepare('DELETE FROM idempotency WHERE app = ? AND key = ?');

  return {
    begin(app, { key, bodyHash, token, nowMs, leaseMs, keepMs }) {
      const row = select.get(app, key);
      if (row === undefined || number(row, 'forget_at') <= nowMs) {
        begin.run(app, key, bodyHash, token, nowMs, nowMs + keepMs);
        return { state: 'mine', token };
      }
      if (text(row, 'body_hash') !== bodyHash) return { state: 'other_body' };
      if (row['answer'] !== null) return { state: 'done', answer: json(row, 'answer') };
      // One that began in the future did so before the wall clock was set back.
      if (Math.abs(nowMs - number(row, 'began_at')) < leaseMs) return { state: 'in_progress' };
      takeOver.run(nowMs, app, key);
      return { state: 'mine', token: text(row, 'token') };
    },
    finish(app, key, answer) {
      finish.run(jsonOf(answer), app, key);
    },
    abandon(app, key) {
      abandon.run(app, key);
    },
    prune: (app, nowMs) => Number(prune.run(app, nowMs).changes),
    erase: (app, request) =>
      scan.erase(app, request, (row) => {
        const [key, answer] = [text(row, 'key'), optionalText(row, 'answer')];
        if (!isKeyOf(key, request.userId) && !(answer !== undefined && saysUser(answer, request.userId))) return false;
        return remove.run(app, key).changes > 0;
      }),
  };
}
