// Which messages use which uploads, and since when an upload has been used by none. Not the uploads
// themselves: uploads.ts.
//
// A use is a document of its own: one upload may have more of them than one document holds. Whether there is
// any is decided on the upload, by conditional writes. A use is stored before its upload is touched. Before
// uses go, their upload is in doubt; when they went, it gets a new `touchId`, and then is looked at: when no
// use is left, and nobody touched or looked at it since, it is unused. So who looks last has seen all that
// went, whoever began first. A doubt that a killed process left is looked into by the next round.

import { inboxStream } from '@belfry/protocol';
import { randomUUID } from 'node:crypto';
import type { AppId } from '../../../ports/app-id.ts';
import type { UploadUses } from '../../../ports/stores/index.ts';
import { trusted, type Collection, type Stored } from './collection.ts';
import { declareCollection } from './declaration.ts';
import { inBatches } from './in-batches.ts';
import type { UploadDocument } from './upload-document.ts';

export interface UploadUseDocument {
  app: string;
  uploadId: string;
  messageId: string;
  stream: string;
  at: number;
}

export const uploadUses = declareCollection<UploadUseDocument>(
  'upload_uses',
  { app: String, uploadId: String, messageId: String, stream: String, at: Number },
  [
    { key: { app: 1, uploadId: 1, stream: 1, messageId: 1 }, unique: true },
    { key: { app: 1, messageId: 1 } },
    { key: { app: 1, at: 1 } },
    { key: { app: 1, stream: 1 } },
  ],
);

type Use = Omit<UploadUseDocument, 'app' | 'at'>;

export class MongoUploadUses {
  readonly #uses: Collection<UploadUseDocument>;
  readonly #uploads: Collection<UploadDocument>;

  constructor(uses: Collection<UploadUseDocument>, uploads: Collection<UploadDocument>) {
    this.#uses = uses;
    this.#uploads = uploads;
  }

  streams(app: AppId, uploadId: string, userId: string): Promise<string[]> {
    const ofConversations = { stream: trusted({ $gte: 'c:', $lt: 'c;' }) };
    return this.#uses.distinct('stream', { app, uploadId, $or: [ofConversations, { stream: inboxStream(userId) }] });
  }

  /** Exactly these. False, and as it was, when one of the uploads is not there. */
  async set(app: AppId, messageId: string, { uploadIds, streams, at }: UploadUses): Promise<boolean> {
    const ids = [...new Set(uploadIds)];
    const there = await this.#uploads.count({ app, id: trusted({ $in: ids }), state: 'there' });
    if (there < ids.length) return false;
    const before = await this.#uses.find({ app, messageId });
    const wanted = ids.flatMap((uploadId) => streams.map((stream): Use => ({ uploadId, messageId, stream })));
    await inBatches(
      this.#uses,
      wanted.map((use) => ({ updateOne: { filter: { app, ...use }, update: { $set: { at } }, upsert: true } })),
    );
    if (streams.length > 0) {
      for (const id of ids) {
        if (await this.#touch(app, id)) continue;
        await this.#takeBack(app, { before, wanted, at });
        return false;
      }
    }
    const wantedKeys = new Set(wanted.map(keyOf));
    const stale = before.filter((use) => !wantedKeys.has(keyOf(use)));
    await this.#drop(app, stale, { nowMs: at });
    return true;
  }

  async dropOld(
    app: AppId,
    { beforeMs, nowMs, limit }: { beforeMs: number; nowMs: number; limit: number },
  ): Promise<number> {
    const old = await this.#uses.find({ app, at: trusted({ $lt: beforeMs }) }, { sort: { at: 1 }, limit });
    return this.#drop(app, old, { nowMs, beforeMs });
  }

  /** All of uploads that go. */
  async dropOf(app: AppId, uploadIds: readonly string[]): Promise<void> {
    if (uploadIds.length > 0) await this.#uses.removeMany({ app, uploadId: trusted({ $in: [...uploadIds] }) });
  }

  /**
   * Uses by messages to this user alone, at most so many. `erased`: uploads that had none that was renamed
   * before.
   */
  async rename(
    app: AppId,
    { userId, as, limit, uploadId }: { userId: string; as: string; limit: number; uploadId?: string },
  ): Promise<{ erased: number; isMore: boolean }> {
    const ofUpload = uploadId === undefined ? {} : { uploadId };
    const found = await this.#uses.find({ app, ...ofUpload, stream: inboxStream(userId) }, { limit });
    const stream = inboxStream(as);
    const ids = [...new Set(found.map((use) => use.uploadId))];
    const before = await this.#uses.distinct('uploadId', { app, uploadId: trusted({ $in: ids }), stream });
    await inBatches(
      this.#uses,
      found.map(({ uploadId: id, messageId, at }) => ({
        updateOne: { filter: { app, uploadId: id, messageId, stream }, update: { $set: { at } }, upsert: true },
      })),
    );
    await this.#uses.removeMany({ _id: trusted({ $in: found.map(({ _id }) => _id) }) });
    return { erased: ids.length - before.length, isMore: found.length === limit };
  }

  /** Looks into what a killed process left in doubt before this moment. */
  async clearDoubts(app: AppId, beforeMs: number, limit: number): Promise<void> {
    const doubted = await this.#uploads.find({ app, doubtSince: trusted({ $lt: beforeMs }) }, { limit });
    for (const { id, doubtSince } of doubted) {
      if (doubtSince !== undefined) await this.#release(app, id, doubtSince);
    }
  }

  /** From here on it is used. False when it is not there. */
  async #touch(app: AppId, id: string): Promise<boolean> {
    const used = { $set: { touchId: randomUUID() }, $unset: { unusedSince: '', doubtSince: '' } };
    return (await this.#uploads.update({ app, id, state: 'there' }, used)).matched > 0;
  }

  /** One of the uploads went in between. */
  async #takeBack(
    app: AppId,
    { before, wanted, at }: { before: readonly Use[]; wanted: readonly Use[]; at: number },
  ): Promise<void> {
    const keysBefore = new Set(before.map(keyOf));
    const [first] = wanted;
    if (first === undefined) return;
    const ofMessage = await this.#uses.find({ app, messageId: first.messageId, at });
    await this.#drop(
      app,
      ofMessage.filter((use) => !keysBefore.has(keyOf(use))),
      { nowMs: at },
    );
  }

  /** How many; a use that was stored anew at `beforeMs` or later stays. */
  async #drop(
    app: AppId,
    uses: readonly Stored<UploadUseDocument>[],
    { nowMs, beforeMs }: { nowMs: number; beforeMs?: number },
  ): Promise<number> {
    if (uses.length === 0) return 0;
    const ids = new Set(uses.map(({ uploadId }) => uploadId));
    for (const id of ids) await this.#doubt(app, id, nowMs);
    const dropped = await this.#uses.removeMany({
      _id: trusted({ $in: uses.map(({ _id }) => _id) }),
      ...(beforeMs !== undefined && { at: trusted({ $lt: beforeMs }) }),
    });
    for (const id of ids) await this.#release(app, id, nowMs);
    return dropped;
  }

  /** Before its uses go, and when they went. */
  async #doubt(app: AppId, id: string, doubtSince: number): Promise<string> {
    const touchId = randomUUID();
    await this.#uploads.update({ app, id, state: 'there' }, { $set: { touchId, doubtSince } });
    return touchId;
  }

  /** When its uses went. Whoever touches or doubts it from here on decides instead. */
  async #release(app: AppId, id: string, doubtSince: number): Promise<void> {
    const touchId = await this.#doubt(app, id, doubtSince);
    const isUsed = (await this.#uses.findOne({ app, uploadId: id }, { only: ['uploadId'] })) !== undefined;
    const since = isUsed ? '$unusedSince' : { $ifNull: ['$unusedSince', '$doubtSince'] };
    await this.#uploads.update({ app, id, state: 'there', touchId }, [
      { $set: { unusedSince: since } },
      { $unset: 'doubtSince' },
    ]);
  }
}

function keyOf({ uploadId, messageId, stream }: Use): string {
  return JSON.stringify([uploadId, messageId, stream]);
}
