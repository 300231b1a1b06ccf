// Deletes old messages, but for the newest of each stream and those that owe a push. Not when: maintenance.

import type { AppId } from '../../../ports/app-id.ts';
import type { mongo } from 'mongoose';
import { trusted, type Collection, type Filter } from './collection.ts';
import type { MessageDocument } from './message-document.ts';
import type { StreamHeads } from './stream-heads.ts';

/** Messages that are looked at together. */
const perPart = 500;
/** Parts of one call. Old messages that are the newest of their streams may be many, and are never deleted. */
const maxParts = 20;

export class MessagePruning {
  readonly #messages: Collection<MessageDocument>;
  readonly #heads: StreamHeads;
  /** By app: where the call before ended, when it had to before it was through. */
  readonly #places = new Map<AppId, { storedAt: number; _id: mongo.ObjectId }>();

  constructor(messages: Collection<MessageDocument>, heads: StreamHeads) {
    this.#messages = messages;
    this.#heads = heads;
  }

  async prune(app: AppId, beforeMs: number, limit: number): Promise<number> {
    let place = this.#places.get(app);
    this.#places.delete(app);
    let deleted = 0;
    for (let part = 0; deleted < limit; part += 1) {
      if (part === maxParts) {
        if (place !== undefined) this.#places.set(app, place);
        break;
      }
      const old = await this.#messages.find(oldOf(app, { beforeMs, place }), {
        only: ['stream', 'seq', 'storedAt'],
        sort: { storedAt: 1, _id: 1 },
        limit: perPart,
      });
      const heads = await this.#heads.of(app, [...new Set(old.map(({ stream }) => stream))]);
      const gone = old.filter(({ stream, seq }) => seq < (heads.get(stream)?.seq ?? 0)).slice(0, limit - deleted);
      if (gone.length > 0) {
        const ids = gone.map(({ _id }) => _id);
        deleted += await this.#messages.removeMany({ _id: trusted({ $in: ids }), dueAt: trusted({ $exists: false }) });
      }
      place = old.at(-1);
      if (old.length < perPart) break;
    }
    return deleted;
  }
}

function oldOf(
  app: AppId,
  { beforeMs, place }: { beforeMs: number; place: { storedAt: number; _id: mongo.ObjectId } | undefined },
): Filter<MessageDocument> {
  const { storedAt = Number.MIN_SAFE_INTEGER } = place ?? {};
  return {
    ...{ app, storedAt: trusted({ $gte: storedAt, $lt: beforeMs }), dueAt: trusted({ $exists: false }) },
    ...(place !== undefined && {
      $or: [{ storedAt: trusted({ $gt: storedAt }) }, { storedAt, _id: trusted({ $gt: place._id }) }],
    }),
  };
}
