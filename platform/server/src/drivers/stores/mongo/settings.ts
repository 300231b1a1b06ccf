// An app's own kinds and its provider configurations, as JSON under their keys. Not page policies, which keep
// their versions: pages.ts.

import type { Kind } from '@belfry/protocol';
import type { AppId } from '../../../ports/app-id.ts';
import type { KindStore, ProviderRecord, ProviderStore, Versioned } from '../../../ports/stores/index.ts';
import { allOf, bodyOf, type WithBody } from './body.ts';
import { Collection } from './collection.ts';
import type { MongoConnection } from './connection.ts';
import { declareCollection } from './declaration.ts';
import { putVersioned, type VersionedDocument } from './versioned-put.ts';

interface SettingDocument extends WithBody, VersionedDocument {
  app: string;
  id: string;
}

const fields = { app: String, id: String, version: Number, putId: String, body: String };
const unique = { key: { app: 1, id: 1 }, unique: true } as const;

export const kinds = declareCollection<SettingDocument>('kinds', fields, [unique]);
export const providers = declareCollection<SettingDocument>('providers', fields, [unique]);

export class MongoKinds implements KindStore {
  readonly #kinds: Collection<SettingDocument>;

  constructor(connection: MongoConnection) {
    this.#kinds = new Collection(connection, kinds);
  }

  list(app: AppId): Promise<Versioned<Kind>[]> {
    return allOf(this.#kinds, { app }, 'id');
  }

  put(app: AppId, kind: Kind, ifVersion: number): Promise<boolean> {
    return putSetting(this.#kinds, { app, id: kind.kind }, { record: kind, ifVersion });
  }

  async remove(app: AppId, kind: string, ifVersion?: number): Promise<boolean> {
    const version = ifVersion === undefined ? {} : { version: ifVersion };
    return (await this.#kinds.remove({ app, id: kind, ...version })) > 0;
  }
}

export class MongoProviders implements ProviderStore {
  readonly #providers: Collection<SettingDocument>;

  constructor(connection: MongoConnection) {
    this.#providers = new Collection(connection, providers);
  }

  list(app: AppId): Promise<Versioned<ProviderRecord>[]> {
    return allOf(this.#providers, { app }, 'id');
  }

  async get(app: AppId, id: string): Promise<Versioned<ProviderRecord> | undefined> {
    const found = await this.#providers.findOne({ app, id });
    return found && bodyOf(found);
  }

  put(app: AppId, record: ProviderRecord, ifVersion: number): Promise<boolean> {
    return putSetting(this.#providers, { app, id: record.id }, { record, ifVersion });
  }

  async remove(app: AppId, id: string): Promise<boolean> {
    return (await this.#providers.remove({ app, id })) > 0;
  }
}

function putSetting(
  collection: Collection<SettingDocument>,
  key: { app: AppId; id: string },
  { record, ifVersion }: { record: object; ifVersion: number },
): Promise<boolean> {
  const body = JSON.stringify({ ...record, version: ifVersion + 1 });
  return putVersioned(collection, { key, fields: { body }, ifVersion });
}
