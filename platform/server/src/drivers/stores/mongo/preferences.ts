// Users' preferences for pushes, as JSON under a version. Not what they mean.

import type { AppId } from '../../../ports/app-id.ts';
import type { PreferenceRecord, PreferenceStore } from '../../../ports/stores/index.ts';
import { bodyOf, type WithBody } from './body.ts';
import { Collection, trusted } from './collection.ts';
import type { MongoConnection } from './connection.ts';
import { declareCollection } from './declaration.ts';
import { putVersioned, type VersionedDocument } from './versioned-put.ts';

interface PreferenceDocument extends WithBody, VersionedDocument {
  app: string;
  userId: string;
}

export const preferences = declareCollection<PreferenceDocument>(
  'preferences',
  { app: String, userId: String, version: Number, putId: String, body: String },
  [{ key: { app: 1, userId: 1 }, unique: true }],
);

export class MongoPreferences implements PreferenceStore {
  readonly #preferences: Collection<PreferenceDocument>;

  constructor(connection: MongoConnection) {
    this.#preferences = new Collection(connection, preferences);
  }

  async ofUsers(app: AppId, userIds: readonly string[]): Promise<Map<string, PreferenceRecord>> {
    if (userIds.length === 0) return new Map();
    const found = await this.#preferences.find({ app, userId: trusted({ $in: [...userIds] }) });
    return new Map(
      found.map((row) => {
        const { userId, version } = row;
        return [userId, { userId, version, preferences: bodyOf<PreferenceRecord['preferences']>(row) }];
      }),
    );
  }

  put(app: AppId, { userId, version, preferences: wishes }: PreferenceRecord): Promise<boolean> {
    const fields = { body: JSON.stringify(wishes) };
    return putVersioned(this.#preferences, { key: { app, userId }, fields, ifVersion: version - 1 });
  }

  async remove(app: AppId, userId: string): Promise<boolean> {
    return (await this.#preferences.remove({ app, userId })) > 0;
  }
}
