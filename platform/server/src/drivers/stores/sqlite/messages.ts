// The logs of an app. Not the rows' shape (message-row.ts) and not the relay's view over all apps (outbox.ts).

import type { DatabaseSync } from 'node:sqlite';
import type { MessageStore, StoredMessage, StreamHead } from '../../../ports/stores/index.ts';
import { conversationOfStream, firstEpoch } from '../conversation-stream.ts';
import type { Synchronous } from '../synchronous.ts';
import { messageColumns, toMessage, toMessageValues } from './message-row.ts';
import { number, optionalNumber, text } from './row.ts';

export function sqliteMessages(db: DatabaseSync): Synchronous<MessageStore> {
  const insert = db.prepare(
    `INSERT INTO messages (app, ${messageColumns}) VALUES (?${', ?'.repeat(18)}) ON CONFLICT DO NOTHING`,
  );
  const cidTaken = db.prepare('SELECT 1 FROM messages WHERE app = ? AND stream = ? AND sender_id = ? AND cid = ?');
  const activate = db.prepare('UPDATE conversations SET active_at = max(active_at, ?) WHERE app = ? AND id = ?');
  const bounds = db.prepare(
    `SELECT (SELECT min(seq) FROM messages WHERE app = ?1 AND stream = ?2) AS first,
            (SELECT max(seq) FROM messages WHERE app = ?1 AND stream = ?2) AS last,
            coalesce((SELECT epoch FROM streams WHERE app = ?1 AND stream = ?2), '${firstEpoch}') AS epoch`,
  );
  const range = `SELECT ${messageColumns} FROM messages WHERE app = ? AND stream = ? AND seq > ? AND seq < ?`;
  const ascending = db.prepare(`${range} ORDER BY seq LIMIT ?`);
  const descending = db.prepare(`${range} ORDER BY seq DESC LIMIT ?`);
  // As `isAddressedTo`. Few messages name anybody, so the lists are hardly ever looked into.
  const inTargets = '(targets IS NULL OR EXISTS (SELECT 1 FROM json_each(targets) WHERE value = $user))';
  const notExcluded = '(exclude IS NULL OR NOT EXISTS (SELECT 1 FROM json_each(exclude) WHERE value = $user))';
  const newest = db.prepare(
    `SELECT ${messageColumns} FROM messages WHERE app = $app AND stream = $stream
     AND (sender_id = $user OR (${inTargets} AND ${notExcluded})) ORDER BY seq DESC LIMIT 1`,
  );
  const unread = db.prepare(
    `SELECT count(*) AS n FROM messages WHERE app = $app AND stream = $stream AND seq > $after AND sender_id <> $user
     AND deleted_at IS NULL AND ${inTargets} AND ${notExcluded}`,
  );
  const byId = db.prepare(`SELECT ${messageColumns} FROM messages WHERE app = ? AND id = ? ORDER BY stream`);
  const byCid = db.prepare(
    `SELECT ${messageColumns} FROM messages WHERE app = ? AND stream = ? AND sender_id = ? AND cid = ?`,
  );
  const at = 'WHERE app = ? AND stream = ? AND seq = ?';
  const edit = db.prepare(
    `UPDATE messages SET data = ?, edited_at = ?, content_version = coalesce(?, content_version) ${at} AND deleted_at IS NULL`,
  );
  const remove = db.prepare(`UPDATE messages SET data = ?, deleted_at = ?, due_at = NULL ${at} AND deleted_at IS NULL`);
  const changedAt = 'coalesce(deleted_at, edited_at)';
  const changed = db.prepare(
    `SELECT ${messageColumns} FROM messages WHERE app = ? AND stream = ? AND ${changedAt} IS NOT NULL
     AND (${changedAt}, seq) > (?, ?) AND seq <= ? ORDER BY ${changedAt}, seq LIMIT ?`,
  );
  const settle = db.prepare(`UPDATE messages SET due_at = NULL ${at} AND due_at IS NOT NULL`);
  const prune = db.prepare(
    `DELETE FROM messages WHERE rowid IN (
       SELECT m.rowid FROM messages m WHERE m.app = ? AND m.stored_at < ? AND m.due_at IS NULL
       AND EXISTS (SELECT 1 FROM messages n WHERE n.app = m.app AND n.stream = m.stream AND n.seq > m.seq)
       ORDER BY m.stored_at, m.seq LIMIT ?)`,
  );

  return {
    append(app, messages) {
      let inserted = 0;
      for (const message of messages) {
        if (insert.run(app, ...toMessageValues(message)).changes === 0) {
          const taken = cidTaken.get(app, message.stream, message.senderId ?? '', message.cid);
          return { inserted, conflict: taken === undefined ? 'seq' : 'cid' };
        }
        inserted += 1;
        // Once an append, not once a message: the last one is the newest.
        const conversation = inserted === messages.length ? conversationOfStream(message.stream) : undefined;
        if (conversation !== undefined) activate.run(message.storedAt, app, conversation);
      }
      return { inserted };
    },
    heads(app, streams) {
      return new Map(
        streams.map((stream): [string, StreamHead] => {
          const row = bounds.get(app, stream) ?? {};
          const seq = optionalNumber(row, 'last') ?? 0;
          return [stream, { epoch: text(row, 'epoch'), seq, firstSeq: optionalNumber(row, 'first') ?? seq + 1 }];
        }),
      );
    },
    read(app, stream, { afterSeq = -1, beforeSeq = Number.MAX_SAFE_INTEGER, limit, order }) {
      const statement = order === 'descending' ? descending : ascending;
      return statement.all(app, stream, afterSeq, beforeSeq, limit).map(toMessage);
    },
    newest(app, user, streams) {
      const found = new Map<string, StoredMessage>();
      for (const stream of streams) {
        const row = newest.get({ app, stream, user });
        if (row !== undefined) found.set(stream, toMessage(row));
      }
      return found;
    },
    countUnread: (app, user, since) =>
      new Map(
        since.map(({ stream, afterSeq: after }) => [
          stream,
          number(unread.get({ app, stream, after, user }) ?? {}, 'n'),
        ]),
      ),
    byId: (app, messageId) => byId.all(app, messageId).map(toMessage),
    byCid(app, stream, { senderId, cid }) {
      const row = byCid.get(app, stream, senderId ?? '', cid);
      return row === undefined ? undefined : toMessage(row);
    },
    edit: (app, { stream, seq }, { data, editedAt, contentVersion }) =>
      edit.run(JSON.stringify(data), editedAt, contentVersion ?? null, app, stream, seq).changes > 0,
    remove: (app, { stream, seq }, { data, deletedAt }) =>
      remove.run(JSON.stringify(data), deletedAt, app, stream, seq).changes > 0,
    changed: (app, stream, { after, upToSeq, limit }) =>
      changed.all(app, stream, after.changedAt, after.seq, upToSeq, limit).map(toMessage),
    clearOutbox(app, done) {
      for (const { stream, seq } of done) settle.run(app, stream, seq);
    },
    prune: (app, beforeMs, limit) => Number(prune.run(app, beforeMs, limit).changes),
  };
}
