// The relay's view of what is owed, over all apps. Not the logs: messages.ts.

import type { DatabaseSync } from 'node:sqlite';
import { asAppId } from '../../../ports/app-id.ts';
import { Served } from '../../../concurrency/served.ts';
import type { OutboxStore } from '../../../ports/stores/index.ts';
import type { Synchronous } from '../synchronous.ts';
import { takeInTurns } from '../take-in-turns.ts';
import { messageColumns, toMessage } from './message-row.ts';
import { number, text } from './row.ts';

export function sqliteOutbox(db: DatabaseSync): Synchronous<OutboxStore> {
  const owed = 'FROM messages WHERE due_at IS NOT NULL';
  const firstApp = db.prepare(`SELECT app ${owed} ORDER BY app LIMIT 1`);
  const nextApp = db.prepare(`SELECT app ${owed} AND app > ? ORDER BY app LIMIT 1`);
  const due = db.prepare(
    'SELECT rowid FROM messages WHERE app = ? AND (due_at <= ? OR due_at >= ?) ORDER BY due_at, rowid LIMIT ?',
  );
  const lease = db.prepare(`UPDATE messages SET due_at = ? WHERE rowid = ? RETURNING app, ${messageColumns}`);
  const served = new Served();

  /** Goes from app to app by the index, however much each owes. */
  function apps(): string[] {
    const found: string[] = [];
    for (let row = firstApp.get(); row !== undefined;) {
      const app = text(row, 'app');
      found.push(app);
      row = nextApp.get(app);
    }
    return found;
  }

  return {
    take: ({ nowMs, implausibleFromMs = Number.MAX_SAFE_INTEGER, limit, leaseMs }) => {
      const take = (app: string, most: number) =>
        due
          .all(app, nowMs, implausibleFromMs, most)
          .flatMap((row) => lease.all(nowMs + leaseMs, number(row, 'rowid')))
          .map((row) => ({ app: asAppId(text(row, 'app')), message: toMessage(row) }));
      const isDue = (app: string): boolean => due.get(app, nowMs, implausibleFromMs, 1) !== undefined;
      return takeInTurns({ apps: apps().filter(isDue), take, served }, limit);
    },
  };
}
