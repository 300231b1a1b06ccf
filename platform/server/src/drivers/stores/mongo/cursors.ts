// How far users have got. Not the push claims, which are decided against it: claims.ts.

import { inboxStream } from '@belfry/protocol';
import type { AppId } from '../../../ports/app-id.ts';
import type {
  ClaimOutcome,
  ClaimRequest,
  Cursor,
  CursorAdvance,
  CursorStore,
  Erased,
  EraseRequest,
} from '../../../ports/stores/index.ts';
import { claimCursors } from './claims.ts';
import { trusted, type Collection } from './collection.ts';
import { toCursor, zeroCursor, type CursorDocument } from './cursor-document.ts';
import { inBatches } from './in-batches.ts';

type Fields = Pick<CursorDocument, 'delivered' | 'seen' | 'seenMobile' | 'read'>;

const fields = ['delivered', 'seen', 'seenMobile', 'read'] as const;

export class MongoCursors implements CursorStore {
  readonly #cursors: Collection<CursorDocument>;

  constructor(cursors: Collection<CursorDocument>) {
    this.#cursors = cursors;
  }

  async get(app: AppId, stream: string, userIds: readonly string[]): Promise<ReadonlyMap<string, Cursor>> {
    const found = await this.#cursors.find({ app, stream, user: trusted({ $in: [...userIds] }) });
    const cursors = new Map(found.map((document) => [document.user, toCursor(document)]));
    return new Map(userIds.map((userId) => [userId, cursors.get(userId) ?? zeroCursor(stream, userId)]));
  }

  async ofUser(app: AppId, userId: string, streams: readonly string[]): Promise<ReadonlyMap<string, Cursor>> {
    const found = await this.#cursors.find({ app, stream: trusted({ $in: [...streams] }), user: userId });
    const cursors = new Map(found.map((document) => [document.stream, toCursor(document)]));
    return new Map(streams.map((stream) => [stream, cursors.get(stream) ?? zeroCursor(stream, userId)]));
  }

  async advance(app: AppId, changes: readonly CursorAdvance[]): Promise<void> {
    const operations = raisedBy(changes).map(({ stream, userId, raised }) => ({
      updateOne: { filter: { app, stream, user: userId }, update: { $max: raised }, upsert: true },
    }));
    await inBatches(this.#cursors, operations);
  }

  claim(app: AppId, request: ClaimRequest): Promise<readonly ClaimOutcome[]> {
    return claimCursors(this.#cursors, app, request);
  }

  async start(
    app: AppId,
    stream: string,
    { userIds, seq }: { userIds: readonly string[]; seq: number },
  ): Promise<void> {
    const at = { delivered: seq, seen: seq, seenMobile: seq, read: seq, pushed: seq };
    const operations = userIds.map((user) => ({
      updateOne: { filter: { app, stream, user }, update: { $setOnInsert: at }, upsert: true },
    }));
    await inBatches(this.#cursors, operations);
  }

  /** What was looked at is gone, so the next part begins at the beginning. */
  async erase(app: AppId, { userId, limit }: EraseRequest): Promise<Erased> {
    const own = await this.#cursors.find({ app, user: userId }, { only: ['stream'], limit });
    const left = limit - own.length;
    const inbox = { app, stream: inboxStream(userId), user: trusted({ $ne: userId }) };
    const others = left > 0 ? await this.#cursors.find(inbox, { only: ['stream'], limit: left }) : [];
    const ids = [...own, ...others].map(({ _id }) => _id);
    const erased = ids.length === 0 ? 0 : await this.#cursors.removeMany({ _id: trusted({ $in: ids }) });
    return { erased, ...(ids.length < limit ? {} : { next: 'more' }) };
  }
}

/** One change a cursor; a cursor of zeros says what none says. */
function raisedBy(changes: readonly CursorAdvance[]): { stream: string; userId: string; raised: Fields }[] {
  const merged = new Map<string, { stream: string; userId: string; raised: Fields }>();
  for (const { stream, userId, ...given } of changes) {
    const key = JSON.stringify([stream, userId]);
    const one = merged.get(key) ?? { stream, userId, raised: {} };
    for (const field of fields) {
      const most = Math.max(given[field] ?? 0, one.raised[field] ?? 0);
      if (most > 0) one.raised[field] = most;
    }
    merged.set(key, one);
  }
  return [...merged.values()].filter(({ raised }) => Object.keys(raised).length > 0);
}
