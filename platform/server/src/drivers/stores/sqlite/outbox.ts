// The relay's view of what is owed, over all apps. Not the logs: messages.ts.

import type { DatabaseSync } from 'node:sqlite';
import { asAppId } from '../../../ports/app-id.ts';
import type { OutboxStore } from '../../../ports/stores/index.ts';
import type { Synchronous } from '../synchronous.ts';
import { messageColumns, toMessage } from './message-row.ts';
import { number, text } from './row.ts';

export function sqliteOutbox(db: DatabaseSync): Synchronous<OutboxStore> {
  const due = db.prepare('SELECT rowid FROM messages WHERE due_at <= ? ORDER BY due_at, rowid LIMIT ?');
  const lease = db.prepare(`UPDATE messages SET due_at = ? WHERE rowid = ? RETURNING app, ${messageColumns}`);
  return {
    take: ({ nowMs, limit, leaseMs }) =>
      due
        .all(nowMs, limit)
        .flatMap((row) => lease.all(nowMs + leaseMs, number(row, 'rowid')))
        .map((row) => ({ app: asAppId(text(row, 'app')), message: toMessage(row) })),
  };
}
