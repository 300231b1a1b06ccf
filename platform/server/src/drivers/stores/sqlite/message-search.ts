// Finds messages by their words, and keeps the words. Which words a text has: ports/stores/search-terms.ts.

import type { DatabaseSync } from 'node:sqlite';
import type { AppId } from '../../../ports/app-id.ts';
import { searchableText, termsOf } from '../../../ports/stores/search-terms.ts';
import type { MessageSearch, Page, StoredMessage } from '../../../ports/stores/index.ts';
import { messageColumns, toMessage } from './message-row.ts';
import { number } from './row.ts';

/** So many messages are looked at in one call: what few may see among many holds nobody up. */
const lookAt = 2000;

type Place = Pick<StoredMessage, 'stream' | 'seq'>;

export class SqliteMessageSearch {
  readonly #rowOf;
  readonly #add;
  readonly #drop;
  readonly #withWords;
  readonly #any;
  readonly #select;

  constructor(db: DatabaseSync) {
    this.#rowOf = db.prepare('SELECT rowid FROM messages WHERE app = ? AND stream = ? AND seq = ?');
    this.#add = db.prepare('INSERT INTO searchable_words (rowid, words) VALUES (?, ?)');
    this.#drop = db.prepare('DELETE FROM searchable_words WHERE rowid = ?');
    this.#withWords = db.prepare(
      `SELECT rowid FROM searchable_words WHERE searchable_words MATCH ? AND rowid < ? ORDER BY rowid DESC LIMIT ?`,
    );
    this.#any = db.prepare(
      `SELECT rowid FROM messages WHERE app = ? AND stream GLOB 'c:*' AND rowid < ? ORDER BY rowid DESC LIMIT ?`,
    );
    // As `isAddressedTo`, among those who are in the conversation now.
    this.#select = db.prepare(
      `SELECT rowid, ${messageColumns} FROM messages
       WHERE rowid IN (SELECT value FROM json_each($rowids)) AND app = $app AND deleted_at IS NULL
       AND ($stream IS NULL OR stream = $stream) AND ($sender IS NULL OR sender_id = $sender)
       AND stored_at >= $from AND stored_at < $to
       AND ($viewer IS NULL OR (
         EXISTS (SELECT 1 FROM participants p WHERE p.app = $app AND p.conversation_id = messages.conversation_id AND p.user_id = $viewer)
         AND (sender_id = $viewer OR (
           (targets IS NULL OR EXISTS (SELECT 1 FROM json_each(targets) WHERE value = $viewer))
           AND (exclude IS NULL OR NOT EXISTS (SELECT 1 FROM json_each(exclude) WHERE value = $viewer))))))
       ORDER BY rowid DESC LIMIT $limit`,
    );
  }

  /** Of a message that was just stored, in this row. Only those of conversations are found. */
  add(app: AppId, rowid: number | bigint, { stream, data, deletedAt }: StoredMessage): void {
    if (!stream.startsWith('c:') || deletedAt !== undefined) return;
    this.#add.run(rowid, wordsOf(app, data));
  }

  /** What it says now; undefined: nothing. */
  replace(app: AppId, { stream, seq }: Place, data: Record<string, unknown> | undefined): void {
    if (!stream.startsWith('c:')) return;
    const row = this.#rowOf.get(app, stream, seq);
    if (row === undefined) return;
    const rowid = number(row, 'rowid');
    this.#drop.run(rowid);
    if (data !== undefined) this.#add.run(rowid, wordsOf(app, data));
  }

  search(app: AppId, { terms, conversationId, senderId, viewer, ...range }: MessageSearch): Page<StoredMessage> {
    const { fromMs = 0, toMs = Number.MAX_SAFE_INTEGER, after, limit } = range;
    const before = after === undefined ? Number.MAX_SAFE_INTEGER : Number(after);
    const match = terms.map((term) => `"${scopeOf(app)}${term}" *`).join(' AND ');
    const candidates = match === '' ? this.#any.all(app, before, lookAt) : this.#withWords.all(match, before, lookAt);
    const rowids = candidates.map((row) => number(row, 'rowid'));
    const rows = this.#select.all({
      ...{ app, rowids: JSON.stringify(rowids), from: fromMs, to: toMs, limit: limit + 1 },
      ...{ stream: conversationId === undefined ? null : `c:${conversationId}`, sender: senderId ?? null },
      viewer: viewer ?? null,
    });
    const shown = rows.slice(0, limit);
    const hasMore = rows.length > limit;
    const last = hasMore ? number(shown.at(-1) ?? {}, 'rowid') : rowids.at(-1);
    const isEnd = last === undefined || (!hasMore && rowids.length < lookAt);
    return { items: shown.map(toMessage), ...(isEnd ? {} : { next: String(last) }) };
  }
}

/** The words as the index takes them, with the app before each: no app's words lengthen the lists of another's. */
export function wordsOf(app: string, data: Record<string, unknown>): string {
  const scope = scopeOf(app);
  return termsOf(searchableText(data))
    .map((term) => scope + term)
    .join(' ');
}

function scopeOf(app: string): string {
  return `${Buffer.from(app).toString('hex')}x`;
}
