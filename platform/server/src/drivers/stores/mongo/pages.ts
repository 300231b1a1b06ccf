// Page policies with all their versions. Several at once: page-changes.ts. Not which policy a path resolves to:
// @belfry/protocol.

import type { PagePolicy } from '@belfry/protocol';
import { randomUUID } from 'node:crypto';
import type { AppId } from '../../../ports/app-id.ts';
import type { PageKeep, PagePlace, PageStore, PageVersion } from '../../../ports/stores/index.ts';
import { newestOfAll } from '../page-places.ts';
import { Collection, trusted, type Update } from './collection.ts';
import type { MongoConnection } from './connection.ts';
import { declareCollection } from './declaration.ts';
import { PageChanges, type PageChangeEntry } from './page-changes.ts';
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

/** Each lost round means that another change was written. */
const maxRounds = 20;

export class MongoPages implements PageStore {
  readonly #pages: Collection<PageDocument>;
  readonly #changes: PageChanges;

  constructor(connection: MongoConnection) {
    this.#pages = new Collection(connection, pages);
    this.#changes = new PageChanges(connection);
  }

  async list(app: AppId): Promise<PagePolicy[]> {
    const found = await this.#pages.find({ app, removed: false }, { sort: { pattern: 1 }, only: ['policy'] });
    const policies = new Map(found.map(({ policy }) => parsed(policy)).map((policy) => [policy.pattern, policy]));
    // After the documents: of a change that is being written into them now, the entry has all.
    const entries = await this.#changes.newest(app);
    for (const { policy, removed } of entries.flatMap(({ versions }) => versions)) {
      const there = policies.get(policy.pattern);
      if (there !== undefined && there.version >= policy.version) continue;
      if (removed) policies.delete(policy.pattern);
      else policies.set(policy.pattern, policy);
    }
    if (entries.some(({ isApplied }) => !isApplied)) await this.#apply(app, entries);
    return [...policies.values()].toSorted((a, b) => (a.pattern < b.pattern ? -1 : 1));
  }

  /** By an entry as well: else it could come between the look at the versions and the entry of another. */
  put(app: AppId, page: PageVersion, keep?: PageKeep): Promise<boolean> {
    return this.putAll(app, [page], keep);
  }

  async putAll(app: AppId, versions: readonly PageVersion[], keep?: PageKeep): Promise<boolean> {
    for (let round = 0; round < maxRounds; round += 1) {
      const entries = await this.#settled(app);
      // Looked at after the number: whoever changes one of them by an entry takes that number.
      const there = await this.#pages.find(
        { app, pattern: trusted({ $in: versions.map(({ policy }) => policy.pattern) }) },
        { only: ['pattern', 'version'] },
      );
      const newest = new Map(there.map(({ pattern, version }) => [pattern, version]));
      if (!versions.every(({ policy }) => policy.version === (newest.get(policy.pattern) ?? 0) + 1)) return false;
      const seq = (entries.at(-1)?.seq ?? 0) + 1;
      if (!(await this.#changes.write(app, { seq, versions: [...versions], keep }))) continue;
      await this.#settled(app);
      return true;
    }
    return false;
  }

  async historyOfAll(app: AppId, page: { before?: PagePlace; limit: number }): Promise<PageVersion[]> {
    await this.#settled(app);
    const found = await this.#pages.find({ app }, { only: ['versions'] });
    return newestOfAll(
      found.flatMap(({ versions }) => versions.map((each) => JSON.parse(each) as PageVersion)),
      page,
    );
  }

  async history(
    app: AppId,
    pattern: string,
    { beforeVersion = Infinity, limit }: { beforeVersion?: number; limit: number },
  ): Promise<PageVersion[]> {
    await this.#settled(app);
    const found = await this.#pages.findOne({ app, pattern }, { only: ['versions'] });
    const versions = (found?.versions ?? []).map((each) => JSON.parse(each) as PageVersion);
    return versions
      .toReversed()
      .filter(({ policy }) => policy.version < beforeVersion)
      .slice(0, limit);
  }

  /** The entries, once all of them are in the documents. */
  async #settled(app: AppId): Promise<PageChangeEntry[]> {
    const entries = await this.#changes.newest(app);
    await this.#apply(app, entries);
    return entries;
  }

  /** Twice does no harm, nor by two nodes at once: a version is put once. */
  async #apply(app: AppId, entries: readonly PageChangeEntry[]): Promise<void> {
    for (const { seq, isApplied, versions, keep } of entries) {
      if (isApplied) continue;
      for (const version of versions) {
        await this.#putOne(app, version, keep);
        if (keep !== undefined && version.removed) await this.#dropRemoved(app, keep.removed);
      }
      await this.#changes.applied(app, seq);
    }
  }

  async #putOne(app: AppId, page: PageVersion, keep: PageKeep | undefined): Promise<boolean> {
    const { policy, removed, via, note } = page;
    const { pattern, version, updatedAt } = policy;
    const putId = randomUUID();
    const present = { version, putId, removed, updatedAt, policy: JSON.stringify(policy) };
    const kept = JSON.stringify({ policy, removed, via, note });
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

function parsed(policy: string): PagePolicy {
  return JSON.parse(policy) as PagePolicy;
}
