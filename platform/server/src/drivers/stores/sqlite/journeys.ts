// Rows of facts about messages. Not their meaning, nor how they are folded: journey.

import type { DatabaseSync } from 'node:sqlite';
import type { JourneyRow, JourneyStore } from '../../../ports/stores/index.ts';
import type { Synchronous } from '../synchronous.ts';
import { number, optionalText, text } from './row.ts';
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
