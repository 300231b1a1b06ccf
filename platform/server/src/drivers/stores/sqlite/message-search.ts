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
  readonly #keep;
  readonly #placeOf;
  readonly #add;
  readonly #drop;
  readonly #withWords;
  readonly #any;
  readonly #select;

  constructor(db: DatabaseSync) {
    this.#keep = db.prepare('INSERT INTO searchable (of_app, of_stream, of_seq) VALUES (?, ?, ?) RETURNING place');
    this.#placeOf = db.prepare('SELECT place FROM searchable WHERE of_app = ? AND of_stream = ? AND of_seq = ?');
    this.#add = db.prepare('INSERT INTO searchable_words (rowid, words) VALUES (?, ?)');
    this.#drop = db.prepare('DELETE FROM searchable_words WHERE rowid = ?');
    this.#withWords = db.prepare(
      `SELECT rowid AS place FROM searchable_words WHERE searchable_words MATCH ? AND rowid < ? ORDER BY rowid DESC LIMIT ?`,
    );
    this.#any = db.prepare('SELECT place FROM searchable WHERE of_app = ? AND place < ? ORDER BY place DESC LIMIT ?');
    // As `isAddressedTo`, among those who are in the conversation now.
    this.#select = db.prepare(
      `SELECT place, ${messageColumns} FROM searchable CROSS JOIN messages
       ON app = of_app AND stream = of_stream AND seq = of_seq
       WHERE place IN (SELECT value FROM json_each($places)) AND of_app = $app AND deleted_at IS NULL
       AND ($stream IS NULL OR stream = $stream) AND ($sender IS NULL OR sender_id = $sender)
       AND stored_at >= $from AND stored_at < $to
       AND ($viewer IS NULL OR (
         EXISTS (SELECT 1 FROM participants p WHERE p.app = $app AND p.conversation_id = messages.conversation_id AND p.user_id = $viewer)
         AND (sender_id = $viewer OR (
           (targets IS NULL OR EXISTS (SELECT 1 FROM json_each(targets) WHERE value = $viewer))
           AND (exclude IS NULL OR NOT EXISTS (SELECT 1 FROM json_each(exclude) WHERE value = $viewer))))))
       ORDER BY place DESC LIMIT $limit`,
    );
  }

  /** Of a message that was just stored. Only those of conversations are found. */
  add(app: AppId, { stream, seq, data, deletedAt }: StoredMessage): void {
    if (!stream.startsWith('c:') || deletedAt !== undefined) return;
    this.#add.run(number(this.#keep.get(app, stream, seq) ?? {}, 'place'), wordsOf(app, data));
  }

  /** What it says now; undefined: nothing. */
  replace(app: AppId, { stream, seq }: Place, data: Record<string, unknown> | undefined): void {
    const row = this.#placeOf.get(app, stream, seq);
    if (row === undefined) return;
    const place = number(row, 'place');
    this.#drop.run(place);
    if (data !== undefined) this.#add.run(place, wordsOf(app, data));
  }

  search(app: AppId, { terms, conversationId, senderId, viewer, ...range }: MessageSearch): Page<StoredMessage> {
    const { fromMs = 0, toMs = Number.MAX_SAFE_INTEGER, after, limit } = range;
    const before = after === undefined ? Number.MAX_SAFE_INTEGER : Number(after);
    const match = terms.map((term) => `"${scoped(app, term)}" *`).join(' AND ');
    const candidates = match === '' ? this.#any.all(app, before, lookAt) : this.#withWords.all(match, before, lookAt);
    const places = candidates.map((row) => number(row, 'place'));
    const rows = this.#select.all({
      ...{ app, places: JSON.stringify(places), from: fromMs, to: toMs, limit: limit + 1 },
      ...{ stream: conversationId === undefined ? null : `c:${conversationId}`, sender: senderId ?? null },
      viewer: viewer ?? null,
    });
    const shown = rows.slice(0, limit);
    const hasMore = rows.length > limit;
    const last = hasMore ? number(shown.at(-1) ?? {}, 'place') : places.at(-1);
    const isEnd = last === undefined || (!hasMore && places.length < lookAt);
    return { items: shown.map(toMessage), ...(isEnd ? {} : { next: String(last) }) };
  }
}

/** The words as the index takes them, with the app before each: no app's words lengthen the lists of another's. */
export function wordsOf(app: string, data: Record<string, unknown>): string {
  return termsOf(searchableText(data))
    .map((term) => scoped(app, term))
    .join(' ');
}

function scoped(app: string, term: string): string {
  return `${Buffer.from(app).toString('hex')}x${term}`;
}
