// Takes one person out of the logs of an app. Not the logs: messages.ts.

import { inboxStream } from '@belfry/protocol/names';
import type { DatabaseSync } from 'node:sqlite';
import type { AppId } from '../../../ports/app-id.ts';
import type { Erased, EraseRequest, Page, PageRequest, StoredMessage } from '../../../ports/stores/index.ts';
import { withoutPerson } from '../annotate.ts';
import { renameUser, type Person } from '../erase-user.ts';
import { erasingScan, type ScannedTable } from './erasing-scan.ts';
import { clearedAdditions, type SqliteMessageAdditions } from './message-additions.ts';
import { additionColumns, messageColumns, toAdditions, toMessage } from './message-row.ts';
import type { SqliteMessageSearch } from './message-search.ts';
import { jsonOrNull, number, optionalText, text, type Row } from './row.ts';

const inOrderOfTime: Pick<ScannedTable, 'table' | 'order'> = {
  table: 'messages',
  order: [
    ['stored_at', 0],
    ['rowid', 0],
  ],
};

export class SqliteMessageErasing {
  readonly #sent;
  readonly #scan;
  readonly #whole;
  readonly #delete;
  readonly #rename;
  readonly #give;
  readonly #empty;
  readonly #putAdditions;
  readonly #search: SqliteMessageSearch;
  readonly #additions: SqliteMessageAdditions;

  constructor(db: DatabaseSync, parts: { search: SqliteMessageSearch; additions: SqliteMessageAdditions }) {
    this.#search = parts.search;
    this.#additions = parts.additions;
    this.#sent = erasingScan(db, { ...inOrderOfTime, columns: [], hits: 'sender_id = $user AND deleted_at IS NULL' });
    this.#scan = erasingScan(db, {
      ...inOrderOfTime,
      columns: ['stream', 'seq', 'sender_id', 'data', 'targets', 'exclude', ...additionColumns],
      hits: `sender_id = $user OR stream = $inbox OR instr(data, $within) > 0 OR instr(targets, $within) > 0
        OR instr(exclude, $within) > 0 OR instr(reactions, $within) > 0 OR pinned_by = $user`,
    });
    this.#whole = db.prepare(`SELECT ${messageColumns} FROM messages WHERE rowid = ?`);
    this.#delete = db.prepare('DELETE FROM messages WHERE rowid = ?');
    this.#rename = db.prepare('UPDATE messages SET data = ?, targets = ?, exclude = ? WHERE rowid = ?');
    // The sender's own id of it may say who they were, and a digest what they wrote.
    this.#give = db.prepare("UPDATE messages SET sender_id = ?, cid = id, body_hash = '' WHERE rowid = ?");
    this.#empty = db.prepare(
      `UPDATE messages SET data = '{}', deleted_at = ?, due_at = NULL, ${clearedAdditions} WHERE rowid = ? AND deleted_at IS NULL`,
    );
    this.#putAdditions = db.prepare('UPDATE messages SET reactions = ?, pinned_by = ?, added_at = ? WHERE rowid = ?');
  }

  ofSender(app: AppId, userId: string, { after, limit }: PageRequest): Page<StoredMessage> {
    const { rows, next } = this.#sent.rows(app, { userId, after, limit });
    const items = rows.flatMap((row) => this.#whole.all(number(row, 'rowid'))).map(toMessage);
    return { items, ...(next === undefined ? {} : { next }) };
  }

  erase(
    app: AppId,
    request: EraseRequest & { removedAtMs?: number | undefined },
  ): Erased & { streams: readonly string[] } {
    const streams = new Set<string>();
    const step = this.#scan.erase(app, request, (row) => {
      const isChanged = this.#change(app, row, request);
      if (isChanged) streams.add(text(row, 'stream'));
      return isChanged;
    });
    return { ...step, streams: [...streams] };
  }

  #change(
    app: AppId,
    row: Row,
    { userId, as, removedAtMs }: EraseRequest & { removedAtMs?: number | undefined },
  ): boolean {
    const place = { stream: text(row, 'stream'), seq: number(row, 'seq') };
    const rowid = number(row, 'rowid');
    if (text(row, 'stream') === inboxStream(userId)) return this.#delete.run(rowid).changes > 0;
    const renamed = ['data', 'targets', 'exclude'].map((column) => {
      const before = optionalText(row, column);
      const after = before === undefined ? null : JSON.stringify(renameUser(JSON.parse(before), { userId, as }));
      return { after, isChanged: after !== (before ?? null) };
    });
    const isMentioned = renamed.some(({ isChanged }) => isChanged);
    const isSender = text(row, 'sender_id') === userId;
    if (isMentioned) {
      const [data = null, targets = null, exclude = null] = renamed.map(({ after }) => after);
      this.#rename.run(data, targets, exclude, rowid);
      if (data !== null) this.#search.replace(app, place, JSON.parse(data) as Record<string, unknown>);
    }
    const hasAdded = this.#takeAdditions(row, { userId, as });
    if (isSender) {
      if (removedAtMs !== undefined) this.#emptyAt(app, { ...place, rowid }, removedAtMs);
      this.#give.run(as, rowid);
    }
    return isMentioned || isSender || hasAdded;
  }

  #emptyAt(app: AppId, { rowid, ...place }: { stream: string; seq: number; rowid: number }, removedAtMs: number): void {
    const id = this.#additions.answeredBy(app, place);
    this.#empty.run(removedAtMs, rowid);
    this.#search.replace(app, place, undefined);
    if (id !== undefined) this.#additions.recount(app, { stream: place.stream, id }, removedAtMs);
  }

  /** Their reactions go; what they pinned stays pinned. */
  #takeAdditions(row: Row, person: Person): boolean {
    const after = withoutPerson(toAdditions(row), person);
    if (after === undefined) return false;
    const { reactions, pinned, addedAt } = after;
    this.#putAdditions.run(jsonOrNull(reactions), pinned?.by ?? null, addedAt ?? null, number(row, 'rowid'));
    return true;
  }
}
