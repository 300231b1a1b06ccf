// Rows of facts about messages. Not their meaning, nor how they are folded: journey.

import { inboxStream } from '@belfry/protocol/names';
import type { DatabaseSync } from 'node:sqlite';
import type { JourneyRow, JourneyStore } from '../../../ports/stores/index.ts';
import type { Synchronous } from '../synchronous.ts';
import { renameUser, type Person } from '../erase-user.ts';
import { erasingScan } from './erasing-scan.ts';
import { json, number, optionalText, text } from './row.ts';
import type { Row } from './row.ts';

const columns = 'rowid, message_id, stream, from_seq, to_seq, type, at, body';

export function sqliteJourneys(db: DatabaseSync): Synchronous<JourneyStore> {
  const insert = db.prepare(
    'INSERT INTO journeys (app, message_id, stream, from_seq, to_seq, type, at, body) VALUES (?, ?, ?, ?, ?, ?, ?, ?)',
  );
  const ofMessage = db.prepare(`SELECT ${columns} FROM journeys WHERE app = ? AND message_id = ?`);
  const covering = db.prepare(
    `SELECT ${columns} FROM journeys WHERE app = ? AND stream = ? AND to_seq >= ? AND from_seq <= ?`,
  );
  const prune = db.prepare(
    'DELETE FROM journeys WHERE rowid IN (SELECT rowid FROM journeys WHERE app = ? AND at < ? ORDER BY at LIMIT ?)',
  );
  const scan = erasingScan(db, {
    table: 'journeys',
    order: [
      ['at', 0],
      ['rowid', 0],
    ],
    columns: ['stream', 'body'],
    hits: 'instr(body, $within) > 0 OR stream = $inbox',
  });
  const replace = db.prepare('UPDATE journeys SET stream = ?, body = ? WHERE rowid = ?');
  const rename = (row: Row, person: Person): boolean => {
    const [stream, before] = [optionalText(row, 'stream'), text(row, 'body')];
    const renamed = stream === inboxStream(person.userId) ? inboxStream(person.as) : stream;
    const body = JSON.stringify(renameUser(json(row, 'body'), person));
    if (renamed === stream && body === before) return false;
    return replace.run(renamed ?? null, body, number(row, 'rowid')).changes > 0;
  };
  return {
    append(app, rows) {
      for (const { messageId, range, type, at, body } of rows) {
        insert.run(
          app,
          messageId ?? null,
          range?.stream ?? null,
          range?.from ?? null,
          range?.to ?? null,
          type,
          at,
          body,
        );
      }
    },
    read(app, { messageId, at }) {
      // By rowid: a row may be found by its message and by its range, and by several places of one broadcast.
      const found = new Map<number, { at: number; row: Row }>();
      const keep = (row: Row): unknown => found.set(number(row, 'rowid'), { at: number(row, 'at'), row });
      ofMessage.all(app, messageId).forEach(keep);
      for (const { stream, seq } of at) covering.all(app, stream, seq, seq).forEach(keep);
      return [...found]
        .sort(([rowidA, a], [rowidB, b]) => a.at - b.at || rowidA - rowidB)
        .map(([, { row }]) => toJourneyRow(row));
    },
    prune: (app, beforeMs, limit) => Number(prune.run(app, beforeMs, limit).changes),
    erase: (app, request) => scan.erase(app, request, (row) => rename(row, request)),
  };
}

function toJourneyRow(row: Row): JourneyRow {
  const fact: JourneyRow = { type: text(row, 'type'), at: number(row, 'at'), body: text(row, 'body') };
  const messageId = optionalText(row, 'message_id');
  if (messageId !== undefined) fact.messageId = messageId;
  const stream = optionalText(row, 'stream');
  if (stream !== undefined) fact.range = { stream, from: number(row, 'from_seq'), to: number(row, 'to_seq') };
  return fact;
}
