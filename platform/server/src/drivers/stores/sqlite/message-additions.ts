// Keeps what is added to messages: reactions and pins, and how many replies each has. Not the messages:
// messages.ts.

import type { DatabaseSync, SQLOutputValue } from 'node:sqlite';
import type { AppId } from '../../../ports/app-id.ts';
import { isCountedReply, replyToOf } from '../../../ports/stores/additions.ts';
import type { Annotated, Annotation, ReadRange, StoredMessage } from '../../../ports/stores/index.ts';
import { annotate } from '../annotate.ts';
import { messageColumns, toMessage } from './message-row.ts';
import { jsonOrNull, optionalText } from './row.ts';

type Place = Pick<StoredMessage, 'stream' | 'seq'>;

/** A deleted message has none of these. */
export const clearedAdditions =
  'reply_to = NULL, reactions = NULL, pinned_at = NULL, pinned_by = NULL, reply_count = NULL, replied_at = NULL, added_at = NULL';

export class SqliteMessageAdditions {
  readonly #ofMessage;
  readonly #put;
  readonly #replied;
  readonly #answered;
  readonly #recount;
  readonly #only;

  constructor(db: DatabaseSync) {
    const at = 'WHERE app = ? AND stream = ? AND seq = ? AND deleted_at IS NULL';
    this.#ofMessage = db.prepare(`SELECT ${messageColumns} FROM messages ${at}`);
    this.#put = db.prepare(
      `UPDATE messages SET reactions = ?, pinned_at = ?, pinned_by = ?, added_at = ? ${at} RETURNING ${messageColumns}`,
    );
    const answered = 'WHERE app = $app AND id = $id AND stream = $stream AND deleted_at IS NULL';
    const addedAt = 'added_at = max($at, coalesce(added_at, 0) + 1)';
    this.#replied = db.prepare(
      `UPDATE messages SET reply_count = coalesce(reply_count, 0) + 1, replied_at = max($at, coalesce(replied_at, 0)), ${addedAt} ${answered}`,
    );
    this.#answered = db.prepare('SELECT reply_to FROM messages WHERE app = ? AND stream = ? AND seq = ?');
    // As `isCountedReply`.
    this.#recount = db.prepare(
      `UPDATE messages SET (reply_count, replied_at) = (
         SELECT nullif(count(*), 0), max(stored_at) FROM messages r WHERE r.app = $app AND r.stream = $stream AND r.reply_to = $id
         AND r.targets IS NULL AND coalesce(r.exclude, '[]') = '[]'
       ), ${addedAt} ${answered}`,
    );
    const range = `SELECT ${messageColumns} FROM messages WHERE app = $app AND stream = $stream AND seq > $after AND seq < $before`;
    const both = (only: string) => ({
      ascending: db.prepare(`${range} AND ${only} ORDER BY seq LIMIT $limit`),
      descending: db.prepare(`${range} AND ${only} ORDER BY seq DESC LIMIT $limit`),
    });
    this.#only = { replies: both('reply_to = $id'), pinned: both('pinned_at IS NOT NULL') };
  }

  annotate(app: AppId, { stream, seq }: Place, change: Annotation): Annotated | undefined {
    const row = this.#ofMessage.get(app, stream, seq);
    if (row === undefined) return undefined;
    const message = toMessage(row);
    const after = annotate(message, change);
    if (after === undefined || after === 'too_many') return { message, outcome: after ?? 'unchanged' };
    const { reactions, pinned, addedAt } = after;
    const values = [jsonOrNull(reactions), pinned?.at ?? null, pinned?.by ?? null, addedAt ?? null];
    const changed = this.#put.get(...values, app, stream, seq);
    return changed === undefined ? undefined : { message: toMessage(changed), outcome: 'changed' };
  }

  /** Of a message that was just stored. */
  count(app: AppId, message: StoredMessage): void {
    const id = replyToOf(message);
    if (id !== undefined && isCountedReply(message))
      this.#replied.run({ app, stream: message.stream, id, at: message.storedAt });
  }

  /** The id of the message that the one there answers: asked before it is emptied. */
  answeredBy(app: AppId, { stream, seq }: Place): string | undefined {
    const row = this.#answered.get(app, stream, seq);
    return row === undefined ? undefined : optionalText(row, 'reply_to');
  }

  /** After a reply was emptied. */
  recount(app: AppId, { stream, id }: { stream: string; id: string }, at: number): void {
    this.#recount.run({ app, stream, id, at });
  }

  /** As `MessageStore.read` of a range with `only`. */
  read(
    app: AppId,
    stream: string,
    range: ReadRange & Required<Pick<ReadRange, 'only'>>,
  ): Record<string, SQLOutputValue>[] {
    const { afterSeq: after = -1, beforeSeq: before = Number.MAX_SAFE_INTEGER, limit, only } = range;
    const order = range.order ?? 'ascending';
    const asked = { app, stream, after, before, limit };
    return 'replyTo' in only
      ? this.#only.replies[order].all({ ...asked, id: only.replyTo })
      : this.#only.pinned[order].all(asked);
  }
}
