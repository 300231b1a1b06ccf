// Page policies with all their versions. Not which policy a path resolves to: @belfry/protocol.

import type { PagePolicy } from '@belfry/protocol';
import { randomUUID } from 'node:crypto';
import type { AppId } from '../../../ports/app-id.ts';
import type { PageKeep, PageStore, PageVersion } from '../../../ports/stores/index.ts';
import { Collection, type Update } from './collection.ts';
import type { MongoConnection } from './connection.ts';
import { declareCollection } from './declaration.ts';
import type { VersionedDocument } from './versioned-put.ts';

/** One pattern: its present version, and those before it, in one document, so that one write changes all. */
interface PageDocument extends VersionedDocument {
  app: string;
  pattern: string;
  removed: boolean;
  updatedAt: string;
  /** JSON of the present policy. */
  policy: string;
  /** JSON of a `PageVersion` each, the oldest first; the present one is the last. */
  versions: string[];
}

export const pages = declareCollection<PageDocument>(
  'pages',
  {
    app: String,
    pattern: String,
    version: Number,
    putId: String,
    removed: Boolean,
    updatedAt: String,
    policy: String,
    versions: [String],
  },
  [{ key: { app: 1, pattern: 1 }, unique: true }],
);

export class MongoPages implements PageStore {
  readonly #pages: Collection<PageDocument>;

  constructor(connection: MongoConnection) {
    this.#pages = new Collection(connection, pages);
  }

  async list(app: AppId): Promise<PagePolicy[]> {
    const found = await this.#pages.find({ app, removed: false }, { sort: { pattern: 1 }, only: ['policy'] });
    return found.map(({ policy }) => JSON.parse(policy) as PagePolicy);
  }

  async put(app: AppId, page: PageVersion, keep?: PageKeep): Promise<boolean> {
    if (!(await this.#putOne(app, page, keep))) return false;
    if (keep !== undefined && page.removed) await this.#dropRemoved(app, keep.removed);
    return true;
  }

  async history(
    app: AppId,
    pattern: string,
    { beforeVersion = Infinity, limit }: { beforeVersion?: number; limit: number },
  ): Promise<PageVersion[]> {
    const found = await this.#pages.findOne({ app, pattern }, { only: ['versions'] });
    const versions = (found?.versions ?? []).map((each) => JSON.parse(each) as PageVersion);
    return versions
      .toReversed()
      .filter(({ policy }) => policy.version < beforeVersion)
      .slice(0, limit);
  }

  async #putOne(app: AppId, page: PageVersion, keep: PageKeep | undefined): Promise<boolean> {
    const { policy, removed } = page;
    const { pattern, version, updatedAt } = policy;
    const putId = randomUUID();
    const present = { version, putId, removed, updatedAt, policy: JSON.stringify(policy) };
    const kept = JSON.stringify({ policy, removed } satisfies PageVersion);
    const push = { $each: [kept], ...(keep !== undefined && { $slice: -keep.versions }) };
    const update = { $set: present, $push: { versions: push } } as Update<PageDocument>;
    const isDone =
      version === 1
        ? await this.#pages.insert({ app, pattern, ...present, versions: [kept] })
        : (await this.#pages.update({ app, pattern, version: version - 1 }, update)).matched > 0;
    // As in versioned-put.ts: it may have been done by a call whose reply was lost.
    return isDone || (await this.#pages.findOne({ app, pattern }, { only: ['putId'] }))?.putId === putId;
  }

  /** Those that went first, but for what came back meanwhile. */
  async #dropRemoved(app: AppId, most: number): Promise<void> {
    const removed = await this.#pages.find(
      { app, removed: true },
      { sort: { updatedAt: -1, pattern: 1 }, only: ['pattern', 'version'] },
    );
    for (const { pattern, version } of removed.slice(most)) {
      await this.#pages.remove({ app, pattern, version, removed: true });
    }
  }
}
