// Conversations with who is in them, and the epochs that removed ones left. All of them have a row in
// `streams`, from the moment when they were made.

import type { DatabaseSync } from 'node:sqlite';
import {
  inOrder,
  type ArchivedParticipant,
  type ArchivedRecord,
  type ArchivePart,
  type ArchiveRead,
} from '../../../../ports/archive.ts';
import { conversationStream } from '../../conversation-stream.ts';
import { number, optionalText, text, type Row } from '../row.ts';
import { placeOf, readPlace, type SqliteArchivePart } from './table-part.ts';

export class ConversationsPart implements SqliteArchivePart {
  readonly #count;
  readonly #select;
  readonly #people;
  readonly #insert;
  readonly #insertPerson;
  readonly #insertEpoch;

  constructor(db: DatabaseSync) {
    this.#count = db.prepare(`SELECT count(*) AS n FROM streams WHERE stream GLOB 'c:*'`);
    this.#select = db.prepare(
      `SELECT s.app, s.stream, s.epoch AS left_epoch, c.id, c.title, c.metadata, c.epoch, c.version, c.created_at, c.active_at
       FROM streams s LEFT JOIN conversations c ON c.app = s.app AND c.id = substr(s.stream, 3)
       WHERE s.stream GLOB 'c:*' AND (s.app, s.stream) > (?, ?) ORDER BY s.app, s.stream LIMIT ?`,
    );
    this.#people = db.prepare(
      'SELECT user_id, role, joined_at, metadata FROM participants WHERE app = ? AND conversation_id = ?',
    );
    this.#insert = db.prepare(
      `INSERT INTO conversations (app, id, title, metadata, epoch, version, created_at, active_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
    );
    this.#insertPerson = db.prepare(
      'INSERT INTO participants (app, conversation_id, user_id, role, joined_at, metadata) VALUES (?, ?, ?, ?, ?, ?)',
    );
    this.#insertEpoch = db.prepare('INSERT INTO streams (app, stream, epoch) VALUES (?, ?, ?)');
  }

  count(): number {
    return number(this.#count.get() ?? {}, 'n');
  }

  read({ after, limit }: ArchiveRead): ArchivePart {
    const [app = '', stream = ''] = readPlace(after);
    const rows = this.#select.all(app, stream, limit);
    const last = rows.at(-1);
    return {
      records: rows.map((row) => this.#toRecord(row)),
      ...(rows.length === limit && last !== undefined && { next: placeOf([last['app'], last['stream']]) }),
    };
  }

  write(records: readonly ArchivedRecord[]): void {
    for (const record of records as readonly unknown[] as readonly ConversationRecord[]) {
      const { app, id, epoch, title, metadata, version = 1, createdAt = 0, activeAt = createdAt } = record;
      this.#insertEpoch.run(app, conversationStream(id), epoch);
      if (record.isRemoved) continue;
      this.#insert.run(app, id, title ?? null, metadata ?? null, epoch, version, createdAt, activeAt);
      for (const { userId, role, joinedAt, metadata: about } of record.participants ?? []) {
        this.#insertPerson.run(app, id, userId, role, joinedAt, about ?? null);
      }
    }
  }

  #toRecord(row: Row): ArchivedRecord {
    const [app, id] = [text(row, 'app'), text(row, 'stream').slice(2)];
    if (row['id'] === null) return { app, id, isRemoved: true, epoch: text(row, 'left_epoch') };
    const [title, metadata] = [optionalText(row, 'title'), optionalText(row, 'metadata')];
    return {
      ...{ app, id, isRemoved: false, epoch: text(row, 'epoch') },
      ...(title !== undefined && { title }),
      ...(metadata !== undefined && { metadata }),
      ...{ version: number(row, 'version'), createdAt: number(row, 'created_at'), activeAt: number(row, 'active_at') },
      participants: inOrder(this.#people.all(app, id).map(toParticipant)),
    };
  }
}

interface ConversationRecord {
  app: string;
  id: string;
  isRemoved: boolean;
  epoch: string;
  title?: string;
  metadata?: string;
  version?: number;
  createdAt?: number;
  activeAt?: number;
  participants?: readonly ArchivedParticipant[];
}

function toParticipant(row: Row): ArchivedParticipant {
  const metadata = optionalText(row, 'metadata');
  return {
    ...{ userId: text(row, 'user_id'), role: text(row, 'role'), joinedAt: number(row, 'joined_at') },
    ...(metadata !== undefined && { metadata }),
  };
}
