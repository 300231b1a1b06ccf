// Conversations and their participants. Not their messages, but for taking them along when a conversation
// goes.

import type { DatabaseSync } from 'node:sqlite';
import type { AppId } from '../../../ports/app-id.ts';
import type {
  Conversation,
  ConversationChange,
  ConversationPlace,
  ConversationSearch,
  ConversationStore,
  ConversationSummary,
  FoundConversation,
  Participant,
} from '../../../ports/stores/index.ts';
import { foundPage, lookAt, wordsMatch } from '../conversation-search.ts';
import { conversationStream, nextEpoch } from '../conversation-stream.ts';
import type { Synchronous } from '../synchronous.ts';
import { conversationColumns, toConversation, toParticipant, toSummary } from './conversation-row.ts';
import { jsonOrNull, number, optionalText, text } from './row.ts';

interface ListPage {
  before?: { activeAt: number; id: string };
  limit: number;
}

export class SqliteConversations implements Synchronous<ConversationStore> {
  readonly #insert;
  readonly #select;
  readonly #update;
  readonly #grow;
  readonly #people;
  readonly #person;
  readonly #putPerson;
  readonly #removePerson;
  readonly #list;
  readonly #ofUser;
  readonly #countPeople;
  readonly #sharing;
  readonly #remove;
  readonly #setEpoch;
  /** These take away what goes with a conversation, by its id and by its stream. */
  readonly #removePeople;
  readonly #removeMessages;
  readonly #removeCursors;

  constructor(db: DatabaseSync) {
    this.#insert = db.prepare(
      `INSERT INTO conversations (app, id, title, metadata, epoch, version, created_at, active_at)
       VALUES (?1, ?2, ?3, ?4, coalesce((SELECT epoch FROM streams WHERE app = ?1 AND stream = ?5), ?6), ?7, ?8, ?8)
       ON CONFLICT DO NOTHING RETURNING epoch`,
    );
    this.#select = db.prepare(`SELECT ${conversationColumns} FROM conversations WHERE app = ? AND id = ?`);
    this.#update = db.prepare(
      `UPDATE conversations SET title = iif($setTitle, $title, title), metadata = iif($setMetadata, $metadata, metadata)
       WHERE app = $app AND id = $id AND (NOT $compare OR metadata IS $before) RETURNING ${conversationColumns}`,
    );
    this.#grow = db.prepare('UPDATE conversations SET version = version + 1 WHERE app = ? AND id = ?');
    const person = 'SELECT user_id, role, joined_at, metadata FROM participants WHERE app = ? AND conversation_id = ?';
    this.#people = db.prepare(`${person} ORDER BY joined_at, user_id`);
    this.#person = db.prepare(`${person} AND user_id = ?`);
    this.#putPerson = db.prepare(
      `INSERT INTO participants (app, conversation_id, user_id, role, joined_at, metadata) VALUES (?, ?, ?, ?, ?, ?)
       ON CONFLICT DO UPDATE SET role = excluded.role, metadata = excluded.metadata`,
    );
    this.#removePerson = db.prepare('DELETE FROM participants WHERE app = ? AND conversation_id = ? AND user_id = ?');
    const page = 'AND (active_at, id) < (?, ?) ORDER BY active_at DESC, id DESC LIMIT ?';
    this.#list = db.prepare(`SELECT ${conversationColumns}, active_at FROM conversations WHERE app = ? ${page}`);
    // CROSS JOIN makes SQLite start from the user's few rows; by itself it walks all of the app's
    // conversations, newest first.
    this.#ofUser = db.prepare(
      `SELECT ${conversationColumns}, active_at FROM participants p
       CROSS JOIN conversations ON conversations.app = p.app AND id = p.conversation_id WHERE p.app = ? AND p.user_id = ?
       AND (?3 IS NULL OR id IN (SELECT value FROM json_each(?3))) ${page}`,
    );
    this.#countPeople = db.prepare('SELECT count(*) AS count FROM participants WHERE app = ? AND conversation_id = ?');
    // From each of the asked, whose conversations an index has, to the user, whom the primary key has.
    this.#sharing = db.prepare(
      `SELECT asked.value AS user_id FROM json_each(?3) AS asked WHERE asked.value <> ?2 AND EXISTS (
         SELECT 1 FROM participants theirs CROSS JOIN participants own
         ON own.app = theirs.app AND own.conversation_id = theirs.conversation_id AND own.user_id = ?2
         WHERE theirs.app = ?1 AND theirs.user_id = asked.value)`,
    );
    this.#remove = db.prepare('DELETE FROM conversations WHERE app = ? AND id = ? RETURNING epoch');
    this.#setEpoch = db.prepare('INSERT OR REPLACE INTO streams (app, stream, epoch) VALUES (?, ?, ?)');
    this.#removePeople = db.prepare('DELETE FROM participants WHERE app = ? AND conversation_id = ?');
    this.#removeMessages = db.prepare('DELETE FROM messages WHERE app = ? AND stream = ?');
    this.#removeCursors = db.prepare('DELETE FROM cursors WHERE app = ? AND stream = ?');
  }

  create(app: AppId, conversation: Conversation, participants: readonly Participant[]): boolean {
    const { id, title, metadata, epoch, version, createdAt } = conversation;
    const stream = conversationStream(id);
    const row = this.#insert.get(app, id, title ?? null, jsonOrNull(metadata), stream, epoch, version, createdAt);
    if (row === undefined) return false;
    this.#setEpoch.run(app, stream, text(row, 'epoch'));
    for (const participant of participants) this.#putOne(app, id, participant);
    return true;
  }

  get(app: AppId, id: string): Conversation | undefined {
    const row = this.#select.get(app, id);
    return row === undefined ? undefined : toConversation(row);
  }

  update(app: AppId, id: string, { title, metadata, ifMetadata }: ConversationChange): Conversation | undefined {
    const row = this.#update.get({
      ...{ app, id },
      ...{ setTitle: title === undefined ? 0 : 1, title: title ?? null },
      ...{ setMetadata: metadata === undefined ? 0 : 1, metadata: jsonOrNull(metadata ?? undefined) },
      ...{ compare: ifMetadata === undefined ? 0 : 1, before: jsonOrNull(ifMetadata ?? undefined) },
    });
    return row === undefined ? undefined : toConversation(row);
  }

  participants(app: AppId, id: string): { version: number; participants: Participant[] } | undefined {
    const row = this.#select.get(app, id);
    if (row === undefined) return undefined;
    return { version: number(row, 'version'), participants: this.#people.all(app, id).map(toParticipant) };
  }

  putParticipant(app: AppId, id: string, participant: Participant): 'added' | 'changed' | 'missing' {
    if (this.#select.get(app, id) === undefined) return 'missing';
    const before = this.#person.get(app, id, participant.userId);
    this.#putOne(app, id, participant);
    // The same again is no change: whoever adds the same people with every request does not empty the audience
    // caches.
    const isSame =
      before !== undefined &&
      text(before, 'role') === participant.role &&
      before['metadata'] === jsonOrNull(participant.metadata);
    if (!isSame) this.#grow.run(app, id);
    return before === undefined ? 'added' : 'changed';
  }

  removeParticipant(app: AppId, id: string, userId: string): boolean {
    if (this.#removePerson.run(app, id, userId).changes === 0) return false;
    this.#grow.run(app, id);
    return true;
  }

  ofUser(
    app: AppId,
    userId: string,
    { before, limit, among }: ListPage & { among?: readonly string[] },
  ): ConversationSummary[] {
    const { activeAt = Number.MAX_SAFE_INTEGER, id = '' } = before ?? {};
    return this.#ofUser.all(app, userId, jsonOrNull(among), activeAt, id, limit).map(toSummary);
  }

  sharing(app: AppId, userId: string, userIds: readonly string[]): Set<string> {
    return new Set(this.#sharing.all(app, userId, JSON.stringify(userIds)).map((row) => text(row, 'user_id')));
  }

  list(app: AppId, { before, limit }: ListPage): ConversationSummary[] {
    const { activeAt = Number.MAX_SAFE_INTEGER, id = '' } = before ?? {};
    return this.#list.all(app, activeAt, id, limit).map(toSummary);
  }

  search(
    app: AppId,
    { q, userId, before, limit }: ConversationSearch,
  ): { items: FoundConversation[]; next?: ConversationPlace } {
    const { activeAt = Number.MAX_SAFE_INTEGER, id: beforeId = '' } = before ?? {};
    const found =
      userId === undefined
        ? this.#list.all(app, activeAt, beforeId, lookAt)
        : this.#ofUser.all(app, userId, null, activeAt, beforeId, lookAt);
    const looked = found.map((row) => ({ row, id: text(row, 'id'), activeAt: number(row, 'active_at') }));
    const hasWords = wordsMatch(q);
    const isFound = ({ row, id }: (typeof looked)[number]): boolean =>
      hasWords({ id, title: optionalText(row, 'title') }) || (q !== '' && this.#person.get(app, id, q) !== undefined);
    const { rows, ...more } = foundPage(looked, isFound, limit);
    const items = rows.map(({ row, id }) => {
      const participants = number(this.#countPeople.get(app, id) ?? {}, 'count');
      return { ...toSummary(row), participants };
    });
    return { items, ...more };
  }

  remove(app: AppId, id: string): boolean {
    const row = this.#remove.get(app, id);
    if (row === undefined) return false;
    const stream = conversationStream(id);
    this.#removePeople.run(app, id);
    this.#removeMessages.run(app, stream);
    this.#removeCursors.run(app, stream);
    this.#setEpoch.run(app, stream, nextEpoch(text(row, 'epoch')));
    return true;
  }

  #putOne(app: AppId, id: string, { userId, role, joinedAt, metadata }: Participant): void {
    this.#putPerson.run(app, id, userId, role, joinedAt, jsonOrNull(metadata));
  }
}
