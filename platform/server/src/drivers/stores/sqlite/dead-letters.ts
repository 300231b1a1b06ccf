// Jobs that were given up. Not when one is: the queue's worker and notifications say so.

import { inboxStream } from '@belfry/protocol/names';
import type { DatabaseSync } from 'node:sqlite';
import type { AppId } from '../../../ports/app-id.ts';
import type {
  DeadLetterRecord,
  DeadLetterStore,
  DeadLetterTotal,
  Erased,
  EraseRequest,
  Page,
  PageRequest,
} from '../../../ports/stores/index.ts';
import { placeOf, readPlace } from '../dead-letter-place.ts';
import type { Synchronous } from '../synchronous.ts';
import { withoutUser } from '../erase-user.ts';
import { erasingScan } from './erasing-scan.ts';
import { json, jsonOf, number, optionalText, text } from './row.ts';
import type { Row } from './row.ts';

const columns = 'id, payload, error, label, died_at';

export class SqliteDeadLetters implements Synchronous<DeadLetterStore> {
  readonly #insert;
  readonly #select;
  readonly #list;
  readonly #listOfLabel;
  readonly #remove;
  readonly #count;
  readonly #prune;
  readonly #trim;
  readonly #scan;
  readonly #replace;

  constructor(db: DatabaseSync) {
    this.#insert = db.prepare(
      `INSERT INTO dead_letters (app, ${columns}) VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING`,
    );
    this.#select = db.prepare(`SELECT ${columns} FROM dead_letters WHERE app = ? AND id = ?`);
    const page = 'AND (died_at, id) < (?, ?) ORDER BY died_at DESC, id DESC LIMIT ?';
    this.#list = db.prepare(`SELECT ${columns} FROM dead_letters WHERE app = ? ${page}`);
    this.#listOfLabel = db.prepare(`SELECT ${columns} FROM dead_letters WHERE app = ? AND label = ? ${page}`);
    this.#remove = db.prepare('DELETE FROM dead_letters WHERE app = ? AND id = ?');
    this.#count = db.prepare('SELECT count(*) AS n FROM dead_letters WHERE app = ?');
    this.#prune = db.prepare(
      `DELETE FROM dead_letters WHERE rowid IN (
         SELECT rowid FROM dead_letters WHERE app = ? AND died_at < ? ORDER BY died_at LIMIT ?)`,
    );
    this.#trim = db.prepare(
      `DELETE FROM dead_letters WHERE rowid IN (
         SELECT rowid FROM dead_letters WHERE app = ?1 ORDER BY died_at, id
         LIMIT max(0, min(?3, (SELECT count(*) FROM dead_letters WHERE app = ?1) - ?2)))`,
    );
    this.#scan = erasingScan(db, {
      table: 'dead_letters',
      order: [
        ['died_at', 0],
        ['id', ''],
      ],
      columns: ['payload', 'error'],
      hits: 'instr(payload, $within) > 0 OR instr(id, $inbox) > 0 OR instr(error, $user) > 0',
    });
    this.#replace = db.prepare('UPDATE dead_letters SET payload = ?, error = ? WHERE app = ? AND id = ?');
  }

  erase(app: AppId, request: EraseRequest): Erased {
    const { userId } = request;
    return this.#scan.erase(app, request, (row) => {
      const [id, before, error] = [text(row, 'id'), text(row, 'payload'), text(row, 'error')];
      const left = withoutUser(JSON.parse(before) as unknown, userId);
      if (left === undefined || id.includes(`/${inboxStream(userId)}`)) return this.remove(app, id);
      const payload = jsonOf(left);
      const said = error.includes(userId) ? '' : error;
      if (payload === before && said === error) return false;
      return this.#replace.run(payload, said, app, id).changes > 0;
    });
  }

  put(app: AppId, letters: readonly DeadLetterRecord[]): void {
    for (const { id, payload, error, label, diedAt } of letters) {
      this.#insert.run(app, id, jsonOf(payload), error, label ?? null, diedAt);
    }
  }

  get(app: AppId, id: string): DeadLetterRecord | undefined {
    const row = this.#select.get(app, id);
    return row === undefined ? undefined : toLetter(row);
  }

  list(app: AppId, { after, limit, label }: PageRequest & { label?: string | undefined }): Page<DeadLetterRecord> {
    const { diedAt, id } = readPlace(after);
    const rows =
      label === undefined
        ? this.#list.all(app, diedAt, id, limit + 1)
        : this.#listOfLabel.all(app, label, diedAt, id, limit + 1);
    const items = rows.slice(0, limit).map(toLetter);
    const last = items.at(-1);
    return { items, ...(rows.length > limit && last !== undefined ? { next: placeOf(last) } : {}) };
  }

  remove(app: AppId, id: string): boolean {
    return this.#remove.run(app, id).changes > 0;
  }

  count(app: AppId): number {
    return number(this.#count.get(app) ?? {}, 'n');
  }

  prune(app: AppId, beforeMs: number, limit: number): number {
    return Number(this.#prune.run(app, beforeMs, limit).changes);
  }

  trim(app: AppId, keep: number, limit: number): number {
    return Number(this.#trim.run(app, keep, limit).changes);
  }
}

export function sqliteDeadLetterTotal(db: DatabaseSync): Synchronous<DeadLetterTotal> {
  const count = db.prepare('SELECT count(*) AS n FROM dead_letters');
  return { count: () => number(count.get() ?? {}, 'n') };
}

function toLetter(row: Row): DeadLetterRecord {
  const label = optionalText(row, 'label');
  return {
    id: text(row, 'id'),
    payload: json(row, 'payload'),
    error: text(row, 'error'),
    ...(label === undefined ? {} : { label }),
    diedAt: number(row, 'died_at'),
  };
}
