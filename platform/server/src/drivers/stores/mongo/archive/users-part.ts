// Users, with the texts by which they are found, which are made anew.

import { archived, type ArchivedRecord, type ArchivePart, type ArchiveRead } from '../../../../ports/archive.ts';
import { searchTexts } from '../../search-texts.ts';
import { isListed } from '../../user-list.ts';
import type { Collection } from '../collection.ts';
import { toProfile, type KnownOfUser } from '../user-document.ts';
import { CollectionPart, type Fields, type MongoArchivePart } from './collection-part.ts';

/** Of a user who was written once. */
const revision = 1;

export class UsersPart implements MongoArchivePart {
  readonly #users: CollectionPart;
  readonly #texts: Collection<Fields>;

  constructor(users: Collection<Fields>, texts: Collection<Fields>) {
    const extend = (record: ArchivedRecord): Fields => ({ revision, isListed: isListed(profileOf(record)) });
    this.#users = new CollectionPart(users, archived.users, { extend });
    this.#texts = texts;
  }

  read(request: ArchiveRead): Promise<ArchivePart> {
    return this.#users.read(request);
  }

  /** The texts first: who is found by one is looked for, who has none is never found. */
  async write(records: readonly ArchivedRecord[]): Promise<void> {
    await this.#texts.batch(
      records.flatMap((record) => {
        const { userId, name, ...known } = profileOf(record);
        if (!isListed({ userId, ...(name !== undefined && { name }), ...known })) return [];
        return searchTexts([userId, name]).map((text) => ({
          insertOne: { document: { app: record['app'], text, userId, revision } },
        }));
      }),
    );
    await this.#users.write(records);
  }
}

function profileOf(record: ArchivedRecord): ReturnType<typeof toProfile> {
  return toProfile(record as unknown as KnownOfUser);
}
