// Users' preferences for pushes, as JSON under a version. Not what they mean.

import type { DatabaseSync } from 'node:sqlite';
import type { PreferenceRecord, PreferenceStore } from '../../../ports/stores/index.ts';
import type { Synchronous } from '../synchronous.ts';
import { json, number } from './row.ts';

export function sqlitePreferences(db: DatabaseSync): Synchronous<PreferenceStore> {
  const select = db.prepare('SELECT version, body FROM preferences WHERE app = ? AND user_id = ?');
  const insert = db.prepare(
    'INSERT INTO preferences (app, user_id, version, body) VALUES (?, ?, 1, ?) ON CONFLICT DO NOTHING',
  );
  const update = db.prepare(
    'UPDATE preferences SET version = ?, body = ? WHERE app = ? AND user_id = ? AND version = ?',
  );
  const remove = db.prepare('DELETE FROM preferences WHERE app = ? AND user_id = ?');
  return {
    ofUsers(app, userIds) {
      const found = new Map<string, PreferenceRecord>();
      for (const userId of userIds) {
        const row = select.get(app, userId);
        if (row !== undefined)
          found.set(userId, { userId, version: number(row, 'version'), preferences: json(row, 'body') });
      }
      return found;
    },
    put(app, { userId, version, preferences }) {
      const body = JSON.stringify(preferences);
      const { changes } =
        version === 1 ? insert.run(app, userId, body) : update.run(version, body, app, userId, version - 1);
      return changes > 0;
    },
    remove: (app, userId) => remove.run(app, userId).changes > 0,
  };
}
