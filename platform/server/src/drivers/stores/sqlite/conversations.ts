// Conversations and their participants. Not their messages, but for taking them along when a conversation goes.

import type { DatabaseSync } from 'node:sqlite';
import type { ConversationStore, ConversationSummary, Participant } from '../../../ports/stores/index.ts';
import { conversationStream, nextEpoch } from '../conversation-stream.ts';
import type { Synchronous } from '../synchronous.ts';
import { conversationColumns, toConversation, toParticipant, toSummary } from './conversation-row.ts';
import { jsonOrNull, number, optionalText, text } from './row.ts';

export function sqliteConversations(db: DatabaseSync): Synchronous<ConversationStore> {
  const insert = db.prepare(
    `INSERT INTO conversations (app, id, title, attributes, epoch, version, created_at, active_at)
     VALUES (?1, ?2, ?3, ?4, coalesce((SELECT epoch FROM streams WHERE app = ?1 AND stream = ?5), ?6), ?7, ?8, ?8) ON CONFLICT DO NOTHING
     RETURNING epoch`,
  );
  const select = db.prepare(`SELECT ${conversationColumns} FROM conversations WHERE app = ? AND id = ?`);
  const update = db.prepare(
    `UPDATE conversations SET title = coalesce(?, title), attributes = coalesce(?, attributes) WHERE app = ? AND id = ?
     RETURNING ${conversationColumns}`,
  );
  const grow = db.prepare('UPDATE conversations SET version = version + 1 WHERE app = ? AND id = ?');
  const people = db.prepare(
    'SELECT user_id, role, joined_at FROM participants WHERE app = ? AND conversation_id = ? ORDER BY joined_at, user_id',
  );
  const person = db.prepare(
    'SELECT user_id, role, joined_at FROM participants WHERE app = ? AND conversation_id = ? AND user_id = ?',
  );
  const putPerson = db.prepare(
    `INSERT INTO participants (app, conversation_id, user_id, role, joined_at) VALUES (?, ?, ?, ?, ?)
     ON CONFLICT DO UPDATE SET role = excluded.role`,
  );
  const removePerson = db.prepare('DELETE FROM participants WHERE app = ? AND conversation_id = ? AND user_id = ?');
  const page = 'AND (active_at, id) < (?, ?) ORDER BY active_at DESC, id DESC LIMIT ?';
  const list = db.prepare(`SELECT ${conversationColumns}, active_at FROM conversations WHERE app = ? ${page}`);
  // CROSS JOIN makes SQLite start from the user's few rows; by itself it walks all of the app's conversations, newest first.
  const ofUser = db.prepare(
    `SELECT ${conversationColumns}, active_at FROM participants p
     CROSS JOIN conversations c ON c.app = p.app AND c.id = p.conversation_id WHERE p.app = ? AND p.user_id = ? ${page}`,
  );
  const remove = db.prepare('DELETE FROM conversations WHERE app = ? AND id = ? RETURNING epoch');
  const removePeople = db.prepare('DELETE FROM participants WHERE app = ? AND conversation_id = ?');
  const removeMessages = db.prepare('DELETE FROM messages WHERE app = ? AND stream = ?');
  const removeCursors = db.prepare('DELETE FROM cursors WHERE app = ? AND stream = ?');
  const setEpoch = db.prepare('INSERT OR REPLACE INTO streams (app, stream, epoch) VALUES (?, ?, ?)');

  const add = (app: string, id: string, { userId, role, joinedAt }: Participant): void => {
    putPerson.run(app, id, userId, role, joinedAt);
  };
  return {
    create(app, { id, title, attributes, epoch, version, createdAt }, participants) {
      const stream = conversationStream(id);
      const row = insert.get(app, id, title ?? null, jsonOrNull(attributes), stream, epoch, version, createdAt);
      if (row === undefined) return false;
      setEpoch.run(app, stream, text(row, 'epoch'));
      for (const participant of participants) add(app, id, participant);
      return true;
    },
    get(app, id) {
      const row = select.get(app, id);
      return row === undefined ? undefined : toConversation(row);
    },
    getMany(app, ids) {
      return new Map(
        ids.flatMap((id) => {
          const row = select.get(app, id);
          return row === undefined ? [] : [[id, toConversation(row)] as const];
        }),
      );
    },
    update(app, id, { title, attributes }) {
      const row = update.get(title ?? null, jsonOrNull(attributes), app, id);
      return row === undefined ? undefined : toConversation(row);
    },
    participants(app, id) {
      const row = select.get(app, id);
      if (row === undefined) return undefined;
      return { version: number(row, 'version'), participants: people.all(app, id).map(toParticipant) };
    },
    participant(app, id, userId) {
      const row = person.get(app, id, userId);
      return row === undefined ? undefined : toParticipant(row);
    },
    putParticipant(app, id, participant) {
      if (select.get(app, id) === undefined) return 'missing';
      const before = person.get(app, id, participant.userId);
      add(app, id, participant);
      // The same role again is no change: whoever adds the same people with every request does not empty the audience caches.
      if (before === undefined || optionalText(before, 'role') !== participant.role) grow.run(app, id);
      return before === undefined ? 'added' : 'changed';
    },
    removeParticipant(app, id, userId) {
      if (removePerson.run(app, id, userId).changes === 0) return false;
      grow.run(app, id);
      return true;
    },
    ofUser(app, userId, { before, limit }): ConversationSummary[] {
      return ofUser
        .all(app, userId, before?.activeAt ?? Number.MAX_SAFE_INTEGER, before?.id ?? '', limit)
        .map(toSummary);
    },
    list(app, { before, limit }): ConversationSummary[] {
      return list.all(app, before?.activeAt ?? Number.MAX_SAFE_INTEGER, before?.id ?? '', limit).map(toSummary);
    },
    remove(app, id) {
      const row = remove.get(app, id);
      if (row === undefined) return false;
      const stream = conversationStream(id);
      removePeople.run(app, id);
      removeMessages.run(app, stream);
      removeCursors.run(app, stream);
      setEpoch.run(app, stream, nextEpoch(text(row, 'epoch')));
      return true;
    },
  };
}
