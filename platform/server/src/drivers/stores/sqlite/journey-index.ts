// The journey index as JSON beside the columns by which entries are found. Not what is in it: journey.

import type { DatabaseSync, StatementSync } from 'node:sqlite';
import type { JourneyEntry, JourneyFilter, JourneyIndexStore, JourneyPlace } from '../../../ports/stores/index.ts';
import { countJourneys, type JourneyCounted } from '../count-values.ts';
import { renameUser, type Person } from '../erase-user.ts';
import { columnsOf } from '../journey-columns.ts';
import type { Synchronous } from '../synchronous.ts';
import { erasingScan } from './erasing-scan.ts';
import { json, jsonOrNull, number, text, type Row } from './row.ts';

/** The app's entries of a time, in the order of the list. */
const inTime = 'FROM journey_index WHERE app = $app AND at >= $from AND (at, message_id) < ($at, $id)';
const newestFirst = 'ORDER BY at DESC, message_id DESC';

export function sqliteJourneyIndex(db: DatabaseSync): Synchronous<JourneyIndexStore> {
  const put = db.prepare(
    `INSERT INTO journey_index (app, message_id, at, kind, conversation_id, sender_id, users, reasons, facts, body)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
     ON CONFLICT DO UPDATE SET at = excluded.at, kind = excluded.kind, conversation_id = excluded.conversation_id,
       sender_id = excluded.sender_id, users = excluded.users, reasons = excluded.reasons, facts = excluded.facts,
       body = excluded.body
     WHERE excluded.facts >= facts`,
  );
  // By the index alone, however long the rows are.
  const lastLooked = db.prepare(`SELECT at, message_id ${inTime} ${newestFirst} LIMIT 1 OFFSET $skipped`);
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
      const end = lastLooked.get({ ...place, skipped: most - 1 });
      const { clauses, values } = wantedOf(filter);
      const within = end === undefined ? '' : 'AND (at, message_id) >= ($endAt, $endId)';
      // The end is `from` too: the walk along the index ends by that alone.
      const last = end && { at: number(end, 'at'), messageId: text(end, 'message_id') };
      // Of our own texts; what somebody asks for are values.
      const list = db.prepare(`SELECT body ${inTime} ${within} ${clauses} ${newestFirst} LIMIT $limit`);
      const found = list
        .all({
          ...place,
          ...values,
          ...(last && { from: last.at, endAt: last.at, endId: last.messageId }),
          limit: limit + 1,
        })
        .map((row) => json<JourneyEntry>(row, 'body'));
      const items = found.slice(0, limit);
      const next = found.length > limit ? placeOf(items.at(-1)) : last;
      return { items, ...(next !== undefined && { next }) };
    },
    count: (app, { scan: most, ...filter }) => countIn(db, { app, most, filter, lastLooked }),
    prune: (app, beforeMs, limit) => Number(prune.run(app, beforeMs, limit).changes),
    erase: (app, request) => scan.erase(app, request, (row) => rename(row, request)),
  };
}

function countIn(
  db: DatabaseSync,
  asked: { app: string; most: number; filter: JourneyFilter; lastLooked: StatementSync },
): JourneyCounted {
  const { app, most, filter, lastLooked } = asked;
  const place = { app, from: filter.from ?? 0, ...beforeOf(filter, undefined) };
  // The first that is not looked at.
  const end = lastLooked.get({ ...place, skipped: most });
  const { clauses, values } = wantedOf(filter);
  const within = end === undefined ? '' : 'AND (at, message_id) > ($endAt, $endId)';
  const last = end && { at: number(end, 'at'), messageId: text(end, 'message_id') };
  const rows = db.prepare(`SELECT kind, reasons ${inTime} ${within} ${clauses}`).all({
    ...place,
    ...values,
    ...(last && { from: last.at, endAt: last.at, endId: last.messageId }),
  });
  return countJourneys(
    rows.map((row) => ({ kind: text(row, 'kind'), reasons: json<string[]>(row, 'reasons') })),
    end !== undefined,
  );
}

/** Every id of a moment is less than this text. */
const afterAll = '\u{10FFFF}';

function beforeOf({ to }: JourneyFilter, after: JourneyPlace | undefined) {
  const last = { at: to ?? Number.MAX_SAFE_INTEGER, id: afterAll };
  return after === undefined || after.at > last.at ? last : { at: after.at, id: after.messageId };
}

/** As few words as the filter has: it is asked of ten thousand rows. */
function wantedOf({ kind, conversationId, userId, has = [], hasNone = [] }: JourneyFilter) {
  const values = new Map<string, string>();
  const value = (of: string): string => {
    const name = `wanted${values.size}`;
    values.set(name, of);
    return `$${name}`;
  };
  // In quotation marks, so that none is found within another.
  const hasReason = (reason: string): string => `instr(reasons, ${value(JSON.stringify(reason))}) > 0`;
  const isOneOfUsers = (user: string): string =>
    `instr(users, ${value(JSON.stringify(user))}) > 0 AND EXISTS (SELECT 1 FROM json_each(users) WHERE value = ${value(user)})`;
  const clauses = [
    ...(kind === undefined ? [] : [`kind = ${value(kind)}`]),
    ...(conversationId === undefined ? [] : [`conversation_id = ${value(conversationId)}`]),
    ...(userId === undefined ? [] : [`(sender_id = ${value(userId)} OR (${isOneOfUsers(userId)}))`]),
    ...has.map((reasons) => (reasons.length === 0 ? 'FALSE' : `(${reasons.map(hasReason).join(' OR ')})`)),
    ...hasNone.map((reason) => `NOT ${hasReason(reason)}`),
  ];
  return { clauses: clauses.map((clause) => `AND ${clause}`).join(' '), values: Object.fromEntries(values) };
}

function placeOf(last: JourneyEntry | undefined): JourneyPlace | undefined {
  return last && { at: last.at, messageId: last.messageId };
}
