// Uploads, from when they begin to arrive until their blobs are gone. Not the messages that use them
// (upload-uses.ts), nor their content: drivers/blobs.

import { randomUUID } from 'node:crypto';
import type { AppId } from '../../../ports/app-id.ts';
import type { Clock } from '../../../ports/clock.ts';
import type {
  ArrivedUpload,
  Erased,
  EraseRequest,
  UploadBounds,
  UploadRecord,
  UploadStore,
  UploadUses,
} from '../../../ports/stores/index.ts';
import { Collection, trusted, type Filter } from './collection.ts';
import type { MongoConnection } from './connection.ts';
import { scanPart } from './erasing-scan.ts';
import { toUpload, uploads, type UploadDocument, type UploadState } from './upload-document.ts';
import { UploadTotals, uploadTotals } from './upload-totals.ts';
import { MongoUploadUses, uploadUses } from './upload-uses.ts';

const nothingArrived = { userId: '', name: '', type: '', bytes: 0, digest: '' };
const isSet = () => trusted({ $exists: true });
const going = [{ $set: { state: 'going', unusedSince: { $ifNull: ['$unusedSince', 0] } } }, { $unset: 'doubtSince' }];
/** Where the walk over the person's uploads has ended, and that over uses by messages to them goes on. */
const overUses = 'uses';

export class MongoUploads implements UploadStore {
  readonly #uploads: Collection<UploadDocument>;
  readonly #uses: MongoUploadUses;
  readonly #totals: UploadTotals;

  constructor(connection: MongoConnection, clock: Clock) {
    this.#uploads = new Collection(connection, uploads);
    this.#uses = new MongoUploadUses(new Collection(connection, uploadUses), this.#uploads);
    this.#totals = new UploadTotals(new Collection(connection, uploadTotals), clock);
  }

  async begin(app: AppId, { id, createdAt }: { id: string; createdAt: number }): Promise<void> {
    const arriving = { app, id, state: 'arriving', createdAt, unusedSince: createdAt, touchId: randomUUID() } as const;
    await this.#uploads.insert({ ...nothingArrived, ...arriving });
  }

  async complete(
    app: AppId,
    id: string,
    { quotaBytes, unusedPerUser, ...arrived }: ArrivedUpload & UploadBounds,
  ): Promise<'stored' | 'quota' | 'unused' | 'gone'> {
    const arriving = { app, id, state: 'arriving' } as const;
    // The digest says that it may be counted from here on.
    if ((await this.#uploads.update(arriving, { $set: arrived })).matched === 0) return 'gone';
    const { userId, bytes } = arrived;
    if (!(await this.#totals.add(app, bytes, quotaBytes))) {
      await this.#uploads.update(arriving, { $set: nothingArrived });
      return 'quota';
    }
    const unused = { app, userId, state: 'there', unusedSince: isSet() } as const;
    const isOneMore = (await this.#uploads.count(unused, unusedPerUser)) < unusedPerUser;
    if (isOneMore) {
      if ((await this.#uploads.update(arriving, { $set: { state: 'there' } })).matched === 0) return 'gone';
      // Of several at once all see each other here: rather none than one too many.
      if ((await this.#uploads.count(unused, unusedPerUser + 1)) <= unusedPerUser) return 'stored';
      const isBack = await this.#uploads.update(
        { app, id, state: 'there', unusedSince: isSet() },
        { $set: { state: 'arriving' } },
      );
      // Nobody knows its id yet but whoever completes it, or goes through all there are.
      if (isBack.matched === 0) return 'gone';
    }
    await this.#totals.subtract(app, { count: 1, bytes });
    await this.#uploads.update(arriving, { $set: nothingArrived });
    return 'unused';
  }

  async get(app: AppId, id: string): Promise<UploadRecord | undefined> {
    const found = await this.#uploads.findOne({ app, id, state: 'there' });
    return found && toUpload(found);
  }

  usage(app: AppId): Promise<{ count: number; bytes: number }> {
    return this.#totals.of(app);
  }

  streams(app: AppId, id: string, userId: string): Promise<string[]> {
    return this.#uses.streams(app, id, userId);
  }

  setUses(app: AppId, messageId: string, uses: UploadUses): Promise<boolean> {
    return this.#uses.set(app, messageId, uses);
  }

  dropUses(app: AppId, request: { beforeMs: number; nowMs: number; limit: number }): Promise<number> {
    return this.#uses.dropOld(app, request);
  }

  async claim(
    app: AppId,
    id: string,
    { evenIfUsed }: { evenIfUsed: boolean },
  ): Promise<'claimed' | 'used' | 'missing'> {
    const there = { app, id, state: 'there' } as const;
    if (await this.#take(app, id, { ...there, ...(!evenIfUsed && { unusedSince: isSet() }) })) return 'claimed';
    return (await this.#uploads.findOne(there)) === undefined ? 'missing' : 'used';
  }

  async claimIdle(
    app: AppId,
    { arrivingBeforeMs, unusedBeforeMs, limit }: { arrivingBeforeMs: number; unusedBeforeMs: number; limit: number },
  ): Promise<string[]> {
    await this.#uses.clearDoubts(app, unusedBeforeMs, limit);
    const before: readonly (readonly [UploadState, number])[] = [
      ['going', Infinity],
      ['arriving', arrivingBeforeMs],
      ['there', unusedBeforeMs],
    ];
    const found = await Promise.all(
      before.map(([state, beforeMs]) =>
        this.#uploads.find(
          { app, state, unusedSince: trusted({ $lt: beforeMs }) },
          { sort: { unusedSince: 1 }, limit, only: ['id', 'state', 'unusedSince'] },
        ),
      ),
    );
    const idle = found
      .flat()
      .toSorted((a, b) => (a.unusedSince ?? 0) - (b.unusedSince ?? 0))
      .slice(0, limit);
    const claimed: string[] = [];
    for (const { id, state, unusedSince } of idle) {
      const isSame = { app, id, state, ...(unusedSince !== undefined && { unusedSince }) };
      if (state === 'going' || (await this.#take(app, id, isSame))) claimed.push(id);
    }
    return claimed;
  }

  async forget(app: AppId, ids: readonly string[]): Promise<void> {
    if (ids.length === 0) return;
    const these: Filter<UploadDocument> = { app, id: trusted({ $in: [...ids] }) };
    const found = await this.#uploads.find(these, { only: ['bytes', 'digest'] });
    const counted = found.filter(({ digest }) => digest !== '');
    const bytes = counted.reduce((sum, each) => sum + each.bytes, 0);
    await this.#totals.subtract(app, { count: counted.length, bytes });
    await this.#uploads.removeMany(these);
    await this.#uses.dropOf(app, ids);
  }

  async erase(
    app: AppId,
    request: EraseRequest & { keepUsed: boolean },
  ): Promise<Erased & { claimed: readonly string[] }> {
    const { userId, as, after, limit, keepUsed } = request;
    if (after === overUses) {
      const { erased, isMore } = await this.#uses.rename(app, { userId, as, limit });
      return { erased, claimed: [], ...(isMore && { next: overUses }) };
    }
    const { found, next = overUses } = await scanPart(this.#uploads, {
      ...{ app, order: ['id'], after, limit },
      hits: { userId },
    });
    const claimed: string[] = [];
    for (const { id } of found) {
      const owned = { app, id, userId };
      if (await this.#take(app, id, { ...owned, ...(keepUsed && { unusedSince: isSet() }) })) {
        claimed.push(id);
        continue;
      }
      // Its uses with it: it is one that was changed, not two.
      while ((await this.#uses.rename(app, { userId, as, limit, uploadId: id })).isMore);
      await this.#uploads.update(owned, { $set: { userId: as } });
    }
    return { erased: found.length, claimed, next };
  }

  /** Out of use, with its uses. False when it is not as the filter says. */
  async #take(app: AppId, id: string, filter: Filter<UploadDocument>): Promise<boolean> {
    if ((await this.#uploads.update(filter, going)).matched === 0) return false;
    await this.#uses.dropOf(app, [id]);
    return true;
  }
}
