// Conversations with who is in them, and tombstones, of which the epoch alone moves.

import {
  archived,
  inOrder,
  type ArchivedParticipant,
  type ArchivedRecord,
  type ArchivePart,
  type ArchiveRead,
} from '../../../../ports/archive.ts';
import { trusted, type Collection } from '../collection.ts';
import type { ConversationDocument, ParticipantDocument } from '../conversation-document.ts';
import { findAfter, nextOf, type Fields, type MongoArchivePart } from './collection-part.ts';

const place = archived.conversations.key;
const only = [
  ...['app', 'id', 'title', 'metadata', 'epoch', 'version', 'createdAt', 'participants', 'activeAt', 'removedAt'],
] as const;

export class ConversationsPart implements MongoArchivePart {
  readonly #conversations: Collection<Fields>;

  constructor(conversations: Collection<Fields>) {
    this.#conversations = conversations;
  }

  async read({ after, limit }: ArchiveRead): Promise<ArchivePart> {
    const found = await findAfter(this.#conversations, { place, after, limit, only });
    return {
      records: found.map((document) => toRecord(document as unknown as ConversationDocument)),
      ...nextOf(found, { place, limit }),
    };
  }

  async write(records: readonly ArchivedRecord[]): Promise<void> {
    await this.#conversations.batch(records.map((record) => ({ insertOne: { document: toDocument(record) } })));
  }
}

function toRecord(document: ConversationDocument): ArchivedRecord {
  const { app, id, epoch, title, metadata, version, createdAt, activeAt = createdAt, participants = [] } = document;
  if (document.removedAt !== undefined) return { app, id, isRemoved: true, epoch };
  return {
    ...{ app, id, isRemoved: false, epoch },
    ...(title !== undefined && { title }),
    ...(metadata !== undefined && { metadata }),
    ...{ version, createdAt, activeAt },
    participants: inOrder(
      participants.map(({ userId, role, joinedAt, metadata: about }) => {
        return { userId, role, joinedAt, ...(about !== '' && { metadata: about }) };
      }),
    ),
  };
}

function toDocument({ isRemoved, participants = [], ...record }: ArchivedRecord): Fields {
  // When it was removed does not matter to anybody.
  if (isRemoved === true) return { ...record, version: 0, createdAt: 0, removedAt: 0 };
  const people = (participants as readonly ArchivedParticipant[]).map((each): ParticipantDocument => {
    return { metadata: '', ...each };
  });
  return { ...record, participants: people };
}

/** Those of the conversations of an app that were removed: what is still in them is nobody's. */
export async function removedAmong(
  conversations: Collection<Fields>,
  app: string,
  ids: readonly string[],
): Promise<ReadonlySet<string>> {
  const found = await conversations.find({ app, id: trusted({ $in: [...ids] }) }, { only: ['id', 'removedAt'] });
  return new Set(found.filter(({ removedAt }) => removedAt !== undefined).map(({ id }) => String(id)));
}
