// The journey index as JSON beside the columns by which entries are found. Not what is in it: journey.

import type { DatabaseSync } from 'node:sqlite';
import type { JourneyEntry, JourneyFilter, JourneyIndexStore, JourneyPlace } from '../../../ports/stores/index.ts';
import { renameUser, type Person } from '../erase-user.ts';
import { columnsOf } from '../journey-columns.ts';
import type { Synchronous } from '../synchronous.ts';
import { erasingScan } from './erasing-scan.ts';
import { json, jsonOrNull, number, text, type Row } from './row.ts';

/** A part of the app's entries in the order of the list; `$scan` of them at most. */
const looked = `
  FROM journey_index WHERE app = $app AND at >= $from AND (at, message_id) < ($at, $id)
  ORDER BY at DESC, message_id DESC`;

export function sqliteJourneyIndex(db: DatabaseSync): Synchronous<JourneyIndexStore> {
  const put = db.prepare(
    `INSERT INTO journey_index (app, message_id, at, kind, conversation_id, sender_id, users, reasons, facts, body)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
     ON CONFLICT DO UPDATE SET at = excluded.at, kind = excluded.kind, conversation_id = excluded.conversation_id,
       sender_id = excluded.sender_id, users = excluded.users, reasons = excluded.reasons, facts = excluded.facts,
       body = excluded.body
     WHERE excluded.facts >= facts`,
  );
  const list = db.prepare(
    `SELECT body FROM (SELECT * ${looked} LIMIT $scan)
     WHERE ($kind IS NULL OR kind = $kind) AND ($conversation IS NULL OR conversation_id = $conversation)
       AND ($user IS NULL OR sender_id = $user
         OR (instr(users, $quoted) > 0 AND EXISTS (SELECT 1 FROM json_each(users) WHERE value = $user)))
       AND NOT EXISTS (SELECT 1 FROM json_each($has) AS one
         WHERE NOT EXISTS (SELECT 1 FROM json_each(one.value) AS reason WHERE instr(reasons, reason.value) > 0))
       AND NOT EXISTS (SELECT 1 FROM json_each($hasNone) AS reason WHERE instr(reasons, reason.value) > 0)
     LIMIT $limit`,
  );
  const lastLooked = db.prepare(`SELECT at, message_id ${looked} LIMIT 1 OFFSET $skipped`);
  const prune = db.prepare(
    'DELETE FROM journey_index WHERE rowid IN (SELECT rowid FROM journey_index WHERE app = ? AND at < ? ORDER BY at LIMIT ?)',
  );
  const scan = erasingScan(db, {
    table: 'journey_index',
    order: [
      ['at', 0],
      ['message_id', ''],
    ],
    columns: ['app', 'body'],
    hits: 'instr(body, $within) > 0',
  });
  const rename = (row: Row, person: Person): boolean => {
    const before = text(row, 'body');
    const entry = renameUser(json(row, 'body'), person) as JourneyEntry;
    if (JSON.stringify(entry) === before) return false;
    return write(text(row, 'app'), entry);
  };
  const write = (app: string, entry: JourneyEntry): boolean => {
    const {
      messageId,
      at,
      kind,
      conversationId = null,
      senderId = null,
      users,
      reasons,
      facts,
      body,
    } = columnsOf(entry);
    const found = [conversationId, senderId, jsonOrNull(users), JSON.stringify(reasons)];
    return put.run(app, messageId, at, kind, ...found, facts, body).changes > 0;
  };
  return {
    put(app, entries) {
      for (const entry of entries) write(app, entry);
    },
    list(app, { after, limit, scan: most, ...filter }) {
      const place = { app, from: filter.from ?? 0, ...beforeOf(filter, after) };
      const wanted = { ...place, scan: most, ...wantedOf(filter), limit: limit + 1 };
      const found = list.all(wanted).map((row) => json<JourneyEntry>(row, 'body'));
      const items = found.slice(0, limit);
      if (found.length > limit) return { items, ...nextOf(items.at(-1)) };
      const last = lastLooked.get({ ...place, skipped: most - 1 });
      if (last === undefined) return { items };
      return { items, next: { at: number(last, 'at'), messageId: text(last, 'message_id') } };
    },
    prune: (app, beforeMs, limit) => Number(prune.run(app, beforeMs, limit).changes),
    erase: (app, request) => scan.erase(app, request, (row) => rename(row, request)),
  };
}

/** Every id of a moment is less than this text. */
const afterAll = '\u{10FFFF}';

function beforeOf({ to }: JourneyFilter, after: JourneyPlace | undefined) {
  const last = { at: to ?? Number.MAX_SAFE_INTEGER, id: afterAll };
  return after === undefined || after.at > last.at ? last : { at: after.at, id: after.messageId };
}

function wantedOf({ kind, conversationId, userId, has = [], hasNone = [] }: JourneyFilter) {
  return {
    ...{ kind: kind ?? null, conversation: conversationId ?? null, user: userId ?? null },
    quoted: userId === undefined ? null : JSON.stringify(userId),
    has: JSON.stringify(has.map((reasons) => reasons.map(quoted))),
    hasNone: JSON.stringify(hasNone.map(quoted)),
  };
}

function quoted(reason: string): string {
  return `"${reason}"`;
}

function nextOf(last: JourneyEntry | undefined) {
  return last === undefined ? {} : { next: { at: last.at, messageId: last.messageId } };
}
