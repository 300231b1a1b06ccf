// Several page policies changed as one, without a transaction over their documents: a change is done when its one
// entry is written, and every reader sees it from then on, whoever writes it into the documents. Those: pages.ts.

import { randomUUID } from 'node:crypto';
import type { AppId } from '../../../ports/app-id.ts';
import type { PageKeep, PageVersion } from '../../../ports/stores/index.ts';
import { Collection, trusted } from './collection.ts';
import type { MongoConnection } from './connection.ts';
import { declareCollection } from './declaration.ts';

interface PageChangeDocument {
  app: string;
  /** 1, 2, 3 ...: of two who change pages at once one finds the number taken. */
  seq: number;
  /** One that is written twice, since the reply was lost, finds that it is its own. */
  changeId: string;
  /** Its versions are in the documents of their patterns. */
  isApplied: boolean;
  /** JSON of a `PageVersion` each. */
  versions: string[];
  /** JSON. */
  keep?: string;
}

export const pageChanges = declareCollection<PageChangeDocument>(
  'page_changes',
  { app: String, seq: Number, changeId: String, isApplied: Boolean, versions: [String], keep: String },
  [{ key: { app: 1, seq: 1 }, unique: true }],
);

/** A reader may have begun before the newest of them; more cannot come while it reads. */
const keptEntries = 8;

export interface PageChangeEntry {
  seq: number;
  isApplied: boolean;
  versions: PageVersion[];
  keep: PageKeep | undefined;
}

export class PageChanges {
  readonly #entries: Collection<PageChangeDocument>;

  constructor(connection: MongoConnection) {
    this.#entries = new Collection(connection, pageChanges);
  }

  /** The newest entries, the oldest first. */
  async newest(app: AppId): Promise<PageChangeEntry[]> {
    const found = await this.#entries.find({ app }, { sort: { seq: -1 }, limit: keptEntries });
    return found.toReversed().map(({ seq, isApplied, versions, keep }) => ({
      ...{ seq, isApplied, versions: versions.map((each) => JSON.parse(each) as PageVersion) },
      keep: keep === undefined ? undefined : (JSON.parse(keep) as PageKeep),
    }));
  }

  /** False when the number is another's. */
  async write(app: AppId, entry: Omit<PageChangeEntry, 'isApplied'>): Promise<boolean> {
    const { seq, keep } = entry;
    const changeId = randomUUID();
    const document = {
      app,
      seq,
      changeId,
      isApplied: false,
      versions: entry.versions.map((each) => JSON.stringify(each)),
    };
    const isDone = await this.#entries.insert({ ...document, ...(keep && { keep: JSON.stringify(keep) }) });
    return isDone || (await this.#entries.findOne({ app, seq }, { only: ['changeId'] }))?.changeId === changeId;
  }

  async applied(app: AppId, seq: number): Promise<void> {
    await this.#entries.update({ app, seq }, { $set: { isApplied: true } });
    await this.#entries.removeMany({ app, seq: trusted({ $lte: seq - keptEntries }), isApplied: true });
  }
}
