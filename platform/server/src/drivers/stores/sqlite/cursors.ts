// Cursors and the claims on them. Not when a push is wanted: notifications.

import type { DatabaseSync } from 'node:sqlite';
import type { ClaimOutcome, ClaimRequest, Cursor, CursorStore } from '../../../ports/stores/index.ts';
import { decideClaim } from '../decide-claim.ts';
import type { Synchronous } from '../synchronous.ts';
import { erasingScan } from './erasing-scan.ts';
import { number, optionalText, text } from './row.ts';
import type { Row } from './row.ts';

const columns = 'stream, user_id, delivered, seen, seen_mobile, read, pushed, claim_id, claim_from';

export function sqliteCursors(db: DatabaseSync): Synchronous<CursorStore> {
  const select = db.prepare(`SELECT ${columns} FROM cursors WHERE app = ? AND stream = ? AND user_id = ?`);
  const advance = db.prepare(
    `INSERT INTO cursors (app, stream, user_id, delivered, seen, seen_mobile, read, pushed) VALUES (?, ?, ?, ?, ?, ?, ?, 0)
     ON CONFLICT DO UPDATE SET delivered = max(delivered, excluded.delivered), seen = max(seen, excluded.seen),
       seen_mobile = max(seen_mobile, excluded.seen_mobile), read = max(read, excluded.read)
     WHERE excluded.delivered > delivered OR excluded.seen > seen OR excluded.seen_mobile > seen_mobile OR excluded.read > read`,
  );
  const claim = db.prepare(
    `INSERT INTO cursors (app, stream, user_id, delivered, seen, seen_mobile, read, pushed, claim_id, claim_from)
     VALUES (?, ?, ?, 0, 0, 0, 0, ?, ?, ?)
     ON CONFLICT DO UPDATE SET pushed = excluded.pushed, claim_id = excluded.claim_id, claim_from = excluded.claim_from`,
  );
  const start = db.prepare(
    `INSERT INTO cursors (app, stream, user_id, delivered, seen, seen_mobile, read, pushed) VALUES (?1, ?2, ?3, ?4, ?4, ?4, ?4, ?4)
     ON CONFLICT DO NOTHING`,
  );
  const scan = erasingScan(db, {
    table: 'cursors',
    order: [
      ['stream', ''],
      ['user_id', ''],
    ],
    columns: [],
    hits: 'user_id = $user OR stream = $inbox',
  });
  const remove = db.prepare('DELETE FROM cursors WHERE app = ? AND stream = ? AND user_id = ?');
  const find = (app: string, stream: string, userId: string): Cursor => {
    const row = select.get(app, stream, userId);
    return row === undefined ? zero(stream, userId) : toCursor(row);
  };
  const claimOne = (app: string, userId: string, request: ClaimRequest): ClaimOutcome => {
    const cursor = find(app, request.stream, userId);
    const result = decideClaim(cursor, request);
    // Tagged by an earlier call already: nothing to write.
    if (result !== 'won' || cursor.claim?.id === request.claimId) return { userId, result, cursor };
    const from = cursor.pushed;
    claim.run(app, request.stream, userId, request.through, request.claimId, from);
    return { userId, result, cursor: { ...cursor, pushed: request.through, claim: { id: request.claimId, from } } };
  };

  return {
    get: (app, stream, userIds) => new Map(userIds.map((userId) => [userId, find(app, stream, userId)])),
    ofUser: (app, userId, streams) => new Map(streams.map((stream) => [stream, find(app, stream, userId)])),
    advance(app, changes) {
      for (const { stream, userId, delivered = 0, seen = 0, seenMobile = 0, read = 0 } of changes) {
        // A row of zeros says what no row says.
        if (delivered + seen + seenMobile + read === 0) continue;
        advance.run(app, stream, userId, delivered, seen, seenMobile, read);
      }
    },
    claim: (app, request) => [...new Set(request.userIds)].map((userId) => claimOne(app, userId, request)),
    start(app, stream, { userIds, seq }) {
      for (const userId of userIds) start.run(app, stream, userId, seq);
    },
    erase: (app, request) =>
      scan.erase(app, request, (row) => remove.run(app, text(row, 'stream'), text(row, 'user_id')).changes > 0),
  };
}

function toCursor(row: Row): Cursor {
  const cursor: Cursor = {
    userId: text(row, 'user_id'),
    stream: text(row, 'stream'),
    delivered: number(row, 'delivered'),
    seen: number(row, 'seen'),
    seenMobile: number(row, 'seen_mobile'),
    read: number(row, 'read'),
    pushed: number(row, 'pushed'),
  };
  const claimId = optionalText(row, 'claim_id');
  if (claimId !== undefined) cursor.claim = { id: claimId, from: number(row, 'claim_from') };
  return cursor;
}

function zero(stream: string, userId: string): Cursor {
  return { userId, stream, delivered: 0, seen: 0, seenMobile: 0, read: 0, pushed: 0 };
}
