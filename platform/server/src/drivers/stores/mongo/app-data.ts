// Takes away all documents of one app, from every collection that has apps. Which these are is read from the
// declarations: none that is added later is forgotten.

import type { AppData, AppErased } from '../../../ports/app-data.ts';
import type { AppId } from '../../../ports/app-id.ts';
import { Collection } from './collection.ts';
import type { MongoConnection } from './connection.ts';
import type { Declaration } from './declaration.ts';
import { removeFirst } from './limited-removal.ts';
import { uploads, type UploadDocument } from './upload-document.ts';

/** The app itself goes last and by its store; what was audited of it stays. */
const kept: ReadonlySet<string> = new Set(['apps', 'audit']);

interface OfApp {
  app: string;
}

export class MongoAppData implements AppData {
  readonly #uploads: Collection<UploadDocument>;
  readonly #collections: readonly Collection<OfApp>[];

  constructor(connection: MongoConnection, declarations: readonly Declaration<never>[]) {
    this.#uploads = new Collection(connection, uploads);
    this.#collections = declarations
      .filter(({ name, schema }) => !kept.has(name) && 'app' in schema.paths)
      // Of their fields only this one is asked for.
      .map((declaration) => new Collection(connection, declaration as unknown as Declaration<OfApp>));
  }

  async uploads(app: AppId, limit: number): Promise<string[]> {
    const found = await this.#uploads.find({ app }, { only: ['id'], limit });
    return found.map(({ id }) => id);
  }

  async erase(app: AppId, limit: number): Promise<AppErased> {
    const of = this.#collections.length;
    let erased = 0;
    for (const [at, collection] of this.#collections.entries()) {
      erased += await removeFirst(collection, { filter: { app }, sort: { app: 1 }, limit: limit - erased });
      if (erased >= limit) return { erased, done: at, of };
    }
    return { erased, done: of, of };
  }
}
