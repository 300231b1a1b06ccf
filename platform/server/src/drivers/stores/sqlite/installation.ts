// The small facts of the installation itself. Not anything of an app.

import type { DatabaseSync } from 'node:sqlite';
import type { InstallationStore } from '../../../ports/stores/index.ts';
import type { Synchronous } from '../synchronous.ts';
import { text } from './row.ts';

export function sqliteInstallation(db: DatabaseSync): Synchronous<InstallationStore> {
  const select = db.prepare('SELECT value FROM installation WHERE name = ?');
  const insert = db.prepare('INSERT INTO installation (name, value) VALUES (?, ?) ON CONFLICT DO NOTHING');
  const upsert = db.prepare(
    'INSERT INTO installation (name, value) VALUES (?, ?) ON CONFLICT DO UPDATE SET value = excluded.value',
  );
  const get = (name: string): string | undefined => {
    const row = select.get(name);
    return row === undefined ? undefined : text(row, 'value');
  };
  return {
    get,
    setOnce(name, value) {
      insert.run(name, value);
      return get(name) ?? value;
    },
    set(name, value) {
      upsert.run(name, value);
    },
  };
}
