// A database of MongoDB as an archive. Nodes that run on it are not noticed: whoever moves it sees to that,
// and the comparison at the end of a move finds what they wrote.

import { createHash } from 'node:crypto';
import {
  archived,
  engineFacts,
  moveFactName,
  type Archive,
  type ArchivedCollection,
  type ArchivedRecord,
  type ArchiveName,
  type ArchivePart,
  type ArchiveRead,
  type MoveMark,
} from '../../../../ports/archive.ts';
import { conversationOfStream } from '../../conversation-stream.ts';
import { Collection, trusted } from '../collection.ts';
import { MongoConnection, type MongoConnectionOptions } from '../connection.ts';
import { declarations } from '../create-mongo-stores.ts';
import type { Declaration } from '../declaration.ts';
import { MongoInstallation } from '../installation.ts';
import { MongoOpenError } from '../open-error.ts';
import { hasDocuments, prepareCollections } from '../prepare.ts';
import { migrateSchema, refuseNewerSchema, schemaSteps } from '../schema.ts';
import { CollectionPart, type Fields, type MongoArchivePart } from './collection-part.ts';
import { ConversationsPart, removedAmong } from './conversations-part.ts';
import { JourneysPart } from './journeys-part.ts';
import { spellings } from './spellings.ts';
import { UsersPart } from './users-part.ts';

/** `hookDeliveries` is `hook_deliveries`. */
export function collectionNameOf(name: string): string {
  return name.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}

export class MongoArchive implements Archive {
  readonly #connection: MongoConnection;
  readonly #facts: MongoInstallation;
  readonly #collections = new Map<string, Collection<Fields>>();
  readonly #parts = new Map<ArchiveName, MongoArchivePart>();

  /** A source is not changed; a target gets its collections and indexes. Rejects with `MongoOpenError`. */
  static async open(options: MongoConnectionOptions, { isSource }: { isSource: boolean }): Promise<MongoArchive> {
    const connection = await MongoConnection.open(options, { isPatient: true });
    try {
      // Records are those of this version alone.
      const { version } = await refuseNewerSchema(connection, options);
      if (isSource && version !== schemaSteps.length) {
        const message = `what is stored has schema version ${version}, not ${schemaSteps.length}; start a server of this version once`;
        throw new MongoOpenError('newer_version', message);
      }
      if (!isSource) {
        await migrateSchema(connection, options);
        await prepareCollections(connection, declarations);
      }
    } catch (error) {
      await connection.close();
      throw error;
    }
    return new MongoArchive(connection, options);
  }

  private constructor(connection: MongoConnection, { clock }: MongoConnectionOptions) {
    this.#connection = connection;
    this.#facts = new MongoInstallation(connection, clock);
  }

  async identity(): Promise<string | undefined> {
    const sealed = await this.#facts.get('secret_canary');
    return sealed === undefined ? undefined : createHash('sha256').update(sealed).digest('hex');
  }

  async isEmpty(): Promise<boolean> {
    const facts = await this.#collection('installation').find(
      { name: trusted({ $nin: [...engineFacts] }) },
      { limit: 1 },
    );
    if (facts.length > 0) return false;
    for (const { name } of declarations) {
      if (name !== 'installation' && (await hasDocuments(this.#connection, name))) return false;
    }
    return true;
  }

  async mark(): Promise<MoveMark | undefined> {
    const text = await this.#facts.get(moveFactName);
    return text === undefined ? undefined : (JSON.parse(text) as MoveMark);
  }

  /** They are in Redis. */
  async waitingJobs(): Promise<number | undefined> {
    return undefined;
  }

  async count(name: ArchiveName): Promise<number> {
    const { db } = this.#connection.mongoose;
    return (await db?.collection(collectionNameOf(name)).estimatedDocumentCount()) ?? 0;
  }

  async read(name: ArchiveName, request: ArchiveRead): Promise<ArchivePart> {
    const part = await this.#part(name).read(request);
    return { ...part, records: await this.#finish(name, part.records) };
  }

  async write(name: ArchiveName, records: readonly ArchivedRecord[], mark: MoveMark): Promise<void> {
    await this.#part(name).write(records, mark.parts);
    await this.putMark(mark);
  }

  putMark(mark: MoveMark): Promise<void> {
    return this.#facts.set(moveFactName, JSON.stringify(mark));
  }

  close(): Promise<void> {
    return this.#connection.close();
  }

  async #finish(name: ArchiveName, records: readonly ArchivedRecord[]): Promise<readonly ArchivedRecord[]> {
    if (name === 'installation') return records.filter((fact) => !engineFacts.has(String(fact['name'])));
    if (name === 'messages' || name === 'cursors') return await this.#withoutRemoved(records);
    if (name !== 'uploads') return records;
    const ends: ArchivedRecord[] = [];
    for (const record of records) ends.push(await this.#withoutDoubt(record));
    return ends;
  }

  /** What was in a conversation that was removed, and is not swept yet. */
  async #withoutRemoved(records: readonly ArchivedRecord[]): Promise<readonly ArchivedRecord[]> {
    const removed = new Map<string, ReadonlySet<string>>();
    for (const [app, own] of Map.groupBy(records, (record) => String(record['app']))) {
      const ids = own.flatMap(({ stream }) => conversationOfStream(String(stream)) ?? []);
      if (ids.length > 0)
        removed.set(app, await removedAmong(this.#collection('conversations'), app, [...new Set(ids)]));
    }
    return records.filter(({ app, stream }) => {
      const id = conversationOfStream(String(stream));
      return id === undefined || removed.get(String(app))?.has(id) !== true;
    });
  }

  /** Whether an upload is used that a killed process left in doubt (upload-uses.ts). */
  async #withoutDoubt({ doubtSince, ...record }: ArchivedRecord): Promise<ArchivedRecord> {
    if (doubtSince === undefined || record['unusedSince'] !== undefined) return record;
    const { app, id } = record;
    const use = await this.#collection('upload_uses').findOne({
      app: trusted({ $eq: app }),
      uploadId: trusted({ $eq: id }),
    });
    return use === undefined ? { ...record, unusedSince: doubtSince } : record;
  }

  #part(name: ArchiveName): MongoArchivePart {
    const known = this.#parts.get(name) ?? this.#createPart(name);
    this.#parts.set(name, known);
    return known;
  }

  #createPart(name: ArchiveName): MongoArchivePart {
    const collection: ArchivedCollection = archived[name];
    const documents = this.#collection(collectionNameOf(name));
    if (name === 'conversations') return new ConversationsPart(documents);
    if (name === 'users') return new UsersPart(documents, this.#collection('user_texts'));
    if (name === 'journeys') return new JourneysPart(documents);
    return new CollectionPart(documents, collection, spellings[name] ?? {});
  }

  /** Each once: a model is made of its declaration once a connection. */
  #collection(name: string): Collection<Fields> {
    const known = this.#collections.get(name);
    if (known !== undefined) return known;
    const declaration = declarations.find((each) => each.name === name);
    if (declaration === undefined) throw new Error(`there is no collection ${name}`);
    const made = new Collection(this.#connection, declaration as unknown as Declaration<Fields>);
    this.#collections.set(name, made);
    return made;
  }
}
