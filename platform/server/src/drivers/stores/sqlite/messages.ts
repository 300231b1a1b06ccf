// The logs of an app. Not the rows' shape (message-row.ts) and not the relay's view over all apps
// (outbox.ts).

import type { DatabaseSync } from 'node:sqlite';
import type { AppId } from '../../../ports/app-id.ts';
import type {
  Annotated,
  Annotation,
  AppendResult,
  ChangeRange,
  Erased,
  EraseRequest,
  MessageSearch,
  MessageStore,
  Page,
  PageRequest,
  ReadRange,
  StoredMessage,
  StreamHead,
  UnreadRange,
} from '../../../ports/stores/index.ts';
import { conversationOfStream, firstEpoch } from '../conversation-stream.ts';
import type { Synchronous } from '../synchronous.ts';
import { SqliteMessageErasing } from './erase-messages.ts';
import { lifeExpression } from './log-life.ts';
import { SqliteMessageSearch } from './message-search.ts';
import { clearedAdditions, SqliteMessageAdditions } from './message-additions.ts';
import { insertedColumns, messageColumns, toMessage, toMessageValues } from './message-row.ts';
import { number, optionalNumber, text } from './row.ts';

type Data = Record<string, unknown>;
type Place = Pick<StoredMessage, 'stream' | 'seq'>;

export class SqliteMessages implements Synchronous<MessageStore> {
  readonly #insert;
  readonly #cidTaken;
  readonly #activate;
  readonly #bounds;
  readonly #epoch;
  readonly #ascending;
  readonly #descending;
  readonly #newest;
  readonly #unread;
  readonly #byId;
  readonly #byCid;
  readonly #edit;
  readonly #remove;
  readonly #changed;
  readonly #clear;
  readonly #prune;
  readonly #erasing;
  readonly #search: SqliteMessageSearch;
  readonly #additions: SqliteMessageAdditions;

  constructor(db: DatabaseSync) {
    this.#search = new SqliteMessageSearch(db);
    this.#additions = new SqliteMessageAdditions(db);
    this.#erasing = new SqliteMessageErasing(db, { search: this.#search, additions: this.#additions });
    this.#insert = db.prepare(
      `INSERT INTO messages (app, ${insertedColumns}) VALUES (?${', ?'.repeat(19)}) ON CONFLICT DO NOTHING`,
    );
    this.#cidTaken = db.prepare('SELECT 1 FROM messages WHERE app = ? AND stream = ? AND sender_id = ? AND cid = ?');
    this.#activate = db.prepare('UPDATE conversations SET active_at = max(active_at, ?) WHERE app = ? AND id = ?');
    const epoch = `coalesce((SELECT epoch FROM streams WHERE app = ?1 AND stream = ?2), '${firstEpoch}') || ${lifeExpression} AS epoch`;
    this.#epoch = db.prepare(`SELECT ${epoch}`);
    this.#bounds = db.prepare(
      `SELECT (SELECT min(seq) FROM messages WHERE app = ?1 AND stream = ?2) AS first,
              (SELECT max(seq) FROM messages WHERE app = ?1 AND stream = ?2) AS last,
              ${epoch}`,
    );
    const range = `SELECT ${messageColumns} FROM messages WHERE app = ? AND stream = ? AND seq > ? AND seq < ?`;
    this.#ascending = db.prepare(`${range} ORDER BY seq LIMIT ?`);
    this.#descending = db.prepare(`${range} ORDER BY seq DESC LIMIT ?`);
    // As `isAddressedTo`. Few messages name anybody, so the lists are hardly ever looked into.
    const inTargets = '(targets IS NULL OR EXISTS (SELECT 1 FROM json_each(targets) WHERE value = $user))';
    const notExcluded = '(exclude IS NULL OR NOT EXISTS (SELECT 1 FROM json_each(exclude) WHERE value = $user))';
    this.#newest = db.prepare(
      `SELECT ${messageColumns} FROM messages WHERE app = $app AND stream = $stream
       AND deleted_at IS NULL AND (sender_id = $user OR (${inTargets} AND ${notExcluded})) ORDER BY seq DESC LIMIT 1`,
    );
    this.#unread = db.prepare(
      `SELECT count(*) AS n FROM messages WHERE app = $app AND stream = $stream AND seq > $after AND seq <= $through AND sender_id <> $user
       AND deleted_at IS NULL AND ${inTargets} AND ${notExcluded}`,
    );
    this.#byId = db.prepare(`SELECT ${messageColumns} FROM messages WHERE app = ? AND id = ? ORDER BY stream`);
    this.#byCid = db.prepare(
      `SELECT ${messageColumns} FROM messages WHERE app = ? AND stream = ? AND sender_id = ? AND cid = ?`,
    );
    const at = 'WHERE app = ? AND stream = ? AND seq = ?';
    this.#edit = db.prepare(
      `UPDATE messages SET data = ?, edited_at = ?, content_version = coalesce(?, content_version) ${at} AND deleted_at IS NULL`,
    );
    this.#remove = db.prepare(
      `UPDATE messages SET data = ?, deleted_at = ?, due_at = NULL, ${clearedAdditions} ${at} AND deleted_at IS NULL`,
    );
    // As in the index.
    const changedAt = 'coalesce(deleted_at, max(coalesce(edited_at, added_at), coalesce(added_at, edited_at)))';
    this.#changed = db.prepare(
      `SELECT ${messageColumns} FROM messages WHERE app = ? AND stream = ? AND ${changedAt} IS NOT NULL
       AND (${changedAt}, seq) > (?, ?) AND seq <= ? ORDER BY ${changedAt}, seq LIMIT ?`,
    );
    this.#clear = db.prepare(`UPDATE messages SET due_at = NULL ${at} AND due_at IS NOT NULL`);
    this.#prune = db.prepare(
      `DELETE FROM messages WHERE rowid IN (
         SELECT m.rowid FROM messages m WHERE m.app = ? AND m.stored_at < ? AND m.due_at IS NULL
         AND EXISTS (SELECT 1 FROM messages n WHERE n.app = m.app AND n.stream = m.stream AND n.seq > m.seq)
         ORDER BY m.stored_at, m.seq LIMIT ?)`,
    );
  }

  append(app: AppId, messages: readonly StoredMessage[], epoch?: string): AppendResult {
    const [first] = messages;
    if (first !== undefined && epoch !== undefined && epoch !== this.#epochNow(app, first.stream)) {
      return { inserted: 0, conflict: 'seq' };
    }
    let inserted = 0;
    for (const message of messages) {
      const { changes, lastInsertRowid } = this.#insert.run(app, ...toMessageValues(message));
      if (changes === 0) {
        const taken = this.#cidTaken.get(app, message.stream, message.senderId ?? '', message.cid);
        return { inserted, conflict: taken === undefined ? 'seq' : 'cid' };
      }
      this.#search.add(app, lastInsertRowid, message);
      this.#additions.count(app, message);
      inserted += 1;
      // Once an append, not once a message: the last one is the newest.
      const conversation = inserted === messages.length ? conversationOfStream(message.stream) : undefined;
      if (conversation !== undefined) this.#activate.run(message.storedAt, app, conversation);
    }
    return { inserted };
  }

  appendMany(
    app: AppId,
    groups: readonly (readonly StoredMessage[])[],
    epochs: readonly string[] = [],
  ): AppendResult[] {
    return groups.map((group, at) => this.append(app, group, epochs[at]));
  }

  #epochNow(app: AppId, stream: string): string {
    return text(this.#epoch.get(app, stream) ?? {}, 'epoch');
  }

  heads(app: AppId, streams: readonly string[]): Map<string, StreamHead> {
    return new Map(
      streams.map((stream): [string, StreamHead] => {
        const row = this.#bounds.get(app, stream) ?? {};
        const seq = optionalNumber(row, 'last') ?? 0;
        return [stream, { epoch: text(row, 'epoch'), seq, firstSeq: optionalNumber(row, 'first') ?? seq + 1 }];
      }),
    );
  }

  read(app: AppId, stream: string, range: ReadRange): StoredMessage[] {
    const { afterSeq = -1, beforeSeq = Number.MAX_SAFE_INTEGER, limit, order, only } = range;
    if (only !== undefined) return this.#additions.read(app, stream, { ...range, only }).map(toMessage);
    const statement = order === 'descending' ? this.#descending : this.#ascending;
    return statement.all(app, stream, afterSeq, beforeSeq, limit).map(toMessage);
  }

  newest(app: AppId, user: string, streams: readonly string[]): Map<string, StoredMessage> {
    const found = new Map<string, StoredMessage>();
    for (const stream of streams) {
      const row = this.#newest.get({ app, stream, user });
      if (row !== undefined) found.set(stream, toMessage(row));
    }
    return found;
  }

  countUnread(app: AppId, user: string, since: readonly UnreadRange[]): Map<string, number> {
    return new Map(
      since.map(({ stream, afterSeq: after, throughSeq: through = Number.MAX_SAFE_INTEGER }) => [
        stream,
        number(this.#unread.get({ app, stream, after, through, user }) ?? {}, 'n'),
      ]),
    );
  }

  byId(app: AppId, messageId: string): StoredMessage[] {
    return this.#byId.all(app, messageId).map(toMessage);
  }

  byCid(
    app: AppId,
    stream: string,
    { senderId, cid }: { senderId: string | undefined; cid: string },
  ): StoredMessage | undefined {
    const row = this.#byCid.get(app, stream, senderId ?? '', cid);
    return row === undefined ? undefined : toMessage(row);
  }

  edit(
    app: AppId,
    { stream, seq }: Place,
    { data, editedAt, contentVersion }: { data: Data; editedAt: number; contentVersion?: number },
  ): boolean {
    const version = contentVersion ?? null;
    if (this.#edit.run(JSON.stringify(data), editedAt, version, app, stream, seq).changes === 0) return false;
    this.#search.replace(app, { stream, seq }, data);
    return true;
  }

  remove(app: AppId, { stream, seq }: Place, { data, deletedAt }: { data: Data; deletedAt: number }): boolean {
    const id = this.#additions.answeredBy(app, { stream, seq });
    if (this.#remove.run(JSON.stringify(data), deletedAt, app, stream, seq).changes === 0) return false;
    this.#search.replace(app, { stream, seq }, undefined);
    if (id !== undefined) this.#additions.recount(app, { stream, id }, deletedAt);
    return true;
  }

  annotate(app: AppId, at: Place, change: Annotation): Annotated | undefined {
    return this.#additions.annotate(app, at, change);
  }

  changed(app: AppId, stream: string, { after, upToSeq, limit }: ChangeRange): StoredMessage[] {
    return this.#changed.all(app, stream, after.changedAt, after.seq, upToSeq, limit).map(toMessage);
  }

  search(app: AppId, request: MessageSearch): Page<StoredMessage> {
    return this.#search.search(app, request);
  }

  clearOutbox(app: AppId, done: readonly Place[]): void {
    for (const { stream, seq } of done) this.#clear.run(app, stream, seq);
  }

  prune(app: AppId, beforeMs: number, limit: number): number {
    return Number(this.#prune.run(app, beforeMs, limit).changes);
  }

  ofSender(app: AppId, userId: string, page: PageRequest): Page<StoredMessage> {
    return this.#erasing.ofSender(app, userId, page);
  }

  erase(
    app: AppId,
    request: EraseRequest & { removedAtMs?: number | undefined },
  ): Erased & { streams: readonly string[] } {
    return this.#erasing.erase(app, request);
  }
}
